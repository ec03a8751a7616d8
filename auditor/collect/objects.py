"""The bytes of a file: those of a blob through one long-lived reader a process and repository, or those on disk.

Both loaders are module-level functions of plain values, so that a `SourceFile` can be sent to another process.
"""

from __future__ import annotations

import atexit
import contextlib
import hashlib
import io
import os
import stat
import threading

from auditor.collect.git import GitError, Process, Repository, end, started

_DISCARD = 16 << 20  # bytes that are cheaper to read and drop than to start the reader again
_CLEAN = 16 << 20  # bytes up to which a file with CRLF is compared with its blob


def read_blob(git_dir: str, oid: str, n: int) -> bytes:
    """At most n bytes of an object. *Raises*: OSError when the repository does not hold it."""
    with _LOCK:
        for _ in range(2):  # a reader that died (killed, out of memory) is replaced once
            key = (os.getpid(), git_dir)
            reader = _READERS.get(key)
            if reader is None or reader.poll() is not None:
                close_reader(git_dir)
                try:
                    reader = _READERS[key] = started(Repository(git_dir), "cat-file", "--batch")
                except GitError as error:
                    raise OSError(str(error)) from error
            try:
                return _answer(reader, git_dir, oid, n)
            except (BrokenPipeError, EOFError):
                close_reader(git_dir)
            except BaseException:  # interrupted within an answer: the rest of it would be taken for the next one
                close_reader(git_dir)
                raise
    raise OSError(f"git does not answer for object {oid}")


def read_disk(root: bytes, raw: bytes, oid: str, n: int) -> bytes:
    """At most n bytes of a regular file below a root.

    A tracked file that was checked out with other line endings, and is unchanged, reads as its blob: `oid` tells.
    *Raises*: OSError when it is no regular file, or cannot be read.
    """
    handle = os.open(root + b"/" + raw, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    with os.fdopen(handle, "rb", buffering=0) as file:
        status = os.fstat(handle)
        if not stat.S_ISREG(status.st_mode):
            raise OSError("not a regular file")
        data = _filled(file, n)
        if oid and b"\r\n" in data and status.st_size <= _CLEAN:
            whole = data + _filled(file, _CLEAN - len(data))
            unix = whole.replace(b"\r\n", b"\n")
            if object_id(whole, oid) != oid and object_id(unix, oid) == oid:
                return unix[:n]
    return data


def object_id(data: bytes, like: str) -> str:
    """The id that git gives a blob of these bytes, by the hash that made `like`."""
    name = "sha1" if len(like) == 40 else "sha256"
    return hashlib.new(name, b"blob %d\0" % len(data) + data, usedforsecurity=False).hexdigest()


def close_reader(git_dir: str) -> None:
    """End this process's reader of a repository, if it has one."""
    with _LOCK:
        reader = _READERS.pop((os.getpid(), git_dir), None)
        if reader is not None:
            _end(reader)


def _answer(reader: Process, git_dir: str, oid: str, n: int) -> bytes:
    assert reader.stdin is not None
    assert reader.stdout is not None
    reader.stdin.write(oid.encode("ascii") + b"\n")
    reader.stdin.flush()
    head = reader.stdout.readline()
    if not head.endswith(b"\n"):
        raise EOFError
    words = head.split()
    if len(words) != 3 or not words[2].isdigit():
        raise OSError(f"object {oid} is missing from the repository")
    size = int(words[2])
    data = reader.stdout.read(min(n, size))
    rest = size + 1 - len(data)
    if rest > _DISCARD:
        close_reader(git_dir)
    elif len(reader.stdout.read(rest)) < rest:
        raise EOFError
    return data


def _filled(file: io.FileIO, n: int) -> bytes:
    pieces: list[bytes] = []
    while n > 0 and (piece := file.read(min(n, 1 << 20))):
        pieces.append(piece)
        n -= len(piece)
    return b"".join(pieces)


def _end(reader: Process) -> None:
    for pipe in (reader.stdin, reader.stdout):
        if pipe is not None:
            with contextlib.suppress(BrokenPipeError):
                pipe.close()
    end(reader)
    reader.wait()


def _close_all() -> None:
    for _, git_dir in list(_READERS):
        close_reader(git_dir)


def _after_fork() -> None:
    """A child has readers of its own, by its process id; a lock that another thread held would never be released."""
    global _LOCK  # noqa: PLW0603
    _LOCK = threading.RLock()


_LOCK = threading.RLock()
_READERS: dict[tuple[int, str], Process] = {}
atexit.register(_close_all)
os.register_at_fork(after_in_child=_after_fork)
