"""The decoded rules, kept between runs in the user's own cache folder. Trouble of any kind only costs time."""

from __future__ import annotations

import os
import pickle
import stat
import sys
import tempfile
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any, Final

from auditor import __version__
from auditor.cachefolder import cache_folder
from auditor.rulebook import types
from auditor.rulebook.types import Rulebook

_OURS: Final = (
    "auditor.domain.",
    "auditor.rulebook.defaults",
    "auditor.rulebook.types",
    "auditor.rulebook.patterns",
)
KEPT: Final = 8  # files: states of the rules in turn (branches, private rules)


def read(digest: str) -> Rulebook | None:
    """The rulebook of that digest, None when there is no copy that can be trusted."""
    folder = cache_folder("rules")
    if folder is None or not _private(folder):
        return None
    try:
        with open(os.open(folder / _name(digest), os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0)), "rb") as file:
            if os.fstat(file.fileno()).st_uid != os.getuid():
                return None
            rulebook = _Unpickler(file).load()
    except Exception:  # a pickle that is corrupt may raise anything
        return None
    return rulebook if isinstance(rulebook, Rulebook) and rulebook.digest == digest else None


def write(digest: str, rulebook: Rulebook) -> None:
    """Keeps the rulebook; a reader sees all of it or nothing."""
    folder = cache_folder("rules")
    if folder is None:
        return
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not _private(folder):
            return
        handle, temporary = tempfile.mkstemp(dir=folder, suffix=".tmp")
        try:
            with open(handle, "wb") as file:
                _Pickler(file, protocol=pickle.HIGHEST_PROTOCOL).dump(rulebook)
            Path(temporary).replace(folder / _name(digest))
        except BaseException:
            Path(temporary).unlink(missing_ok=True)
            raise
        for old in sorted(folder.glob("*.pickle"), key=lambda p: p.stat().st_mtime_ns)[:-KEPT]:
            old.unlink(missing_ok=True)
    except (OSError, pickle.PicklingError):
        return


class _Pickler(pickle.Pickler):
    """Writes our values as calls of their classes, which is read back in half the time of their state."""

    def reducer_override(self, value: object) -> Any:
        if is_dataclass(value) and not isinstance(value, type):
            return type(value), tuple(getattr(value, field.name) for field in fields(value))
        return NotImplemented


class _Unpickler(pickle.Unpickler):
    """Builds our own values and nothing else."""

    def find_class(self, module: str, name: str) -> object:
        if module.startswith(_OURS) and "." not in name:  # a dotted name could walk out of the module
            found = super().find_class(module, name)
            if isinstance(found, type) and found.__module__.startswith(_OURS):
                return found
        raise pickle.UnpicklingError(f"{module}.{name}")


def _private(folder: Path) -> bool:
    try:
        status = folder.lstat()
    except OSError:
        return False
    return stat.S_ISDIR(status.st_mode) and status.st_uid == os.getuid() and not status.st_mode & 0o077


def _name(digest: str) -> str:
    # The shape of the values belongs to the key: code may change between two commits of one version.
    shape = max(path.stat().st_mtime_ns for path in (*Path(types.__file__).parent.glob("*.py"), *_DOMAIN))
    return f"{digest}-{__version__}-{sys.implementation.cache_tag}-{shape:x}.pickle"


_DOMAIN: Final = tuple(
    Path(types.__file__).resolve().parent.parent.joinpath("domain", f"{n}.py") for n in ("model", "reference", "report")
)
