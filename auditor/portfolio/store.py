"""Finished reports, kept under names that follow from all that they depend on: a rerun finds what is done.

A folder, or any URL that fsspec opens. A report appears whole or not at all, so work that was killed leaves nothing
that could be taken for a result.
"""

from __future__ import annotations

import json
import os
import tempfile
import time
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from typing import Any, Protocol

from auditor import __version__
from auditor.errors import AuditError

FORMAT = "1"
REPORTS = "reports"
_MARK = "store.json"
_STALE = 86_400.0  # seconds after which a half-written file is nobody's


class Store(Protocol):
    """Where reports are kept, by names such as `reports/<key>.json`."""

    def read(self, name: str) -> bytes | None:
        """The content under a name; None when there is none."""

    def write(self, name: str, content: bytes) -> None:
        """Keeps the content, whole or not at all; an earlier content under the name is replaced."""


def report_name(key: str, ending: str = "json") -> str:
    return f"{REPORTS}/{key}.{ending}"


@lru_cache(maxsize=4)
def opened(location: str) -> Store:
    """The store of that folder or URL, made where there is none.

    *Raises*: AuditError for a place that holds something else, or what another version has written.
    """
    store: Store = _Remote(location) if "://" in location else _Folder(Path(location))
    mark = store.read(_MARK)
    if mark is None:
        store.write(_MARK, (json.dumps({"format": FORMAT, "written_by": __version__}) + "\n").encode())
        return store
    try:
        held = json.loads(mark)
        written, by = str(held["format"]), str(held["written_by"])
    except (ValueError, KeyError, TypeError) as error:
        raise AuditError(f"{location} is not a store: its {_MARK} cannot be read", hint="--store DIR") from error
    if written != FORMAT:
        raise AuditError(
            f"the store {location} was written by auditor {by} in format {written}; this version uses {FORMAT}",
            hint="name another folder with --store; the old one stays as it is",
        )
    return store


class _Folder:
    def __init__(self, folder: Path) -> None:
        self._folder = folder
        try:
            if folder.is_dir() and any(folder.iterdir()) and not (folder / _MARK).is_file():
                raise AuditError(
                    f"{folder} holds other things than a store", hint="--store takes a new or empty folder"
                )
            (folder / REPORTS).mkdir(parents=True, exist_ok=True)
            self._sweep()
        except OSError as error:
            raise AuditError(f"cannot use {folder} as a store: {error.strerror}", hint="--store DIR") from error

    def read(self, name: str) -> bytes | None:
        try:
            return (self._folder / name).read_bytes()
        except FileNotFoundError:
            return None

    def write(self, name: str, content: bytes) -> None:
        place = self._folder / name
        descriptor, partial = tempfile.mkstemp(dir=place.parent, prefix=".", suffix=".partial")
        try:
            with open(descriptor, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            os.chmod(partial, 0o644)
            os.replace(partial, place)
        except BaseException:
            with suppress(OSError):
                os.unlink(partial)
            raise

    def _sweep(self) -> None:
        """Takes away what a killed run left half-written, once nobody can still be writing it."""
        for partial in self._folder.glob("**/.*.partial"):
            with suppress(OSError):
                if time.time() - partial.stat().st_mtime > _STALE:
                    partial.unlink()


class _Remote:
    """An object store, where a file is put at once or not at all."""

    def __init__(self, url: str) -> None:
        try:
            import fsspec
        except ImportError as error:
            raise AuditError(
                "a store at a URL needs fsspec, which is not installed", hint="pip install 'auditor[portfolio]'"
            ) from error
        self._failures = (OSError, ValueError, ImportError)
        try:
            self._files: Any
            self._files, self._root = fsspec.core.url_to_fs(url)
        except self._failures as error:
            raise AuditError(f"cannot open the store {url}: {error}", hint="--store DIR, or a URL of fsspec") from error

    def read(self, name: str) -> bytes | None:
        try:
            return bytes(self._files.cat_file(f"{self._root}/{name}"))
        except FileNotFoundError:
            return None

    def write(self, name: str, content: bytes) -> None:
        self._files.pipe_file(f"{self._root}/{name}", content)
