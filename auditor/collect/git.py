"""The one door to git: what a repository lists and holds, read by plumbing commands that can run nothing of its own.

A repository's `.git/config`, attributes and hooks can name programs. Every command here is given a clean environment,
settings that win over the repository's, and a directory to read that is found without git's help; none checks out,
refreshes, filters, signs, pages or fetches.
"""

from __future__ import annotations

import os
import subprocess
import tempfile
import threading
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from auditor.collect.select import Entry

Process = subprocess.Popen[bytes]
_SECONDS = 120.0
_MAX_OUTPUT = 512 << 20  # bytes; a tree that unpacks to more is an attack or not for one machine


class GitError(Exception):
    """A git command failed; the message is git's own, one line."""


@dataclass(frozen=True, slots=True)
class Repository:
    """A repository on this machine. *Shape*: `top` is the root of its work tree, "" for a bare one."""

    git_dir: str
    top: str = ""


@dataclass(frozen=True, slots=True)
class Change:
    """A path that differs from a revision. `old` is the object there; `new` "" when the file on disk has to be read."""

    raw: bytes
    old: str
    new: str


def repository_of(folder: str) -> Repository | None:
    """The repository that holds a folder, found as git would but without running it; None outside of any."""
    here = os.path.realpath(folder)
    if _looks_bare(here):
        return Repository(here)
    while True:
        git_dir = os.path.join(here, ".git")
        if os.path.isfile(git_dir) or _looks_bare(git_dir):
            return Repository(git_dir, here)
        above = os.path.dirname(here)
        if above == here:
            return None
        here = above


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


def changes(repo: Repository, since: str, commit: str) -> list[Change]:
    """Paths that differ between two commits, relative to the root of the tree."""
    return _changes(output(repo, "diff-tree", "-r", *_DIFF, since, commit, "--"))


def changes_of_index(repo: Repository, since: str, *, index_file: str = "") -> list[Change]:
    """Paths that are staged otherwise than in a commit."""
    env = {"GIT_INDEX_FILE": index_file}
    return _changes(output(repo, "diff-index", "--cached", *_DIFF, since, "--", env=env))


def changes_of_worktree(repo: Repository, since: str) -> list[Change]:
    """Tracked paths that may be otherwise on disk than in a commit: git compares times, we compare bytes."""
    return _changes(output(repo, "diff-index", *_DIFF, since, "--"))


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
    config = os.path.join(_common_dir(repo), "config")
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


def output(
    repo: Repository | None,
    *arguments: str,
    prefix: str = "",
    stdin: bytes = b"",
    env: Mapping[str, str] | None = None,
    protocols: str = "none",
    seconds: float = _SECONDS,
) -> bytes:
    """What a git command prints. *Raises*: GitError when it fails, takes too long, or prints without end."""
    with tempfile.TemporaryFile() as asked, tempfile.TemporaryFile() as complaint:
        asked.write(stdin)
        asked.seek(0)
        process = _popen(
            repo,
            arguments,
            prefix=prefix,
            stdin=asked.fileno(),
            stderr=complaint.fileno(),
            env=env,
            protocols=protocols,
        )
        watchdog = threading.Timer(seconds, process.kill)
        watchdog.start()
        try:
            with process:
                assert process.stdout is not None
                out = bytearray()
                while len(out) <= _MAX_OUTPUT and (piece := process.stdout.read1(1 << 20)):  # type: ignore[union-attr]
                    out += piece
                if len(out) > _MAX_OUTPUT:
                    process.kill()
        finally:
            watchdog.cancel()
        complaint.seek(0)
        said = complaint.read(4096).decode("utf-8", "replace")
    if len(out) > _MAX_OUTPUT:
        raise GitError(f"git {arguments[0]} lists more than {_MAX_OUTPUT >> 20} MiB of names")
    if process.returncode < 0:
        raise GitError(f"git {arguments[0]} took longer than {seconds:.0f} s")
    if process.returncode:
        raise GitError(_last_line(said) or f"git {arguments[0]} failed")
    return bytes(out)


def started(repo: Repository, *arguments: str) -> Process:
    """A long-lived git command that answers on its pipes. The caller ends it."""
    return _popen(repo, arguments, stdin=subprocess.PIPE, stderr=subprocess.DEVNULL)


def _popen(
    repo: Repository | None,
    arguments: tuple[str, ...],
    *,
    stdin: int,
    stderr: int,
    prefix: str = "",
    env: Mapping[str, str] | None = None,
    protocols: str = "none",
) -> Process:
    variables = _environment(protocols)
    if repo is None:
        cwd = "/"
    else:
        variables["GIT_DIR"] = repo.git_dir
        if repo.top:
            variables["GIT_WORK_TREE"] = repo.top  # wins over a hostile core.worktree
        cwd = os.path.join(repo.top, prefix) if repo.top else repo.git_dir
    variables.update({key: value for key, value in (env or {}).items() if value})
    try:
        return subprocess.Popen(
            ["git", *_SETTINGS, *arguments], cwd=cwd, env=variables, stdin=stdin, stdout=subprocess.PIPE, stderr=stderr
        )
    except OSError as error:
        raise GitError(f"git cannot be run: {error.strerror}") from error


def _environment(protocols: str) -> dict[str, str]:
    """The caller's environment without git's variables (a hook sets some), and with every door shut."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("GIT_", "LC_", "LANG"))}
    ssh = "ssh -oBatchMode=yes -oConnectTimeout=20" if "ssh" in protocols else "false"
    return kept | {
        "LC_ALL": "C",
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_CONFIG_SYSTEM": os.devnull,
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_ATTR_NOSYSTEM": "1",
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_ASKPASS": "true",
        "SSH_ASKPASS": "true",
        "GIT_SSH_COMMAND": ssh,
        "GIT_ALLOW_PROTOCOL": protocols,  # wins over any protocol.* of the repository
        "GIT_NO_LAZY_FETCH": "1",
        "GIT_NO_REPLACE_OBJECTS": "1",
        "GIT_OPTIONAL_LOCKS": "0",
        "GIT_LITERAL_PATHSPECS": "1",
        "GIT_PAGER": "cat",
    }


_OVERRIDES = {
    "core.fsmonitor": "false",
    "core.hooksPath": os.devnull,
    "core.untrackedCache": "false",
    "core.excludesFile": os.devnull,
    "core.attributesFile": os.devnull,
    "core.pager": "cat",
    "core.askPass": "true",
    "core.gitProxy": "",
    "core.alternateRefsCommand": "true",
    "credential.helper": "",
    "protocol.allow": "never",
    "submodule.recurse": "false",
    "fetch.recurseSubmodules": "false",
    "diff.external": "",
    "safe.directory": "*",
    "gc.auto": "0",
    "maintenance.auto": "false",
    "http.lowSpeedLimit": "1000",
    "http.lowSpeedTime": "60",
}
_SETTINGS = ("--no-pager", *(word for key, value in _OVERRIDES.items() for word in ("-c", f"{key}={value}")))
_DIFF = ("-z", "--raw", "--no-abbrev", "--no-renames", "--no-ext-diff", "--no-textconv", "--ignore-submodules=all")


def _records(listed: bytes) -> Iterator[bytes]:
    return (record for record in listed.split(b"\0") if record)


def _changes(raw: bytes) -> list[Change]:
    fields = raw.split(b"\0")
    found = []
    for head, path in zip(fields[0::2], fields[1::2], strict=False):
        _, _, old, new, _ = head.decode("ascii").split(" ")
        found.append(Change(path, old, new if new.strip("0") else ""))
    return found


def _looks_bare(folder: str) -> bool:
    join = os.path.join
    return (
        os.path.isdir(join(folder, "objects"))
        and os.path.isdir(join(folder, "refs"))
        and os.path.lexists(join(folder, "HEAD"))
    )


def _common_dir(repo: Repository) -> str:
    """Where a linked work tree's configuration lies: with the repository that it was made from."""
    git_dir = repo.git_dir
    if os.path.isfile(git_dir):
        with open(git_dir, encoding="utf-8", errors="surrogateescape") as pointer:
            named = pointer.read(4096).removeprefix("gitdir:").strip()
        git_dir = os.path.join(os.path.dirname(git_dir), named)
    try:
        with open(os.path.join(git_dir, "commondir"), encoding="utf-8", errors="surrogateescape") as pointer:
            return os.path.join(git_dir, pointer.read(4096).strip())
    except OSError:
        return git_dir


def _last_line(said: str) -> str:
    lines = [line for line in said.splitlines() if line.strip()]
    fatal = [line for line in lines if line.startswith(("fatal:", "error:"))]
    return (fatal or lines or [""])[-1].removeprefix("fatal: ").removeprefix("error: ").strip()
