"""Whether a commit under way can name a model at all, told in the time that a hook has.

Asked before anything else is imported: reading rules and lineage data takes ten times as long as looking for what they
could speak of. `auditor.anchors` writes that down once for each state of the rules; here it is looked for in what is
staged, as git has it. The answer errs on one side only: "maybe" costs a whole look, "no" must be right.
"""

from __future__ import annotations

import os
from zlib import crc32

from auditor.detect.hits import SECTIONS, Anchors

FORMAT = "4"
_POLICIES = (b"auditor.toml", b"pyproject.toml")
_CODE = (
    ("glance.py",),
    ("anchors.py",),
    ("detect", "names.py"),
    ("detect", "own_weights.py"),
    ("collect", "select.py"),
)
_MOST_FILES = 500  # beyond, a whole look is no longer slow in comparison


def nothing_staged(folder: str) -> bool:
    """Whether no staged file, as it would be committed, can name a model; false where that cannot be told."""
    anchors = kept()
    return anchors is not None and _nothing_staged(folder, anchors)


def anchors_file() -> str | None:
    """Where the anchors for the state of this program lie or would; None for a user without a home."""
    stated = os.environ.get("XDG_CACHE_HOME", "")
    home = stated if os.path.isabs(stated) else os.path.expanduser("~/.cache")
    return os.path.join(home, "auditor", "glance", f"{crc32(state_of().encode()):08x}") if os.path.isabs(home) else None


def state_of() -> str:
    """The state of everything that anchors are made of, as a text on one line: paths, sizes and times."""
    package = os.path.dirname(os.path.abspath(__file__))
    rules = os.path.join(package, "_rules")
    rules = rules if os.path.isdir(rules) else os.path.join(os.path.dirname(package), "rules")
    stated = os.environ.get("XDG_DATA_HOME", "")
    data = stated if os.path.isabs(stated) else os.path.expanduser("~/.local/share")
    asked = [os.path.join(package, *name) for name in _CODE]
    asked.append(os.path.join(data, "auditor", "snapshot", "current"))
    for folder, folders, names in os.walk(rules):
        folders.sort()
        asked += (os.path.join(folder, name) for name in sorted(names))
    return " ".join([FORMAT, package, *map(_stamp, asked)])


def _stamp(path: str) -> str:
    try:
        status = os.stat(path)
    except OSError:
        return "-"
    return f"{status.st_mtime_ns:x}.{status.st_size:x}"


def kept() -> Anchors | None:
    """The anchors that were written down for this state, by this user."""
    path = anchors_file()
    try:
        if path is None or os.lstat(os.path.dirname(path)).st_mode & 0o077:
            return None
        with open(os.open(path, os.O_RDONLY | os.O_NOFOLLOW), "rb") as file:
            if os.fstat(file.fileno()).st_uid != os.getuid():
                return None
            lines = file.read().split(b"\n", SECTIONS + 1)
    except OSError:
        return None
    state, *sections, known = lines if len(lines) == SECTIONS + 2 else [b"", b""]
    if state.decode("utf-8", "replace") != state_of() or len(known) % 4:
        return None
    return Anchors([line.decode("utf-8").split("\t") for line in sections], known)


def _nothing_staged(folder: str, anchors: Anchors) -> bool:
    from auditor.collect.git import GitError, answer, repository_of

    repo = repository_of(folder)
    if repo is None or not repo.top or os.path.realpath(folder) != os.path.realpath(repo.top):
        return False
    index = {"GIT_INDEX_FILE": os.environ.get("GIT_INDEX_FILE", "")}
    try:
        listed = answer(repo, "diff-index", "--cached", "-r", "-z", "--raw", "--no-renames", "HEAD", "--", env=index)
        records = listed.split(b"\0")
        changed = [(path, head.split(b" ")) for head, path in zip(records[::2], records[1::2], strict=False)]
        blobs = {}
        for path, (_, mode, _, blob, _) in changed:
            if path.rpartition(b"/")[2] in _POLICIES or mode == b"160000" or anchors.weights(path):
                return False
            if mode in (b"100644", b"100755"):
                blobs[path] = blob
        if not blobs or len(blobs) > _MOST_FILES:
            return not blobs
        contents = _contents(answer(repo, "cat-file", "--batch", stdin=b"\n".join(blobs.values())))
        return not any(anchors.may_name(path, content) for path, content in zip(blobs, contents, strict=True))
    except (GitError, ValueError):
        return False


def _contents(batch: bytes) -> list[bytes]:
    """What `cat-file --batch` answers, blob by blob. *Raises*: ValueError for an object that is not there."""
    found = []
    at = 0
    while at < len(batch):
        end = batch.index(b"\n", at)
        _, kind, size = batch[at:end].split()
        if kind != b"blob":
            raise ValueError("no blob")
        at = end + 1 + int(size)
        found.append(batch[end + 1 : at])
        at += 1
    return found
