"""What a repository lists: the files of a commit, of the index or beside it, what changed, and what its refs are called."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from auditor.collect.git import GitError, Repository, common_dir, output
from auditor.collect.select import Entry


class Stamp(NamedTuple):
    """A file on disk as git last saw it. *Units*: nanoseconds; bytes, modulo 2**32."""

    mtime: int
    size: int


def commit_of(repo: Repository, revision: str) -> str | None:
    """The full id of the commit that a revision names; None when it names none."""
    if not revision or revision.startswith("-") or any(c in revision for c in "\n\0"):
        return None
    try:
        out = output(repo, "rev-parse", "--verify", "--quiet", f"{revision}^{{commit}}")
    except GitError:
        return None
    return out.decode().strip() or None


def tree(repo: Repository, commit: str, prefix: str = "") -> list[Entry]:
    """Every file of a commit below a folder, in git's order. *Raises*: GitError where the commit has no such folder."""
    treeish = f"{commit}:{prefix}" if prefix else commit
    listed = output(repo, "ls-tree", "-r", "-z", "--full-tree", treeish)
    entries = []
    for record in _records(listed):
        head, _, raw = record.partition(b"\t")
        mode, _, oid = head.decode("ascii").split(" ")
        entries.append(Entry(raw, mode, oid))
    return entries


def index(repo: Repository, prefix: str = "", *, index_file: str = "") -> list[Entry]:
    """Every tracked file below a folder, once each, in git's order."""
    listed = output(repo, "ls-files", "-s", "-t", "-z", prefix=prefix, env={"GIT_INDEX_FILE": index_file})
    entries: list[Entry] = []
    last = None
    for record in _records(listed):
        head, _, raw = record.partition(b"\t")
        if raw == last:  # an unmerged path is listed once a stage
            continue
        last = raw
        tag, mode, oid, _ = head.decode("ascii").split(" ")
        entries.append(Entry(raw, mode, oid, tag == "S"))
    return entries


def untracked(repo: Repository, prefix: str = "") -> list[Entry]:
    """Every file below a folder that is neither tracked nor ignored; a nested repository ends in a slash."""
    return [Entry(raw) for raw in _records(output(repo, "ls-files", "-o", "-z", "--exclude-standard", prefix=prefix))]


def changes(repo: Repository, since: str, commit: str) -> set[bytes]:
    """Paths that differ between two commits, relative to the root of the tree."""
    return set(_records(output(repo, "diff-tree", "-r", *_DIFF, since, commit, "--")))


def changes_of_index(repo: Repository, since: str, *, index_file: str = "") -> set[bytes]:
    """Paths that are staged otherwise than in a commit, relative to the root of the tree."""
    return set(
        _records(output(repo, "diff-index", "--cached", *_DIFF, since, "--", env={"GIT_INDEX_FILE": index_file}))
    )


def stamps(repo: Repository, prefix: str = "") -> dict[bytes, Stamp]:
    """What git remembers of the files on disk, by path relative to the folder.

    Comparing with the disk is left to us: git's own commands read a file that changed too lately to tell, through whatever
    filter the repository's configuration names.
    """
    listed = output(repo, "ls-files", "-z", "--debug", prefix=prefix)
    return {match[1]: Stamp(int(match[2]) * 10**9 + int(match[3]), int(match[4])) for match in _STAMP.finditer(listed)}


def sizes(repo: Repository, oids: Iterable[str]) -> list[int]:
    """The size in bytes of each object, in the order asked; -1 for one that the repository does not hold."""
    asked = "".join(f"{oid}\n" for oid in oids).encode("ascii")
    if not asked:
        return []
    form = "--batch-check=%(objectsize)"
    lines = output(repo, "cat-file", form, "--buffer", stdin=asked).decode("ascii", "replace").splitlines()
    return [int(line) if line.isdigit() else -1 for line in lines]


def setting(repo: Repository, key: str) -> str:
    """The text of a setting in the repository's own configuration, which is read as text; "" when it has none."""
    if repo.stray:
        return ""
    config = os.path.join(common_dir(repo), "config")
    try:
        value = output(None, "config", "--file", config, "--no-includes", "-z", "--get", key)
    except GitError:
        return ""
    return value.rstrip(b"\0").decode("utf-8", "replace")


def refs(repo: Repository) -> tuple[list[str], list[str]]:
    """Names of tags and of branches, newest first."""
    form = "--format=%(refname)"
    kinds = ("refs/tags", "refs/heads", "refs/remotes")
    names = output(repo, "for-each-ref", "--sort=-creatordate", form, *kinds).decode("utf-8", "replace").splitlines()
    tags = [name.removeprefix("refs/tags/") for name in names if name.startswith("refs/tags/")]
    branches = [name.split("/", 2)[2] for name in names if not name.startswith("refs/tags/")]
    return tags, [name for name in branches if not name.endswith("/HEAD")]


_STAMP = re.compile(
    rb"([^\0]+)\0[ ]+ctime: \d+:\d+\n[ ]+mtime: (\d+):(\d+)\n[ ]+dev: \d+\t?[ ]*ino: \d+\n[ ]+uid: \d+\t?[ ]*gid: \d+\n"
    rb"[ ]+size: (\d+)\t?[ ]*flags: [0-9a-f]+\n"
)
_DIFF = ("-z", "--name-only", "--no-renames", "--no-ext-diff", "--no-textconv", "--ignore-submodules=all")


def _records(listed: bytes) -> Iterator[bytes]:
    return (record for record in listed.split(b"\0") if record)
