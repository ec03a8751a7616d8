"""What a target holds, as a short text that changes when its content does, without reading it twice where git knows."""

from __future__ import annotations

import hashlib
import os
import re

from auditor.collect import listing
from auditor.collect.address import is_url
from auditor.collect.git import repository_of
from auditor.collect.remote import tip
from auditor.collect.target import opened
from auditor.domain.source import Target

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
