"""What an earlier run found at the commits of a repository, so that the next one audits only those that are new.

A commit never changes, so neither does what is used at it, as long as the program and what it knows stay the same. One
small file a repository in the user's cache. Trouble of any kind only costs time.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import astuple
from hashlib import blake2b
from pathlib import Path
from typing import Any

from auditor.cachefolder import cache_folder
from auditor.domain.model import Verdict
from auditor.domain.reference import Confidence, Usage
from auditor.history.uses import Changes, Use

_FORMAT = 1  # another number when what stands in the file, or how it is found, is another
_MOST_BYTES = 64 << 20
_MOST_FILES = 40


class Earlier:
    """The file of one repository, part and question on one state of the program and its knowledge (`basis`)."""

    def __init__(self, *identity: str) -> None:
        folder = cache_folder("history")
        name = blake2b("\0".join(identity).encode("utf-8", "surrogatepass"), digest_size=12).hexdigest()
        self._file = folder / f"{name}.json" if folder else None

    def changes(self, commits: Sequence[str]) -> list[Changes]:
        """What changed at the first of the commits, as many as the earlier run looked at before it went another way."""
        looks = self._looks()
        same = 0
        while same < min(len(looks), len(commits)) and looks[same][0] == commits[same]:
            same += 1
        return [changes for _, changes in looks[:same]]

    def keep(self, commits: Sequence[str], found: Iterable[Changes]) -> None:
        """In the place of what was kept before."""
        if self._file is None:
            return
        looks = [
            (commit, {model: use and astuple(use) for model, use in changes.items()})
            for commit, changes in zip(commits, found, strict=True)
        ]
        text = json.dumps({"format": _FORMAT, "looks": looks}, separators=(",", ":"))
        with suppress(OSError):
            folder = self._file.parent
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            handle, partial = tempfile.mkstemp(dir=folder, suffix=".tmp")
            try:
                with open(handle, "w", encoding="ascii") as file:
                    file.write(text)
                Path(partial).replace(self._file)
                for old in sorted(folder.iterdir(), key=lambda one: one.stat().st_mtime_ns)[:-_MOST_FILES]:
                    old.unlink(missing_ok=True)
            except BaseException:
                Path(partial).unlink(missing_ok=True)
                raise

    def _looks(self) -> list[tuple[str, Changes]]:
        try:
            if self._file is None or self._file.stat().st_size > _MOST_BYTES:
                return []
            document = json.loads(self._file.read_bytes())
            if document["format"] != _FORMAT:
                return []
            return [(commit, {m: _use(use) for m, use in changes.items()}) for commit, changes in document["looks"]]
        except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError):
            return []


def _use(kept: list[Any] | None) -> Use | None:
    if kept is None:
        return None
    usage, place, product, why, verdict, confidence, origin = kept
    return Use(Usage(usage), str(place), str(product), str(why), Verdict(verdict), Confidence(confidence), str(origin))
