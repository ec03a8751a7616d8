"""Whether git data belong to the folder that they are found in: links, pointers and loans can lead to somebody else's."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress

# What git opens whatever it is asked; it would wait at a pipe for ever.
_READ_AT_ONCE = ("HEAD", "config", "commondir", "config.worktree", "index", "packed-refs", "shallow", "info/exclude")


def stray(git_dir: str, here: str) -> str:
    """In words, how a repository leads to data outside of the folder `here`, or to none; "" when it does not.

    Linked work trees and submodules do and may: there the data say so too. So may whoever stands in the folder.
    """
    for name in _READ_AT_ONCE:
        place = os.path.join(git_dir, name)
        if os.path.exists(place) and not os.path.isfile(place):
            return f"its {name} is no file"
    with suppress(FileNotFoundError):  # a folder that is no more
        if _within(os.getcwd(), here):
            return ""
    shared = first_line(os.path.join(git_dir, "commondir"))
    common = os.path.join(git_dir, shared) if shared else git_dir
    linked = _knows(git_dir, common, here)
    if not linked and not all(_within(place, here) for place in (git_dir, common)):
        return "it names the data of another repository"
    for place in _lent(common):
        if not _within(place, common):
            return "it borrows the objects of another repository"
    return ""


def first_line(path: str) -> str:
    """The first line of a small file; "" when there is none, or what is there is a pipe that would never answer."""
    if not os.path.isfile(path):
        return ""
    with open(path, encoding="utf-8", errors="surrogateescape") as file:
        return file.readline(4096).rstrip("\n")


def _knows(git_dir: str, common: str, here: str) -> bool:
    """Whether the data tell of the folder: as one of a repository's linked work trees, or as a module of one around it."""
    real = os.path.realpath(git_dir)
    back = first_line(os.path.join(real, "gitdir"))
    if back and os.path.realpath(os.path.join(real, back)) == os.path.realpath(os.path.join(here, ".git")):
        return os.path.dirname(real) == os.path.join(os.path.realpath(common), "worktrees")
    above = os.path.dirname(os.path.realpath(here))
    while not _within(real, os.path.join(above, ".git", "modules")):
        if above == os.path.dirname(above):
            return False
        above = os.path.dirname(above)
    return _within(common, git_dir)


def _lent(common: str) -> Iterator[str]:
    """Every place that git would look for objects in, but for plain folders and files among the data."""
    objects = os.path.join(common, "objects")
    yield objects
    for folder in (objects, os.path.join(objects, "pack"), os.path.join(objects, "info")):
        try:
            with os.scandir(folder) as inside:
                yield from (item.path for item in inside if item.is_symlink())
        except OSError:
            continue
    alternates = os.path.join(objects, "info", "alternates")
    if os.path.isfile(alternates):
        with open(alternates, "rb") as file:
            lines = file.read(1 << 16).splitlines()
        yield from (os.path.join(objects, os.fsdecode(line)) for line in lines if line and not line.startswith(b"#"))


def _within(path: str, folder: str) -> bool:
    real, root = os.path.realpath(path), os.path.realpath(folder)
    return real == root or real.startswith(root.rstrip(os.sep) + os.sep)
