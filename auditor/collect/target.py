"""A target, whatever the user named, as one Collection that can be read while it is open."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial

from auditor.collect import git
from auditor.collect.address import is_url, last_part, public, shown
from auditor.collect.objects import close_reader, object_id, read_blob
from auditor.collect.products import parts_of
from auditor.collect.remote import fetched
from auditor.collect.revision import no_such_revision
from auditor.collect.select import MAX_BYTES, STAGE, Candidate, Entry, candidates, chosen, link_gap, printable
from auditor.collect.worktree import on_disk, walked
from auditor.domain.source import Collection, Gap, Part, SourceFile, Target, TargetKind
from auditor.errors import TargetError

_LINK = 4096  # bytes of a symbolic link's text


@contextmanager
def opened(target: Target, *, since: str = "", max_bytes: int = MAX_BYTES) -> Iterator[Collection]:
    """Everything of a target that is worth reading; its files can be loaded until the context ends.

    With `since`, only files that differ from that revision. *Units*: `max_bytes` for ordinary text; lockfiles, notebooks
    and JSON may have four times as much, weights any size. *Raises*: TargetError when there is nothing to audit.
    """
    if is_url(target.location):
        with fetched(target.location, target.revision, since) as (repo, commit, base):
            place = _Place(repo, "", TargetKind.URL, shown(target.location), public(target.location))
            try:
                yield _of_commit(place, last_part(shown(target.location)), commit, base or "", max_bytes)
            finally:
                close_reader(repo.git_dir)
        return
    location = target.location or "."
    if not os.path.lexists(location):
        raise TargetError(f"no such target: {location}", hint="give a folder, a file, or an https:// or ssh:// address")
    if os.path.isfile(location):
        yield _of_file(target, since, max_bytes)
    elif os.path.isdir(location):
        repo = git.repository_of(location)
        try:
            yield _of_folder(target, location, repo, since, max_bytes)
        finally:
            if repo is not None:
                close_reader(repo.git_dir)
    else:
        raise TargetError(f"not a file or folder: {location}", hint="pipes, sockets and devices are not read")


@dataclass(frozen=True, slots=True)
class _Place:
    """Where files come from: a folder of a repository, and how a report names it."""

    repo: git.Repository
    prefix: str
    kind: TargetKind
    location: str
    repository: str | None


def _of_folder(target: Target, location: str, repo: git.Repository | None, since: str, max_bytes: int) -> Collection:
    root = os.path.realpath(location)
    shown_as = printable(os.fsencode(os.path.basename(root))) or "/"
    if repo is None:
        if asked := "--rev" if target.revision else "--staged" if target.staged else "--since" if since else "":
            raise TargetError(
                f"not a git repository: {shown_as}", hint=f"{asked} needs one; leave it out to read the folder"
            )
        entries, gaps = walked(root)
        return _of_disk(_Walk(root, shown_as), entries, gaps, max_bytes)
    origin = git.setting(repo, "remote.origin.url")
    prefix = os.path.relpath(root, repo.top).replace(os.sep, "/") if repo.top and root != repo.top else ""
    name = (last_part(origin) if not prefix else "") or last_part(shown_as) or shown_as
    kind = TargetKind.REVISION if target.revision else TargetKind.INDEX if target.staged else TargetKind.WORKTREE
    if not repo.top and kind is TargetKind.WORKTREE:
        kind = TargetKind.BARE
    place = _Place(repo, prefix, kind, shown_as, public(origin) if origin else None)
    if kind is TargetKind.INDEX:
        if not repo.top:
            raise TargetError(f"a bare repository has nothing staged: {shown_as}", hint="auditor scan --rev REV")
        return _of_index(place, name, since, max_bytes)
    if kind is TargetKind.WORKTREE:
        return _of_worktree(place, name, root, since, max_bytes)
    commit = git.commit_of(repo, target.revision or "HEAD")
    if commit is None and target.revision:
        raise _unknown(place, target.revision)
    return _of_commit(place, name, commit, _base(place, since), max_bytes)


@dataclass(frozen=True, slots=True)
class _Walk:
    """A folder read from disk: where it is, how it is named, and what git says of it, if anything."""

    root: str
    location: str
    name: str = ""
    repository: str | None = None
    commit: str | None = None
    kind: TargetKind = TargetKind.WORKTREE


def _of_disk(
    walk: _Walk,
    entries: list[Entry],
    gaps: list[Gap],
    max_bytes: int,
    keep: Callable[[list[SourceFile]], list[SourceFile]] = list,
) -> Collection:
    files, more = on_disk(walk.root, entries, max_bytes)
    files.sort(key=_path)
    return Collection(
        walk.kind,
        walk.location,
        walk.repository,
        walk.commit,
        tuple(keep(files)),
        parts_of(files, walk.name or walk.location),
        tuple(sorted({*gaps, *more})),
        len(entries),
    )


def _of_worktree(place: _Place, name: str, root: str, since: str, max_bytes: int) -> Collection:
    repo, prefix = place.repo, place.prefix
    base = _base(place, since)
    try:
        entries = git.index(repo, prefix)
        known = {entry.raw for entry in entries}
        entries += [entry for entry in git.untracked(repo, prefix) if entry.raw not in known]
        gaps: list[Gap] = []
        commit = git.commit_of(repo, "HEAD")
    except git.GitError as error:
        entries, gaps = walked(root)
        gaps.append(Gap(STAGE, ".", "git-unreadable", f"git cannot list this folder, all of it was read: {error}"))
        commit = None
    if not entries and prefix:  # a folder that an outer repository ignores
        entries, gaps = walked(root)
    walk = _Walk(root, place.location, name, place.repository, commit)
    if not base:
        return _of_disk(walk, entries, gaps, max_bytes)
    changed = {c.raw: c for c in git.changes_of_worktree(repo, base)}
    tracked = {entry.raw for entry in entries if entry.mode}
    head = os.fsencode(f"{prefix}/") if prefix else b""

    def differs(file: SourceFile, raw: bytes) -> bool:
        change = changed.get(head + raw)
        if change is None:
            return raw not in tracked
        return bool(change.new) or _differs(file, change)

    by_path = {printable(entry.raw): entry.raw for entry in entries}
    return _of_disk(walk, entries, gaps, max_bytes, lambda files: [f for f in files if differs(f, by_path[f.path])])


def _differs(file: SourceFile, change: git.Change) -> bool:
    try:
        return object_id(file.load(file.size), change.old) != change.old
    except OSError:
        return True


def _of_index(place: _Place, name: str, since: str, max_bytes: int) -> Collection:
    index_file = _index_of_hook(place.repo)
    base = _base(place, since)
    try:
        entries = git.index(place.repo, place.prefix, index_file=index_file)
        changed = git.changes_of_index(place.repo, base, index_file=index_file) if base else None
    except git.GitError as error:
        raise TargetError(f"cannot read the index of {place.location}: {error}") from error
    return _of_objects(place, name, git.commit_of(place.repo, "HEAD"), entries, changed, max_bytes)


def _of_commit(place: _Place, name: str, commit: str | None, base: str, max_bytes: int) -> Collection:
    if commit is None:
        return _of_objects(place, name, None, [], None, max_bytes)
    try:
        entries = git.tree(place.repo, commit, place.prefix)
        changed = git.changes(place.repo, base, commit) if base else None
    except git.GitError as error:
        raise TargetError(f"cannot read {commit[:12]} of {place.location}: {error}") from error
    return _of_objects(place, name, commit, entries, changed, max_bytes)


def _of_objects(
    place: _Place,
    name: str,
    commit: str | None,
    entries: list[Entry],
    changed: list[git.Change] | None,
    max_bytes: int,
) -> Collection:
    kept, gaps = candidates(entries, max_bytes)
    head = os.fsencode(f"{place.prefix}/") if place.prefix else b""
    wanted = None if changed is None else {c.raw for c in changed}
    files: list[SourceFile] = []
    new: list[SourceFile] = []
    sizes = git.sizes(place.repo, [candidate.entry.oid for candidate in kept])
    for candidate, size in zip(kept, sizes, strict=True):
        found = _blob(place.repo.git_dir, candidate, size)
        if isinstance(found, Gap):
            gaps.append(found)
        elif found is not None:
            files.append(found)
            if wanted is None or head + candidate.entry.raw in wanted:
                new.append(found)
    files.sort(key=_path)
    new.sort(key=_path)
    return Collection(
        place.kind,
        place.location,
        place.repository,
        commit,
        tuple(new),
        parts_of(files, name),
        tuple(sorted(set(gaps))),
        len(entries),
    )


def _blob(git_dir: str, candidate: Candidate, size: int) -> SourceFile | Gap | None:
    entry = candidate.entry
    if size < 0:
        return Gap(STAGE, candidate.path, "missing-object", "the repository does not hold this file (partial clone)")
    if entry.mode == "120000":
        return link_gap(entry.raw, read_blob(git_dir, entry.oid, _LINK))
    return chosen(candidate, size, partial(read_blob, git_dir, entry.oid))


def _of_file(target: Target, since: str, max_bytes: int) -> Collection:
    full = os.path.realpath(target.location)
    folder, name = os.path.split(full)
    repo = git.repository_of(folder)
    if target.revision or target.staged or since:
        raise TargetError(
            f"a file is read as it is on disk: {name}", hint="name its folder with --rev, --staged or --since"
        )
    origin = git.setting(repo, "remote.origin.url") if repo else ""
    commit = git.commit_of(repo, "HEAD") if repo else None
    shown_as = printable(os.fsencode(name))
    walk = _Walk(folder, shown_as, shown_as, public(origin) if origin else None, commit, TargetKind.FILE)
    collection = _of_disk(walk, [Entry(os.fsencode(name))], [], max_bytes)
    return Collection(
        TargetKind.FILE,
        shown_as,
        collection.repository,
        commit,
        collection.files,
        (Part(shown_as, "."),),
        collection.gaps,
        1,
    )


def _base(place: _Place, since: str) -> str:
    """The commit to compare with, "" when none was asked for."""
    if not since:
        return ""
    commit = git.commit_of(place.repo, since)
    if commit is None:
        raise _unknown(place, since)
    return commit


def _unknown(place: _Place, revision: str) -> TargetError:
    try:
        tags, branches = git.refs(place.repo)
    except git.GitError:
        tags, branches = [], []
    return no_such_revision(revision, place.location, tags, branches)


def _index_of_hook(repo: git.Repository) -> str:
    """The index that a commit under way is made from (`git commit -a`, `git commit FILE`), when it is this repository's."""
    named = os.environ.get("GIT_INDEX_FILE", "")
    full = os.path.realpath(named) if named else ""
    inside = os.path.realpath(repo.git_dir)
    return full if full.startswith(inside + os.sep) and os.path.isfile(full) else ""


def _path(file: SourceFile) -> str:
    return file.path
