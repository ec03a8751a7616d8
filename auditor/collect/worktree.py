"""The files of a directory, as they are on disk. Nothing outside of it is read: no symbolic link is followed."""

from __future__ import annotations

import os
import stat
from collections.abc import Mapping, Sequence
from functools import partial

from auditor.collect.listing import Stamp
from auditor.collect.objects import object_id, read_disk
from auditor.collect.select import (
    STAGE,
    Candidate,
    Entry,
    build_output,
    candidates,
    chosen,
    link_gap,
    printable,
    skip_name,
)
from auditor.domain.source import Gap, SourceFile

_MAX_FILES = 2_000_000
_MAX_HASHED = 64 << 20  # bytes; a longer file that looks changed is taken to be


def on_disk(root: str, entries: Sequence[Entry], max_bytes: int) -> tuple[list[SourceFile], list[Gap]]:
    """Those of the entries that are worth reading and are there, and what was left out."""
    top = os.fsencode(root)
    kept, gaps = candidates(entries, max_bytes)
    real: dict[bytes, bool] = {b"": True}
    files: list[SourceFile] = []
    absent = 0
    for candidate in kept:
        raw = candidate.entry.raw
        if not _real_folder(top, raw.rpartition(b"/")[0], real):
            gaps.append(Gap(STAGE, candidate.path, "symlink", "below a symbolic link, not followed"))
            continue
        try:
            status = os.lstat(top + b"/" + raw)
        except OSError as error:
            if candidate.entry.sparse:
                absent += 1
            elif not isinstance(error, FileNotFoundError | NotADirectoryError):  # deleted and not yet staged: not there
                gaps.append(Gap(STAGE, candidate.path, "unreadable", error.strerror or "cannot be read"))
            continue
        found = _file(top, candidate, status)
        if isinstance(found, Gap):
            gaps.append(found)
        elif found is not None:
            files.append(found)
    if absent:
        gaps.append(Gap(STAGE, ".", "sparse-checkout", f"{absent} tracked files are not in the work tree"))
    return files, gaps


def modified(files: Sequence[SourceFile], stamps: Mapping[bytes, Stamp], index: str) -> set[str]:
    """Paths of tracked files whose bytes are not those of the index any more.

    Time and size tell, unless the file was written when the index was: then, and when they differ, the bytes do.
    """
    try:
        written = os.stat(index).st_mtime_ns
    except OSError:
        written = 0
    changed = set()
    for file in files:
        assert isinstance(file.load, partial)
        top, raw, oid = file.load.args
        stamp = stamps.get(raw)
        if oid and not (stamp is not None and stamp.mtime < written and _is(top + b"/" + raw, stamp)):
            if file.size > _MAX_HASHED or not _same(file, oid):
                changed.add(file.path)
    return changed


def _is(path: bytes, stamp: Stamp) -> bool:
    try:
        status = os.lstat(path)
    except OSError:
        return False
    return status.st_mtime_ns == stamp.mtime and status.st_size & 0xFFFFFFFF == stamp.size


def _same(file: SourceFile, oid: str) -> bool:
    try:
        return object_id(file.load(file.size), oid) == oid
    except OSError:
        return False


def walked(root: str) -> tuple[list[Entry], list[Gap]]:
    """Every file below a directory that git does not know, except in folders that are never read."""
    top = os.fsencode(root)
    entries: list[Entry] = []
    gaps: list[Gap] = []
    pending = [b""]
    while pending:
        folder = pending.pop()
        try:
            with os.scandir(top + b"/" + folder) as scan:
                inside = list(scan)
        except OSError as error:
            gaps.append(Gap(STAGE, printable(folder) or ".", "unreadable", error.strerror or "cannot be listed"))
            continue
        siblings = frozenset(os.fsdecode(item.name) for item in inside)
        for item in inside:
            raw = folder + b"/" + item.name if folder else item.name
            if item.name == b".git":  # a folder, or a file that points to one
                continue
            if not item.is_dir(follow_symlinks=False):
                entries.append(Entry(raw))
            elif not _left_out(top + b"/" + raw, os.fsdecode(item.name), siblings):
                pending.append(raw)
        if len(entries) > _MAX_FILES:
            gaps.append(Gap(STAGE, ".", "too-many-files", f"more than {_MAX_FILES:,} files; the rest was not listed"))
            break
    return entries, gaps


def _left_out(path: bytes, name: str, siblings: frozenset[str]) -> bool:
    return skip_name(name) or build_output(name, siblings) or os.path.lexists(path + b"/pyvenv.cfg")


def _file(top: bytes, candidate: Candidate, status: os.stat_result) -> SourceFile | Gap | None:
    entry, path, _ = candidate
    full = top + b"/" + entry.raw
    if stat.S_ISREG(status.st_mode):
        if status.st_mode & 0o444 != 0o444 and not os.access(full, os.R_OK):
            return Gap(STAGE, path, "unreadable", "no permission to read")
        oid = entry.oid if entry.mode.startswith("100") else ""
        return chosen(candidate, status.st_size, partial(read_disk, top, entry.raw, oid))
    if stat.S_ISLNK(status.st_mode):
        try:
            return link_gap(entry.raw, os.readlink(full))
        except OSError as error:
            return Gap(STAGE, path, "unreadable", error.strerror or "cannot be read")
    if stat.S_ISDIR(status.st_mode):  # tracked as a file, now a folder whose files are listed themselves
        return None
    return Gap(STAGE, path, "special-file", "a pipe, socket or device, not read")


def _real_folder(top: bytes, folder: bytes, known: dict[bytes, bool]) -> bool:
    """Whether no part of a folder's path is a symbolic link."""
    answer = known.get(folder)
    if answer is None:
        above = folder.rpartition(b"/")[0]
        answer = known[folder] = _real_folder(top, above, known) and not os.path.islink(top + b"/" + folder)
    return answer
