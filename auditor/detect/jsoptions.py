"""The options of JavaScript's command lines (yargs, commander, cac, meow, citty, `parseArgs`) with their defaults."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from tree_sitter import Node

from auditor.detect.jsscope import string_value, text

_FLAG = re.compile(r"--([\w-]+)")
_DECLARES = frozenset(["option", "requiredOption"])
_TABLES = frozenset(["flags", "options", "args"])
_DASH = re.compile(r"-(\w)")


def defaults(method: str, given: Sequence[Node]) -> Iterator[tuple[str, Node]]:
    """The options that a call declares, each with the value that it has when nobody sets it.

    *Shape*: names as the program reads them (`--base-model` as `baseModel`).
    """
    if method in _DECLARES and len(given) > 1 and given[0].type == "string":
        flag = _FLAG.search(string_value(given[0]))
        name = flag[1] if flag else string_value(given[0])
        value = _of(given[-1], "default") if given[-1].type == "object" else given[2] if len(given) == 3 else None
        if value is not None:
            yield _field(name), value
    for table in (a for a in given if a.type == "object"):
        if method in _TABLES:
            yield from _declared(table)
        for key in _TABLES:
            inner = _of(table, key)
            if inner is not None and inner.type == "object":
                yield from _declared(inner)


def _declared(table: Node) -> Iterator[tuple[str, Node]]:
    """The entries of a table of options (`{ model: { type: "string", default: "..." } }`)."""
    for part in table.named_children:
        key, described = part.child_by_field_name("key"), part.child_by_field_name("value")
        if key is not None and described is not None and described.type == "object" and _of(described, "type"):
            value = _of(described, "default")
            if value is not None:
                yield _field(text(key).strip("\"'")), value


def _of(node: Node, key: str) -> Node | None:
    pairs = (p for p in node.named_children if p.type == "pair")
    named = (p for p in pairs if text(p.child_by_field_name("key")).strip("\"'") == key)
    return next((p.child_by_field_name("value") for p in named), None)


def _field(name: str) -> str:
    return _DASH.sub(lambda m: m[1].upper(), name.lstrip("-"))
