"""What the facts of a file depend on besides the file: the program that reads, and what it knows."""

from __future__ import annotations

import os
import sys
from functools import cache
from hashlib import blake2b

_OTHERS = frozenset(["cli", "portfolio", "render", "history"])  # of our folders, those that read no file


def basis(*knowledge: str) -> str:
    """A digest over our own code, the interpreter, the packages beside it, and the digests of rules and lineage data."""
    sha = blake2b("\0".join((_program(), *knowledge)).encode(), digest_size=12)
    return sha.hexdigest()


@cache
def _program() -> str:
    root = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    sha = blake2b(sys.version.encode(), digest_size=12)
    for folder, folders, names in os.walk(root):
        folders[:] = sorted(name for name in folders if name not in _OTHERS and not name.startswith("_"))
        for name in sorted(name for name in names if name.endswith(".py")):
            with open(os.path.join(folder, name), "rb") as file:
                content = file.read()
            sha.update(f"{name}\0{len(content)}\0".encode() + content)
    for entry in sys.path:
        if os.path.basename(entry) in ("site-packages", "dist-packages") and os.path.isdir(entry):
            sha.update(f"{entry}\0{os.stat(entry).st_mtime_ns}\0".encode())  # installing and removing shows there
    return sha.hexdigest()
