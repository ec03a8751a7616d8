"""What is read: targets, files, places in files, and what could not be examined."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum


class Scope(StrEnum):
    """What the path of a file says about its part in the product. One input of the role, not the role."""

    RUNTIME = "runtime"
    TEST = "test"
    EXAMPLE = "example"
    DOCUMENTATION = "documentation"
    CI = "ci"
    EVALUATION = "evaluation"
    TRAINING = "training"
    VENDORED = "vendored"
    OUTPUT = "output"


class TargetKind(StrEnum):
    WORKTREE = "worktree"
    REVISION = "revision"
    INDEX = "index"
    BARE = "bare"
    FILE = "file"
    URL = "url"


@dataclass(frozen=True, slots=True)
class Target:
    """What to audit, as the user named it. *Shape*: revision "" means the work tree (HEAD of a bare one).

    `part` is a folder of it that is audited alone, "" for all.
    """

    location: str
    revision: str = ""
    staged: bool = False
    part: str = ""


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file of the target. *Units*: size in bytes; `load(n)` returns at most n bytes and must pickle.

    `blob` is git's id of the content, "" for what does not come from the object store.
    """

    path: str
    size: int
    scope: Scope
    load: Callable[[int], bytes]
    blob: str = ""


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A stretch of a text file. *Units*: 1-based lines; columns in code points, end exclusive."""

    line: int
    column: int
    end_line: int
    end_column: int


@dataclass(frozen=True, slots=True, order=True)
class Gap:
    """Something that was not examined, and why. `path` is the file, reference or model concerned."""

    stage: str
    path: str
    code: str
    message: str


@dataclass(frozen=True, slots=True)
class Part:
    """One product of the target: its name, and the folder it lives in ("." for the whole)."""

    name: str
    path: str


@dataclass(frozen=True, slots=True)
class Collection:
    """Everything that `collect` found. *Shape*: files sorted by path; parts sorted by path, never empty.

    `location` is a name that is safe to print (never an absolute path); `repository` the origin URL without
    credentials, or None; `files_seen` counts what was listed before selection.
    """

    kind: TargetKind
    location: str
    repository: str | None
    commit: str | None
    files: tuple[SourceFile, ...]
    parts: tuple[Part, ...]
    gaps: tuple[Gap, ...]
    files_seen: int
