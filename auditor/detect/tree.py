"""A configuration file as a tree, whatever it is written in, and the settings that such a tree holds."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from auditor.detect import fallback
from auditor.domain.fact import Setting
from auditor.domain.source import Span

MAX_DEPTH = 200
MAX_NODES = 1_000_000
MAX_VALUE = 2000
MAX_BESIDE = 20


@dataclass(frozen=True, slots=True)
class Scalar:
    """A leaf. `start` and `end` are offsets of its text without quotes; `style` is its quote or block mark, "" if plain."""

    text: str
    start: int
    end: int
    string: bool = True
    style: str = ""


@dataclass(frozen=True, slots=True)
class Mapping:
    items: list[tuple[str, Node]] = field(default_factory=list)

    def get(self, key: str) -> Node | None:
        """The last value given to a key, aliases followed."""
        for name, node in reversed(self.items):
            if name == key:
                return resolved(node)
        return None


@dataclass(frozen=True, slots=True)
class Sequence:
    items: list[Node] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Alias:
    """Another name for a node that stands elsewhere. Collections behind it are never expanded by a walk."""

    target: Node


Node = Scalar | Mapping | Sequence | Alias
Locate = Callable[[int, int], Span]


@dataclass(frozen=True, slots=True)
class Parsed:
    """What could be read of one value, where it ended, and what was wrong with it ("" when nothing)."""

    node: Node
    end: int
    problem: str = ""


def resolved(node: Node) -> Node:
    """The node that an alias stands for; any other node itself."""
    for _ in range(MAX_DEPTH):
        if not isinstance(node, Alias):
            return node
        node = node.target
    return Sequence()


@dataclass(frozen=True, slots=True)
class Leaf:
    """A scalar with its surroundings, as in `Setting`."""

    path: tuple[str, ...]
    scalar: Scalar
    siblings: int
    beside: tuple[tuple[str, str], ...]


def settings(root: Node, locate: Locate, dialect: str) -> Iterator[Setting]:
    """Every one-line string of a tree, in the order of the file."""
    for leaf in leaves(root):
        setting = to_setting(leaf, locate, dialect)
        if setting:
            yield setting


def to_setting(leaf: Leaf, locate: Locate, dialect: str) -> Setting | None:
    """The leaf as a setting; None for numbers, switches, empty texts, scripts, very long values and what has no key."""
    scalar = leaf.scalar
    if not leaf.path or not scalar.string or not scalar.text or len(scalar.text) > MAX_VALUE or "\n" in scalar.text:
        return None
    value, start, end = fallback.stripped(scalar.text, scalar.start)
    if value == scalar.text or scalar.end - scalar.start != len(scalar.text):
        start, end = scalar.start, scalar.end
    return Setting(leaf.path, value, locate(start, end), dialect, leaf.siblings, beside=leaf.beside)


def leaves(root: Node, *, maps: bool = True) -> Iterator[Leaf]:
    """Every scalar of a tree with its surroundings; iterative, so that depth costs no stack.

    Without `maps` only lists of strings have siblings.
    """
    stack: list[tuple[Node, tuple[str, ...], int, _Around]] = [(root, (), 1, _NOWHERE)]
    while stack:
        node, path, siblings, around = stack.pop()
        match node:
            case Scalar():
                yield Leaf(path, node, siblings, around.without(path))
            case Alias():
                target = resolved(node)
                if isinstance(target, Scalar):
                    yield Leaf(path, target, siblings, around.without(path))
            case Sequence():
                counts = _like(node.items, keyed=False)
                if not maps:
                    counts = [
                        count if isinstance(item, Scalar) else 1 for item, count in zip(node.items, counts, strict=True)
                    ]
                for index in range(len(node.items) - 1, -1, -1):
                    count = counts[index]
                    stack.append((node.items[index], (*path, str(index)), count if count > 1 else siblings, around))
            case Mapping():
                inner = _Around(len(path), _scalars(node))
                counts = [1] * len(node.items)
                if maps and _is_menu(node):
                    counts = [len(node.items)] * len(node.items)
                elif maps and _is_table(node):
                    counts = _like([value for _, value in node.items], keyed=True)
                for (key, value), count in zip(reversed(node.items), reversed(counts), strict=True):
                    stack.append((value, (*path, key), count if count > 1 else siblings, inner))


@dataclass(frozen=True, slots=True)
class _Around:
    """The scalars of the mapping at a depth of the path."""

    depth: int
    scalars: tuple[tuple[str, str], ...]

    def without(self, path: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
        own = path[self.depth] if self.depth < len(path) else ""
        return tuple(pair for pair in self.scalars if pair[0] != own)[:MAX_BESIDE]


_NOWHERE = _Around(0, ())


def _scalars(mapping: Mapping) -> tuple[tuple[str, str], ...]:
    found: list[tuple[str, str]] = []
    for key, node in mapping.items:
        if isinstance(node, Scalar) and len(node.text) <= MAX_VALUE and "\n" not in node.text:
            found.append((key, node.text[:200]))
            if len(found) > MAX_BESIDE:
                break
    return tuple(found)


def _like(items: list[Node], *, keyed: bool) -> list[int]:
    """For each element how many of the collection are like it, itself included.

    Mappings are alike when half of the keys of each are keys that half of them have. The words of a command line, which
    a list with options in it is, are not alike.
    """
    mappings = [item for item in items if isinstance(item, Mapping)]
    strings = sum(isinstance(item, Scalar) and item.string for item in items)
    if any(isinstance(item, Scalar) and item.text.startswith("--") for item in items):
        strings = 1
    lists = sum(isinstance(item, Sequence) for item in items)
    frequent = Counter(key for item in mappings for key in {name for name, _ in item.items})
    usual = {key for key, count in frequent.items() if 2 * count >= len(mappings)}
    alike = {id(item) for item in mappings if _is_usual({name for name, _ in item.items}, usual)}
    counts: list[int] = []
    for item in items:
        match item:
            case Mapping():
                counts.append(len(alike) if id(item) in alike else 1)
            case Scalar():
                counts.append(1 if keyed or not item.string else strings)
            case Sequence():
                counts.append(lists)
            case Alias():
                counts.append(1 if keyed else len(items))
    return counts


def _is_usual(keys: set[str], usual: set[str]) -> bool:
    shared = len(keys & usual)
    return shared > 0 and 2 * shared >= len(keys)


_MANY = 6


def _is_table(mapping: Mapping) -> bool:
    """Whether a map of like maps lists things rather than parts: most keys are like names, or there are many.

    `{chat: {model: ...}, embed: {model: ...}, rank: {model: ...}}` are three parts of one product, each in use.
    """
    numbered = sum(any(mark.isdigit() for mark in key) for key, _ in mapping.items)
    return 2 * numbered > len(mapping.items) or len(mapping.items) >= _MANY


_NAME = re.compile(r"(?=[^0-9/]*[0-9/])[A-Za-z0-9][\w.:/@+-]{2,119}\Z")
_WORD = re.compile(r"[A-Za-z]+")


def _is_menu(mapping: Mapping) -> bool:
    """Whether a map of strings reads as names to choose from: three or more, all like names, under unlike keys.

    Keys that share a word (`embedding_model`, `rerank_model`, `chat_model`) are settings of several parts.
    """
    if len(mapping.items) < 3:
        return False
    shared: set[str] | None = None
    for key, node in mapping.items:
        if not isinstance(node, Scalar) or not node.string or not _NAME.match(node.text):
            return False
        words = {word.lower() for word in _WORD.findall(key)}
        shared = words if shared is None else shared & words
    return not shared
