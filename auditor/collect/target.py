"""A target, whatever the user named, as one Collection that can be read while it is open."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

from auditor.collect import listing
from auditor.collect.address import is_url, last_part, public, shown
from auditor.collect.git import GitError, Repository, repository_of
from auditor.collect.objects import close_reader
from auditor.collect.products import parts_of
from auditor.collect.remote import fetched
from auditor.collect.revision import no_such_revision
from auditor.collect.select import MAX_BYTES, STAGE, Entry, printable
from auditor.collect.store import in_store
from auditor.collect.worktree import modified, on_disk, walked
from auditor.domain.source import Collection, Gap, SourceFile, Target, TargetKind
from auditor.errors import TargetError


@contextmanager
def opened(target: Target, *, since: str = "", max_bytes: int = MAX_BYTES) -> Iterator[Collection]:
    """Everything of a target that is worth reading; its files can be loaded until the context ends.

    With `since`, only files that differ from that revision. *Units*: `max_bytes` for ordinary text; lockfiles, notebooks
    and JSON may have four times as much, weights any size. *Raises*: TargetError when there is nothing to audit.
    """
    location = target.location or "."
    if is_url(location):
        with fetched(location, target.revision, since) as (remote, commit, base):
            origin = _Origin(TargetKind.URL, shown(location), public(location), last_part(shown(location)), commit)
            try:
                yield _of_commit(remote, target.part, origin, base or "", max_bytes)
            finally:
                close_reader(remote.git_dir)
    elif os.path.isfile(location):
        yield _of_file(target, since, max_bytes)
    elif os.path.isdir(location):
        repo = repository_of(location)
        inside = os.path.join(location, target.part) if target.part and (repo is None or repo.top) else location
        if not os.path.isdir(inside) and not target.revision:
            raise TargetError(f"no folder {target.part!r} in {location}")
        try:
            yield _of_folder(target, inside, repo, since, max_bytes)
        finally:
            if repo is not None:
                close_reader(repo.git_dir)
    elif os.path.lexists(location):
        raise TargetError(f"not a file or folder: {location}", hint="pipes, sockets and devices are not read")
    else:
        raise TargetError(f"no such target: {location}", hint="give a folder, a file, or an https:// or ssh:// address")


@dataclass(frozen=True, slots=True)
class _Origin:
    """What a report says of where files come from. `name` is the repository's own."""

    kind: TargetKind
    location: str
    repository: str | None
    name: str
    commit: str | None = None


def _of_folder(target: Target, location: str, repo: Repository | None, since: str, max_bytes: int) -> Collection:
    root = os.path.realpath(location)
    shown_as = printable(os.fsencode(os.path.basename(root))) or "/"
    if repo is None:
        if asked := "--rev" if target.revision else "--staged" if target.staged else "--since" if since else "":
            raise TargetError(
                f"not a git repository: {shown_as}", hint=f"{asked} needs one; leave it out to read the folder"
            )
        entries, gaps = walked(root)
        origin = _Origin(TargetKind.WORKTREE, shown_as, None, shown_as)
        files, more = on_disk(root, entries, max_bytes)
        return _collection(origin, len(entries), files, gaps + more)
    if repo.stray and (target.revision or target.staged or since or not repo.top):
        hint = "scan it from inside, where its data are yours to vouch for, or make a clone of its own"
        raise TargetError(f"git data of {shown_as} are not read: {repo.stray}", hint=hint)
    remote = listing.setting(repo, "remote.origin.url")
    prefix = os.path.relpath(root, repo.top).replace(os.sep, "/") if repo.top and root != repo.top else ""
    prefix = prefix or ("" if repo.top else target.part)
    name = (printable(os.fsencode(last_part(remote))) if not prefix else "") or last_part(shown_as) or shown_as
    kind = _kind(target, repo)
    origin = _Origin(kind, shown_as, public(remote) if remote else None, name)
    # Before the first commit everything is staged anew.
    first = target.staged and since == "HEAD" and listing.commit_of(repo, since) is None
    base = _commit(repo, origin, since) if since and not first else ""
    if kind is TargetKind.WORKTREE:
        return _of_worktree(repo, prefix, origin, base, max_bytes)
    if kind is TargetKind.INDEX:
        return _of_index(repo, prefix, origin, base, max_bytes)
    commit = _commit(repo, origin, target.revision) if target.revision else listing.commit_of(repo, "HEAD")
    return _of_commit(repo, prefix, replace(origin, commit=commit), base, max_bytes)


def _kind(target: Target, repo: Repository) -> TargetKind:
    if target.revision:
        return TargetKind.REVISION
    if target.staged and not repo.top:
        raise TargetError("a bare repository has nothing staged", hint="auditor scan --rev REV")
    if target.staged:
        return TargetKind.INDEX
    return TargetKind.WORKTREE if repo.top else TargetKind.BARE


def _of_worktree(repo: Repository, prefix: str, origin: _Origin, base: str, max_bytes: int) -> Collection:
    root = os.path.join(repo.top, prefix) if prefix else repo.top
    gaps: list[Gap] = []
    try:
        entries = listing.index(repo, prefix)
        tracked = {entry.raw for entry in entries}
        entries += [entry for entry in listing.untracked(repo, prefix) if entry.raw not in tracked]
    except GitError as error:
        entries, gaps = walked(root)
        gaps.append(Gap(STAGE, ".", "git-unreadable", f"git cannot list this folder, so all of it was read: {error}"))
    if not entries and prefix:  # a folder that the repository around it ignores
        entries, gaps = walked(root)
    files, more = on_disk(root, entries, max_bytes)
    changed = _changed_on_disk(repo, prefix, base, entries, files) if base else None
    origin = replace(origin, commit=listing.commit_of(repo, "HEAD"))
    return _collection(origin, len(entries), files, gaps + more, changed)


def _changed_on_disk(
    repo: Repository, prefix: str, base: str, entries: list[Entry], files: list[SourceFile]
) -> set[str]:
    """Paths that are staged otherwise than in a commit, not tracked, or changed on disk since they were staged."""
    new = {printable(entry.raw) for entry in entries if not entry.mode}
    try:
        staged = _below(prefix, listing.changes_of_index(repo, base))
        stamps = listing.stamps(repo, prefix)
    except GitError as error:
        raise TargetError(f"cannot compare with {base[:12]}: {error}") from error
    return new | staged | modified(files, stamps, os.path.join(repo.git_dir, "index"))


def _of_index(repo: Repository, prefix: str, origin: _Origin, base: str, max_bytes: int) -> Collection:
    index_file = _index_of_hook(repo)
    try:
        entries = listing.index(repo, prefix, index_file=index_file)
        changed = _below(prefix, listing.changes_of_index(repo, base, index_file=index_file)) if base else None
        files, gaps = in_store(repo, entries, max_bytes)
    except GitError as error:
        raise TargetError(f"cannot read the index of {origin.location}: {error}") from error
    origin = replace(origin, commit=listing.commit_of(repo, "HEAD"))
    return _collection(origin, len(entries), files, gaps, changed)


def _of_commit(repo: Repository, prefix: str, origin: _Origin, base: str, max_bytes: int) -> Collection:
    if origin.commit is None:
        return _collection(origin, 0, [], [])
    try:
        entries = listing.tree(repo, origin.commit, prefix)
        changed = _below(prefix, listing.changes(repo, base, origin.commit)) if base else None
        files, gaps = in_store(repo, entries, max_bytes)
    except GitError as error:
        raise TargetError(f"cannot read {origin.commit[:12]} of {origin.location}: {error}") from error
    return _collection(origin, len(entries), files, gaps, changed)


def _of_file(target: Target, since: str, max_bytes: int) -> Collection:
    folder, name = os.path.split(os.path.realpath(target.location))
    shown_as = printable(os.fsencode(name))
    if target.revision or target.staged or since:
        hint = "name its folder with --rev, --staged or --since"
        raise TargetError(f"a file is read as it is on disk: {shown_as}", hint=hint)
    repo = repository_of(folder)
    remote = listing.setting(repo, "remote.origin.url") if repo else ""
    commit = listing.commit_of(repo, "HEAD") if repo else None
    origin = _Origin(TargetKind.FILE, shown_as, public(remote) if remote else None, shown_as, commit)
    files, gaps = on_disk(folder, [Entry(os.fsencode(name))], max_bytes)
    return _collection(origin, 1, files, gaps)


def _collection(
    origin: _Origin, seen: int, files: list[SourceFile], gaps: list[Gap], changed: set[str] | None = None
) -> Collection:
    """The parts are those of all files, so that a product is called the same whatever changed."""
    files.sort(key=lambda file: file.path)
    return Collection(
        kind=origin.kind,
        location=origin.location,
        repository=origin.repository,
        commit=origin.commit,
        files=tuple(file for file in files if changed is None or file.path in changed),
        parts=parts_of(files, origin.name),
        gaps=tuple(sorted(set(gaps))),
        files_seen=seen,
    )


def _commit(repo: Repository, origin: _Origin, revision: str) -> str:
    commit = listing.commit_of(repo, revision)
    if commit is not None:
        return commit
    try:
        tags, branches = listing.refs(repo)
    except GitError:
        tags, branches = [], []
    raise no_such_revision(revision, origin.location, tags, branches)


def _below(prefix: str, changed: set[bytes]) -> set[str]:
    """Changes below a folder, with their paths relative to it."""
    head = os.fsencode(prefix) + b"/" if prefix else b""
    return {printable(raw[len(head) :]) for raw in changed if raw.startswith(head)}


def _index_of_hook(repo: Repository) -> str:
    """The index of a commit under way (`git commit -a`, `git commit FILE`), when it is this repository's; else ""."""
    named = os.environ.get("GIT_INDEX_FILE", "")
    full = os.path.realpath(named) if named else ""
    inside = os.path.realpath(repo.git_dir)
    return full if full.startswith(inside + os.sep) and os.path.isfile(full) else ""
