"""TOML as a tree with offsets, which the standard readers do not give."""

from __future__ import annotations

import re

import tomli

from auditor.detect import braces
from auditor.detect.tree import MAX_DEPTH, Mapping, Node, Parsed, Sequence

_KEY = r"""(?:[A-Za-z0-9_-]+|"[^"\n]*"|'[^'\n]*')"""
_PATH = rf"{_KEY}(?:[ \t]*\.[ \t]*{_KEY})*+"
_BLANK = re.compile(r"[ \t\r]*(?:#[^\n]*)?(?:\n|\Z)")
_HEADER = re.compile(rf"[ \t]*(\[\[?)[ \t]*({_PATH})[ \t]*\]")
_PAIR = re.compile(rf"[ \t]*({_PATH})[ \t]*=[ \t]*")
_PART = re.compile(_KEY)


def parse(text: str) -> Parsed:
    """The whole file. What is not TOML is read around, and told as the problem."""
    root = Mapping()
    table = root
    position = 0
    while position < len(text):
        if blank := _BLANK.match(text, position):
            position = max(blank.end(), position + 1)
            continue
        if header := _HEADER.match(text, position):
            table = _table(root, _parts(header.group(2)), array=header.group(1) == "[[")
            position = header.end()
        elif pair := _PAIR.match(text, position):
            *above, key = _parts(pair.group(1))
            value = braces.parse(text, pair.end())
            _table(table, above, array=False).items.append((key, value.node))
            position = value.end
            if value.problem:
                return Parsed(root, position, value.problem)
        end = text.find("\n", position)
        position = end + 1 if end >= 0 else len(text)
    return Parsed(root, len(text), _problem(text))


def _parts(path: str) -> list[str]:
    return [part.strip("\"'") for part in _PART.findall(path)][:MAX_DEPTH]


def _table(start: Mapping, path: list[str], *, array: bool) -> Mapping:
    """The table at a path, made where it is missing; with `array` a new element of the list at that path."""
    table = start
    for index, key in enumerate(path):
        last = array and index == len(path) - 1
        node: Node | None = _child(table, key)
        if not isinstance(node, Mapping | Sequence):
            node = Sequence() if last else Mapping()
            table.items.append((key, node))
        if isinstance(node, Mapping):
            table = node
            continue
        if last or not node.items or not isinstance(node.items[-1], Mapping):
            node.items.append(Mapping())
        newest = node.items[-1]
        assert isinstance(newest, Mapping)
        table = newest
    return table


def _child(table: Mapping, key: str) -> Node | None:
    # The newest tables are the ones asked for: looking from the end keeps long files linear in practice.
    for name, node in reversed(table.items[-200:]):
        if name == key and isinstance(node, Mapping | Sequence):
            return node
    return None


def _problem(text: str) -> str:
    try:
        tomli.loads(text)
    except (ValueError, RecursionError) as error:
        return f"TOML: {error or 'nested too deep'}"[:300]
    return ""
