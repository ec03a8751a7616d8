"""One revision of a repository at a URL, fetched into a temporary folder that does not outlive its use."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager

from auditor.collect import git
from auditor.collect.address import protocol_of, shown
from auditor.collect.listing import commit_of
from auditor.collect.revision import no_such_revision
from auditor.errors import TargetError

_SECONDS = 900.0


@contextmanager
def fetched(url: str, revision: str, since: str) -> Iterator[tuple[git.Repository, str | None, str | None]]:
    """A bare repository that holds the revision (HEAD when ""), its commit, and the commit of `since`.

    *Shape*: the commit is None for a repository without one. *Raises*: TargetError with what the remote does have.
    """
    protocol = protocol_of(url)
    with tempfile.TemporaryDirectory(prefix="auditor-", ignore_cleanup_errors=True) as folder:
        repo = git.Repository(folder)
        try:
            git.output(None, "init", "-q", "--bare", "--template=", folder)
            names = _remote_refs(repo, url, protocol)
        except git.GitError as error:
            raise TargetError(f"cannot read {shown(url)}: {_without(url, str(error))}", hint=_hint(protocol)) from error
        if not names and not revision:
            yield repo, None, None
            return
        commits = [_fetch(repo, url, protocol, name, names) if name else None for name in (revision or "HEAD", since)]
        yield repo, commits[0], commits[1]


def tip(url: str, revision: str) -> str:
    """The object that a branch or tag of a URL names now (HEAD when ""), without fetching it. *Raises*: TargetError."""
    protocol = protocol_of(url)
    try:
        listed = git.output(
            None, "ls-remote", "-q", "--end-of-options", url, protocols=protocol, seconds=_SECONDS
        ).decode("utf-8", "replace")
    except git.GitError as error:
        raise TargetError(f"cannot read {shown(url)}: {_without(url, str(error))}", hint=_hint(protocol)) from error
    named = {name: object_id for object_id, _, name in (line.partition("\t") for line in listed.splitlines())}
    wanted = revision or "HEAD"
    for name in (wanted, f"refs/{wanted}", f"refs/tags/{wanted}", f"refs/heads/{wanted}"):
        if name in named:
            return named.get(f"{name}^{{}}", named[name])
    tags = [name.removeprefix("refs/tags/") for name in named if name.startswith("refs/tags/")]
    heads = [name.removeprefix("refs/heads/") for name in named if name.startswith("refs/heads/")]
    raise no_such_revision(revision, shown(url), tags[::-1], heads)


def _fetch(repo: git.Repository, url: str, protocol: str, revision: str, names: list[str]) -> str:
    failed = ""
    if not revision.startswith(("-", "+", "^")) and ":" not in revision and "*" not in revision:
        try:
            git.output(
                repo, "fetch", "-q", "--depth=1", "--no-tags", "--no-recurse-submodules", "--end-of-options", url, revision,
                protocols=protocol, seconds=_SECONDS,
            )  # fmt: skip
        except git.GitError as error:
            failed = _without(url, str(error))
        else:
            commit = commit_of(repo, "FETCH_HEAD")
            if commit:
                return commit
    tags = [name.removeprefix("refs/tags/") for name in names if name.startswith("refs/tags/")]
    heads = [name.removeprefix("refs/heads/") for name in names if name.startswith("refs/heads/")]
    unknown = not failed or "remote ref" in failed or "not our ref" in failed
    raise (
        no_such_revision(revision, shown(url), tags[::-1], heads)
        if unknown
        else TargetError(f"cannot fetch {revision!r} of {shown(url)}: {failed}", hint=_hint(protocol))
    )


def _remote_refs(repo: git.Repository, url: str, protocol: str) -> list[str]:
    listed = git.output(
        repo, "ls-remote", "-q", "--refs", "--end-of-options", url, protocols=protocol, seconds=_SECONDS
    )
    return [line.partition("\t")[2] for line in listed.decode("utf-8", "replace").splitlines()]


def _without(url: str, message: str) -> str:
    """git's message without the secrets that a URL may hold."""
    return message.replace(url, shown(url))


def _hint(protocol: str) -> str:
    if protocol == "ssh":
        return "the address must exist and your ssh agent must hold a key for it: auditor never prompts"
    return "check the address; auditor never prompts, so clone a private repository first and audit the clone"
