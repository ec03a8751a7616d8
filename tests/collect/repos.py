"""Real git repositories for the tests, made in a temporary folder."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping
from pathlib import Path

from auditor.collect import opened
from auditor.domain.source import Collection, Target

_WHO = {
    "GIT_AUTHOR_NAME": "A",
    "GIT_AUTHOR_EMAIL": "a@example.com",
    "GIT_COMMITTER_NAME": "A",
    "GIT_COMMITTER_EMAIL": "a@example.com",
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_CONFIG_COUNT": "1",
    "GIT_CONFIG_KEY_0": "protocol.file.allow",
    "GIT_CONFIG_VALUE_0": "always",
}


def git(folder: Path, *arguments: str, stdin: bytes = b"") -> str:
    """What git prints, as a user would run it."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith("GIT_")}
    done = subprocess.run(
        ["git", *arguments], cwd=folder, env=kept | _WHO, input=stdin, capture_output=True, check=True
    )
    return done.stdout.decode().strip()


def write(folder: Path, files: Mapping[str, str | bytes]) -> Path:
    for path, content in files.items():
        full = folder / path
        full.parent.mkdir(parents=True, exist_ok=True)
        full.write_bytes(content.encode() if isinstance(content, str) else content)
    return folder


def repository(folder: Path, files: Mapping[str, str | bytes]) -> Path:
    """A work tree with one commit of the files, on branch main."""
    folder.mkdir(parents=True, exist_ok=True)
    git(folder, "init", "-q", "-b", "main")
    write(folder, files)
    commit(folder)
    return folder


def commit(folder: Path, message: str = "change") -> str:
    git(folder, "add", "-A", "-f")
    git(folder, "commit", "-q", "--allow-empty", "-m", message)
    return git(folder, "rev-parse", "HEAD")


def bare_clone(source: Path, folder: Path) -> Path:
    git(source, "clone", "-q", "--bare", str(source), str(folder))
    return folder


def collected(location: Path | str, revision: str = "", *, staged: bool = False, since: str = "") -> Collection:
    with opened(Target(str(location), revision, staged), since=since) as collection:
        return collection


def paths(collection: Collection) -> list[str]:
    return [file.path for file in collection.files]


def gaps(collection: Collection) -> dict[str, str]:
    """Code by path."""
    return {gap.path: gap.code for gap in collection.gaps}


def contents(location: Path | str, revision: str = "", *, staged: bool = False) -> dict[str, bytes]:
    with opened(Target(str(location), revision, staged)) as collection:
        return {file.path: file.load(file.size) for file in collection.files}
