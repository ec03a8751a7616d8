"""A place to measure in: copies of repositories that may be changed, a cache of its own, and the anchors for ripgrep."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from auditor.anchors import _anchors
from auditor.rulebook.load import load
from tests.bench.clock import Run, timed

_PLAIN = 3  # characters, from which on a word is worth looking for
_AT_ONCE = 20_000  # files that ripgrep is given in one command line


@dataclass(frozen=True)
class Copy:
    """A repository of one commit. *Units*: bytes of the files that are read."""

    name: str
    folder: Path
    files: tuple[str, ...]
    size: int

    @property
    def megabytes(self) -> float:
        return self.size / 1e6


class Yard:
    """Everything lies below `folder`; nothing of the user's cache is read or written."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.cache = folder / "cache"
        self.env = {
            **os.environ,
            "XDG_CACHE_HOME": os.fspath(self.cache),
            "XDG_DATA_HOME": os.fspath(folder / "data"),
            "GIT_CONFIG_GLOBAL": os.devnull,
            **{
                f"GIT_{who}_{what}": "bench@example.com"
                for who in ("AUTHOR", "COMMITTER")
                for what in ("NAME", "EMAIL")
            },
        }
        self.anchors = folder / "anchors"
        self.anchors.write_text("".join(f"{word}\n" for word in _words()), "utf-8")
        self.audit(self.empty)  # rules and lineage data are compiled once for each state of them

    @cached_property
    def empty(self) -> Path:
        folder = self.folder / "empty"
        folder.mkdir()
        (folder / "README.md").write_text("Nothing.\n", "utf-8")
        self._commit(folder)
        return folder

    def copy(self, source: Path) -> Copy:
        """A repository's files as one commit, without its own git data."""
        folder = self.folder / "copies" / source.name
        shutil.copytree(source, folder, symlinks=True, ignore=shutil.ignore_patterns(".git"))
        self._commit(folder)
        return Copy(source.name, folder, *_read(folder))

    def audit(self, folder: Path, *options: str) -> Run:
        return timed(
            [sys.executable, "-m", "auditor", "scan", os.fspath(folder), "--quiet", "--format", "json", *options],
            cwd=self.folder,
            env={**self.env, "PYTHONPATH": os.fspath(Path(__file__).parent.parent.parent)},
        )

    def cold(self, copy: Copy) -> Run:
        """A scan that finds nothing of an earlier one, but for compiled rules and lineage data."""
        shutil.rmtree(self.cache / "auditor" / "facts", ignore_errors=True)
        return self.audit(copy.folder)

    def ripgrep(self, copy: Copy) -> Run:
        """The same files searched for the same anchors."""
        argv = ["rg", "-j2", "-F", "-c", "--no-messages", "-f", os.fspath(self.anchors), "--"]
        runs = [
            timed([*argv, *copy.files[at : at + _AT_ONCE]], cwd=copy.folder)
            for at in range(0, len(copy.files), _AT_ONCE)
        ]
        return Run(sum(r.wall for r in runs), sum(r.cpu for r in runs), max(r.peak for r in runs), b"")

    def git(self, folder: Path, *arguments: str) -> Run:
        return timed(["git", "-C", os.fspath(folder), *arguments], env=self.env)

    def _commit(self, folder: Path) -> None:
        for arguments in (("init", "-q"), ("add", "-Af", "."), ("commit", "-q", "-m", "all")):
            subprocess.run(["git", "-C", folder, *arguments], check=True, env=self.env, capture_output=True)


def _read(folder: Path) -> tuple[tuple[str, ...], int]:
    """The files that a scan opens, and how many bytes they have."""
    from auditor.collect import opened
    from auditor.domain.source import Target

    with opened(Target(os.fspath(folder))) as collection:
        files = collection.files
    return tuple(file.path for file in files), sum(file.size for file in files)


def _words() -> Sequence[str]:
    """What the rules could speak of, as plain words in lower case."""
    sections, _ = _anchors(load())
    plain = (re.split(r"[*?\[ {]", line.strip("*"))[0].lower() for section in sections for line in section)
    return sorted({word for word in plain if len(word) >= _PLAIN})
