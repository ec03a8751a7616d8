"""What a target holds, as a short text that changes when its content does, without reading it twice where git knows."""

from __future__ import annotations

import hashlib
import os
import re

from auditor.collect import listing
from auditor.collect.address import is_url, last_part, shown
from auditor.collect.git import GitError, output, repository_of
from auditor.collect.remote import tip
from auditor.collect.target import opened
from auditor.domain.source import Target
from auditor.errors import TargetError

_FULL = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")
_MOST = 1 << 20  # bytes of one file


def identity(target: Target) -> str:
    """The commit that a target means; for what lies on disk and may differ from any commit, a digest of its content.

    *Raises*: TargetError when there is nothing to audit.
    """
    if _FULL.fullmatch(target.revision):
        return target.revision
    if is_url(target.location):
        return tip(target.location, target.revision)
    repo = repository_of(target.location) if os.path.isdir(target.location) else None
    if repo is not None and (target.revision or not repo.top):
        commit = listing.commit_of(repo, target.revision or "HEAD")
        if commit is not None:
            return commit
    return _digest(target)


def commit_at(target: Target, date: str) -> str | None:
    """The commit that a repository on this machine was at when a day ended (UTC); None before its first.

    *Raises*: TargetError where there is no history.
    """
    if is_url(target.location):
        raise TargetError(f"the history of {shown(target.location)} is not here", hint="git clone --bare it first")
    repo = repository_of(target.location) if os.path.isdir(target.location) else None
    if repo is None:
        raise TargetError(f"not a git repository: {last_part(target.location)}", hint="history is read from git")
    before = f"--before={date}T23:59:59+00:00"
    try:
        found = output(repo, "rev-list", "-1", "--first-parent", before, "--end-of-options", target.revision or "HEAD")
    except GitError as error:
        raise TargetError(f"cannot read the history of {last_part(target.location)}: {error}") from error
    return found.decode().strip() or None


def _digest(target: Target) -> str:
    sha = hashlib.sha256()
    with opened(target) as collection:
        sha.update(f"{collection.commit}\0".encode())
        for file in collection.files:
            sha.update(f"{file.path}\0{file.size}\0".encode("utf-8", "surrogateescape"))
            try:
                sha.update(file.load(_MOST))
            except OSError as error:  # the audit tells it as a gap
                sha.update(str(error.strerror).encode())
    return f"content-{sha.hexdigest()}"
