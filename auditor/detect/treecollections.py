"""Lists, maps and records in source that a grammar's table describes: what stands under which key, beside what."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Protocol

from tree_sitter import Node

from auditor.detect.context import Context
from auditor.detect.grammar import Assign, Call, Comment, Items, Pair, Text
from auditor.detect.treepath import find
from auditor.detect.treescope import Scopes
from auditor.domain.fact import Argument, Bound, Entry, Key, Loose, Place

_KEYS = 40


class Reader(Protocol):
    """What collections need of the reader of values."""

    scopes: Scopes
    visit_any: Callable[[Node | None, Place, Context], None]

    def read(self, name: str, place: Place, node: Node, at: Context, key: str = "") -> None: ...
    def start(self, node: Node) -> tuple[int, int]: ...


class Collections:
    def __init__(self, values: Reader) -> None:
        self._values = values
        self._scopes = values.scopes

    def items(self, node: Node, place: Place, at: Context, *, turns: bool = False, sign: str = "") -> None:
        """A list, or a map with its keys; `turns` and `sign` as in `Items`."""
        elements = [c for c in node.named_children if not isinstance(self._scopes.row(c), Comment)]
        pairs = [self.pair(element) for element in elements]
        if turns:
            keys_first = list(zip(elements[::2], elements[1::2], strict=False))
            elements = [key for key, _ in keys_first]
            pairs = [(self._scopes.leaf(key), value) for key, value in keys_first]
        if sign:
            flat = list(self._signed(node, sign))
            elements, pairs = [element for element, _, _ in flat], [(key, value) for _, key, value in flat]
        keys = tuple(key for key, _ in pairs if key)[:_KEYS]
        start = self._values.start(node)
        holder = place.symbol if isinstance(place, Bound) else ""
        for i, (element, (key, value)) in enumerate(zip(elements, pairs, strict=True)):
            inner = replace(at, entries=(Entry(key, len(elements), i == 0, keys, start), *at.entries))
            name = self._key(element)
            if name is not None and self._scopes.string(name):
                self._values.visit_any(name, Key(holder, len(elements)), inner)
            self._values.visit_any(value, place, inner)

    def _signed(self, node: Node, sign: str) -> Iterator[tuple[Node, str, Node | None]]:
        """Elements, keys and values of a node whose words and marks stand side by side."""
        part: list[Node] = []
        for child in (*node.children, None):
            if child is not None and child.type != ",":
                if not isinstance(self._scopes.row(child), Comment):
                    part.append(child)
                continue
            words = [n for n in part if n.is_named]
            if len(words) > 1 and part.index(words[0]) + 1 < len(part) and part[part.index(words[0]) + 1].type == sign:
                whole = len(words) == 2 or isinstance(self._scopes.row(words[1]), Text)
                yield words[0], self._scopes.leaf(words[0]), words[1] if whole else None
            else:
                yield from ((word, "", word) for word in words)
            part = []

    def pair(self, node: Node) -> tuple[str, Node | None]:
        """The key of an element, "" where it has none, and its value."""
        key = self._key(node)
        named = self._scopes.leaf(key) if key is not None else ""
        match self._scopes.row(node):
            case Pair(_, path):
                value = find(node, path)
                inner = self._scopes.row(value) if value is not None else None
                return (
                    self.pair(value)
                    if key is None and value is not None and isinstance(inner, Pair)
                    else (named, value)
                )
            case Assign(_, right):
                return named, find(node, right)
            case Items() if key is not None:
                return named, node.named_children[1]
            case Call(arguments=path) if key is not None:
                return named, find(node, f"{path}/#1")
            case _:
                return "", node

    def _key(self, node: Node) -> Node | None:
        """What an element is found by: the key of a pair, the field that is set, the first of two in braces."""
        match self._scopes.row(node):
            case Pair(key, value):
                named, inner = find(node, key), find(node, value)
                if named is not None or inner is None or isinstance(self._scopes.row(inner), Items):
                    return named
                return self._key(inner)
            case Assign(left, _):
                return find(node, left)
            case Call(arguments=path) as row if self._scopes.callee(row, node).endswith(".entry"):
                return find(node, f"{path}/#0")
            case Items() if node.named_child_count == 2 and isinstance(self._scopes.row(node.named_children[0]), Text):
                return node.named_children[0]
            case _:
                return None

    def fields(self, node: Node, kind: str, at: Context) -> None:
        """Named fields that something is made with: keyword arguments of its type."""
        pairs = [(part, *self.pair(part)) for part in node.named_children]
        keys = tuple(key for _, key, _ in pairs if key)[:_KEYS]
        start = self._values.start(node)
        for i, (part, key, value) in enumerate(pairs):
            if isinstance(self._scopes.row(part), Comment):
                continue
            entry = Entry(key, len(pairs), i == 0, keys, start)
            inner = replace(at, entries=(entry, *at.entries) if key else at.entries, env="", fallback=False)
            self._values.visit_any(value, Argument(kind, -1 if key else i, key), inner)

    def record(self, kind: Node | None, fields: Node | None, node: Node, place: Place, at: Context) -> None:
        made = self._scopes.dotted(kind)
        if fields is None:
            return
        if made:
            around = at if isinstance(place, Bound) else replace(at, entries=())  # an argument starts anew
            self.fields(fields, made, around)
            if not isinstance(place, Loose):
                self._values.read(f"{made}()", place, node, at)
        else:
            self.items(fields, place, at)
