"""The first-parent history of a repository: what each commit put where, and each content once, from git's objects alone."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache

from auditor.collect import listing
from auditor.collect.address import is_url, last_part, shown
from auditor.collect.git import GitError, Repository, common_dir, output, repository_of
from auditor.collect.revision import no_such_revision
from auditor.collect.scope import scope_of
from auditor.collect.select import MAX_BYTES, Entry, candidates, printable
from auditor.domain.source import Scope, Target
from auditor.errors import TargetError

_SECONDS = 600.0
_AT_ONCE = 32 << 20  # bytes of objects that are held in memory together
_MOST = 4 * MAX_BYTES  # bytes of one object; no text is read beyond
_SHIPPED = frozenset([Scope.RUNTIME, Scope.TRAINING])
_FILES = frozenset([b"100644", b"100755"])


@dataclass(frozen=True, slots=True)
class Step:
    """What one commit changed in the files that a product ships: path to blob, "" for a path that is gone.

    `date` is the committer's, as an ISO date in UTC.
    """

    commit: str
    date: str
    changed: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Line:
    """The commits from the first to the one asked, each with its first parent. `cut` where the clone does not go back.

    `part` is the folder of the repository that is looked at, "" for all of it.
    """

    repo: Repository
    name: str
    part: str
    steps: tuple[Step, ...]
    cut: bool


def line(target: Target) -> Line:
    """The way to a revision of a repository on this machine. *Raises*: TargetError."""
    if is_url(target.location):
        raise TargetError(f"the history of {shown(target.location)} is not here", hint="git clone --bare it first")
    repo = repository_of(target.location) if os.path.isdir(target.location) else None
    name = printable(os.fsencode(last_part(os.path.realpath(target.location))))
    if repo is None:
        raise TargetError(f"not a git repository: {name}", hint="history is read from git's objects")
    tip = listing.commit_of(repo, target.revision or "HEAD")
    if tip is None:
        raise no_such_revision(target.revision or "HEAD", name, *listing.refs(repo))
    root = os.path.realpath(target.location)
    prefix = os.path.relpath(root, repo.top).replace(os.sep, "/") if repo.top and root != repo.top else ""
    try:
        steps = tuple(_steps(repo, tip, f"{prefix}/" if prefix else ""))
    except GitError as error:
        raise TargetError(f"cannot read the history of {name}: {error}") from error
    return Line(repo, name, prefix, steps, os.path.exists(os.path.join(common_dir(repo), "shallow")))


def contents(repo: Repository, blobs: Iterable[str]) -> Iterator[tuple[str, bytes]]:
    """Each blob with its bytes, once and in no order; those that are missing, binary or too large are left out.

    *Raises*: TargetError.
    """
    asked = sorted(set(blobs))
    batch: list[str] = []
    size = 0
    try:
        for oid, length in zip(asked, listing.sizes(repo, asked), strict=True):
            if 0 <= length <= _MOST:
                batch.append(oid)
                size += length
            if size > _AT_ONCE:
                yield from _batch(repo, batch)
                batch, size = [], 0
        yield from _batch(repo, batch)
    except GitError as error:
        raise TargetError(f"cannot read the objects: {error}") from error


def _steps(repo: Repository, tip: str, prefix: str) -> Iterator[Step]:
    listed = output(
        repo, "rev-list", "--first-parent", "--reverse", "--parents", "--timestamp", tip, "--", seconds=_SECONDS
    )
    commits = [row.split() for row in listed.decode("ascii").splitlines()]
    asked = "".join(f"{' '.join(row[1:3])}\n" for row in commits).encode("ascii")
    diffs = ("diff-tree", "--stdin", "-r", "--root", "-z", "--raw", "--no-renames", "--no-abbrev")
    changed: dict[str, list[tuple[str, str]]] = {}
    current: list[tuple[str, str]] = []
    records = iter(output(repo, *diffs, stdin=asked, seconds=_SECONDS).split(b"\0"))
    head = os.fsencode(prefix)
    for record in records:
        if record.startswith(b":"):
            _, mode, _, oid, _ = record.split(b" ")
            raw = next(records)
            if raw.startswith(head) and (path := _shipped(raw[len(head) :])):
                current.append((path, oid.decode("ascii") if mode in _FILES else ""))
        elif record:
            current = changed[record.decode("ascii").strip()] = []
    for timestamp, commit, *_ in commits:
        date = datetime.fromtimestamp(int(timestamp), UTC).date().isoformat()
        yield Step(commit, date, tuple(changed.get(commit, ())))


@lru_cache(maxsize=1 << 18)
def _shipped(raw: bytes) -> str:
    """The path of a file that is worth reading and that a product ships; "" for any other."""
    kept, _ = candidates([Entry(raw, "100644")], MAX_BYTES)
    return kept[0].path if kept and scope_of(kept[0].path) in _SHIPPED else ""


def _batch(repo: Repository, oids: list[str]) -> Iterator[tuple[str, bytes]]:
    if not oids:
        return
    asked = "".join(f"{oid}\n" for oid in oids).encode("ascii")
    data = memoryview(output(repo, "cat-file", "--batch", "--buffer", stdin=asked, seconds=_SECONDS))
    at = 0
    for oid in oids:
        end = bytes(data[at : at + 256]).index(b"\n")
        words = bytes(data[at : at + end]).split()
        at += end + 1
        if len(words) == 3 and words[1] == b"blob":
            size = int(words[2])
            content = bytes(data[at : at + size])
            if b"\0" not in content[:8192]:
                yield oid, content
        if len(words) == 3:
            at += int(words[2]) + 1
