"""Ways from a node of a syntax tree to its parts.

`name` is a field, `<type>` the first named child of that type, `#0` a named child by number, `^` the parent, `>` the next
sibling of another type (`>name` if it is that field), `.` the node itself; `a/b` leads on, `a|b` tries one after the other.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

from tree_sitter import Node


def text(node: Node | None) -> str:
    return node.text.decode("utf-8", "replace") if node is not None and node.text is not None else ""


def find(node: Node | None, path: str) -> Node | None:
    """The part of a node that a path leads to, None where there is none."""
    return _way(path)(node) if node is not None and path else None


_Step = Callable[[Node], Node | None]


@lru_cache(maxsize=1024)
def _way(path: str) -> _Step:
    """A path, made ready: few are asked very often."""
    ways = [[_step(step) for step in way.split("/")] for way in path.split("|")]
    if len(ways) == 1 and len(ways[0]) == 1:
        return ways[0][0]

    def walk(node: Node) -> Node | None:
        for way in ways:
            here: Node | None = node
            for step in way:
                here = step(here) if here is not None else None
            if here is not None:
                return here
        return None

    return walk


def _step(step: str) -> _Step:
    match step[0]:
        case "#":
            number = int(step[1:])
            return lambda node: _numbered(node, number)
        case "<":
            return lambda node: next((child for child in node.named_children if child.type == step[1:-1]), None)
        case "^":
            return lambda node: node.parent
        case ">":
            return lambda node: _following(node, step[1:])
        case ".":
            return lambda node: node
        case _:
            return lambda node: node.child_by_field_name(step)


def _numbered(node: Node, number: int) -> Node | None:
    count = node.named_child_count
    index = number + count if number < 0 else number
    return node.named_child(index) if 0 <= index < count else None


def _following(node: Node, field: str) -> Node | None:
    """The next sibling of another type, if it is of that field where one is asked for."""
    sibling = node.next_named_sibling
    if sibling is None or sibling.type == node.type or node.parent is None:
        return None
    return sibling if not field or sibling in node.parent.children_by_field_name(field) else None
