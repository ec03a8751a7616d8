"""The one door to git: what a repository lists and holds, read by plumbing commands that can run nothing of its own.

A repository's `.git/config`, attributes and hooks can name programs. Every command here is given a clean environment,
settings that win over the repository's, and a directory to read that is found without git's help; none checks out,
refreshes, filters, signs, pages or fetches.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
from collections.abc import Mapping
from typing import NamedTuple

from auditor.collect.belonging import first_line, stray

Process = subprocess.Popen[bytes]
_SECONDS = 60.0
_MAX_OUTPUT = 512 << 20  # bytes; a tree that unpacks to more is an attack or not for one machine


class GitError(Exception):
    """A git command failed; the message is git's own, one line."""


class Repository(NamedTuple):
    """A repository on this machine. *Shape*: `top` is the root of its work tree, "" for a bare one.

    `stray` says how its data lead to those of another, "" where they do not; then no command is run on it.
    """

    git_dir: str
    top: str = ""
    stray: str = ""


def repository_of(folder: str) -> Repository | None:
    """The repository that holds a folder, found as git would but without running it; None outside of any."""
    start = here = os.path.realpath(folder)
    while True:
        git_dir = os.path.join(here, ".git")
        if os.path.isfile(git_dir):
            return _found(_pointed_to(git_dir), here)
        if _looks_bare(git_dir):
            return _found(git_dir, here)
        if here == start and _looks_bare(here):
            return Repository(here, stray=stray(here, here))
        above = os.path.dirname(here)
        if above == here:
            return None
        here = above


def _found(git_dir: str, top: str) -> Repository:
    return Repository(git_dir, top, stray(git_dir, top))


def output(
    repo: Repository | None,
    *arguments: str,
    prefix: str = "",
    stdin: bytes = b"",
    env: Mapping[str, str] | None = None,
    protocols: str = "none",
    seconds: float = 0,
) -> bytes:
    """What a git command prints. *Units*: seconds, 0 for the usual limit.

    *Raises*: GitError when it fails, takes too long, or prints without end.
    """
    import tempfile
    import threading

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
        late = threading.Event()

        def expire() -> None:
            late.set()
            end(process)

        watchdog = threading.Timer(seconds or _SECONDS, expire)
        watchdog.start()
        out = bytearray()
        try:
            with process:
                assert process.stdout is not None
                while len(out) <= _MAX_OUTPUT and (piece := process.stdout.read(1 << 20)):
                    out += piece
                if len(out) > _MAX_OUTPUT:
                    end(process)
        finally:
            watchdog.cancel()
            end(process)
        complaint.seek(0)
        said = complaint.read(4096).decode("utf-8", "replace")
    if late.is_set():
        raise GitError(f"git {arguments[0]} took longer than {seconds or _SECONDS:.0f} s")
    if len(out) > _MAX_OUTPUT:
        raise GitError(f"git {arguments[0]} lists more than {_MAX_OUTPUT >> 20} MiB of names")
    if process.returncode:
        raise GitError(_message(said, repo) or f"git {arguments[0]} failed")
    return bytes(out)


def started(repo: Repository, *arguments: str, env: Mapping[str, str] | None = None) -> Process:
    """A long-lived git command that answers on its pipes. The caller ends it."""
    return _popen(repo, arguments, stdin=subprocess.PIPE, stderr=subprocess.DEVNULL, env=env)


def answer(repo: Repository, *arguments: str, stdin: bytes = b"", env: Mapping[str, str] | None = None) -> bytes:
    """What a short git command prints, without what `output` has to load first. *Raises*: GitError."""
    process = started(repo, *arguments, env=env)
    try:
        out, _ = process.communicate(stdin, timeout=_SECONDS)
    except subprocess.TimeoutExpired:
        raise GitError(f"git {arguments[0]} took longer than {_SECONDS:.0f} s") from None
    finally:
        end(process)
    if process.returncode:
        raise GitError(f"git {arguments[0]} failed")
    return out


def end(process: Process) -> None:
    """Kill a command with everything that it started (ssh, a transport); nothing when it has ended."""
    if process.poll() is None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)


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
    elif repo.stray:
        raise GitError(repo.stray)
    else:
        variables["GIT_DIR"] = repo.git_dir
        if repo.top:
            variables["GIT_WORK_TREE"] = repo.top  # wins over a hostile core.worktree
        cwd = os.path.join(repo.top, prefix) if repo.top else repo.git_dir
    variables.update({key: value for key, value in (env or {}).items() if value})
    try:
        return subprocess.Popen(
            ["git", *_SETTINGS, *arguments],
            cwd=cwd,
            env=variables,
            stdin=stdin,
            stdout=subprocess.PIPE,
            stderr=stderr,
            start_new_session=True,  # ended as a group, and without a terminal to prompt on
        )
    except OSError as error:
        raise GitError(f"git cannot be run: {error.strerror}") from error


def _environment(protocols: str) -> dict[str, str]:
    """The caller's environment without git's variables (a hook sets some), and with every door shut."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("GIT_", "LC_", "LANG"))}
    ssh = "ssh -oBatchMode=yes -oConnectTimeout=20" if "ssh" in protocols else "false"
    return kept | {
        # A relative entry would be looked up in the audited tree, where each command starts.
        "PATH": os.pathsep.join(entry for entry in os.get_exec_path() if os.path.isabs(entry)),
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


def _looks_bare(folder: str) -> bool:
    join = os.path.join
    return (
        os.path.isdir(join(folder, "objects"))
        and os.path.isdir(join(folder, "refs"))
        and os.path.lexists(join(folder, "HEAD"))
    )


def common_dir(repo: Repository) -> str:
    """Where the configuration lies: for a linked work tree, with the repository that it was made from."""
    shared = first_line(os.path.join(repo.git_dir, "commondir"))
    return os.path.join(repo.git_dir, shared) if shared else repo.git_dir


def _pointed_to(git_file: str) -> str:
    """The directory that a `.git` file names (linked work trees, submodules)."""
    return os.path.join(os.path.dirname(git_file), first_line(git_file).removeprefix("gitdir:").strip())


def _message(said: str, repo: Repository | None) -> str:
    """git's own reason, on one line, without the folders of this machine."""
    lines = [line for line in said.splitlines() if line.strip()]
    fatal = [line for line in lines if line.startswith(("fatal:", "error:"))]
    reason = (fatal or lines or [""])[-1].removeprefix("fatal: ").removeprefix("error: ").strip()
    for folder, name in ((repo.git_dir, ".git"), (repo.top, ".")) if repo else ():
        reason = reason.replace(folder, name) if folder else reason
    return "".join(c if c.isprintable() else "?" for c in reason)
