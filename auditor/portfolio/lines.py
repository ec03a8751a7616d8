"""Where the tables and keys of a TOML file stand, which its readers do not tell."""

from __future__ import annotations

import re
from bisect import bisect_right

from auditor.detect.toml_tree import parse
from auditor.detect.tree import Mapping, Node, Scalar, Sequence

Path = tuple[str | int, ...]
_HEADER = re.compile(r"^[ \t]*\[\[?[ \t]*([^\]\n]+?)[ \t]*\]", re.MULTILINE)


class Lines:
    """The lines of one file. *Units*: 1-based."""

    def __init__(self, text: str) -> None:
        self._starts = [0, *(match.end() for match in re.finditer("\n", text))]
        self._headers: dict[str, list[int]] = {}
        for match in _HEADER.finditer(text):
            self._headers.setdefault(match[1], []).append(self._line(match.start(1)))
        self._root = parse(text).node

    def of(self, path: Path) -> int:
        """The line of a key, else of the table around it; 1 where nothing of it is found."""
        for end in range(len(path), 0, -1):
            if line := self._at(path[:end]):
                return line
        return 1

    def _at(self, path: Path) -> int:
        if len(path) == 2 and isinstance(path[1], int):
            headers = self._headers.get(str(path[0]), [])
            if path[1] < len(headers):
                return headers[path[1]]
        if len(path) == 1 and (headers := self._headers.get(str(path[0]), [])):
            return headers[0]
        node: Node | None = self._root
        for step in path:
            if isinstance(node, Mapping) and isinstance(step, str):
                node = node.get(step)
            elif isinstance(node, Sequence) and isinstance(step, int) and step < len(node.items):
                node = node.items[step]
            else:
                return 0
        first = _first(node)
        return self._line(first.start) if first else 0

    def _line(self, offset: int) -> int:
        return bisect_right(self._starts, offset)


def _first(node: Node | None) -> Scalar | None:
    """The first leaf of a node."""
    while node is not None and not isinstance(node, Scalar):
        if isinstance(node, Mapping) and node.items:
            node = node.items[0][1]
        elif isinstance(node, Sequence) and node.items:
            node = node.items[0]
        else:
            return None
    return node
