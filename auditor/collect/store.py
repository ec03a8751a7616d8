"""The files of a commit or of the index, read from the object store without a checkout."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from auditor.collect.git import Repository
from auditor.collect.listing import sizes
from auditor.collect.objects import read_blob
from auditor.collect.select import STAGE, Candidate, Entry, candidates, chosen, link_gap
from auditor.domain.source import Gap, SourceFile

_LINK = 4096  # bytes of a symbolic link's text


def in_store(repo: Repository, entries: Sequence[Entry], max_bytes: int) -> tuple[list[SourceFile], list[Gap]]:
    """Those of the entries that are worth reading, and what was left out."""
    kept, gaps = candidates(entries, max_bytes)
    files: list[SourceFile] = []
    for candidate, size in zip(kept, sizes(repo, (c.entry.oid for c in kept)), strict=True):
        found = _file(repo.git_dir, candidate, size)
        if isinstance(found, Gap):
            gaps.append(found)
        elif found is not None:
            files.append(found)
    return files, gaps


def _file(git_dir: str, candidate: Candidate, size: int) -> SourceFile | Gap | None:
    entry = candidate.entry
    if size < 0:
        return Gap(STAGE, candidate.path, "missing-object", "the repository does not hold this file (partial clone)")
    if entry.mode == "120000":
        try:
            return link_gap(entry.raw, read_blob(git_dir, entry.oid, _LINK))
        except OSError as error:
            return Gap(STAGE, candidate.path, "unreadable", str(error))
    found = chosen(candidate, size, partial(read_blob, git_dir, entry.oid))
    return replace(found, blob=entry.oid) if isinstance(found, SourceFile) else found
