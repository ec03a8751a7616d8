"""YAML as a tree: from parser events alone, so that no object is built, no tag obeyed and no alias expanded."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import yaml

from auditor.detect.tree import MAX_DEPTH, MAX_NODES, Alias, Mapping, Node, Parsed, Scalar, Sequence

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_NOT_STRING = re.compile(
    r"(?:~|null|true|false|yes|no|on|off|[-+]?(?:[0-9][0-9_]*(?:\.[0-9_]*)?|\.[0-9]+)(?:e[-+]?[0-9]+)?"
    r"|0[xob][0-9a-f_]+|[-+]?\.inf|\.nan)?",
    re.IGNORECASE,
)


def documents(text: str, base: int = 0) -> Iterator[Parsed]:
    """The documents of a YAML text; the last one carries the problem at which reading stopped.

    `base` is added to every offset, for YAML that stands inside another file. Templates (`{{ ... }}`) are read around.
    """
    parsed = list(_parse(text, text, base))
    if parsed and parsed[-1].problem and "{{" in text:
        parsed = list(_parse(_masked(text), text, base))
    yield from parsed


class _Builder:
    """Puts events together. Offsets are those of `text`; keys and values are taken from `source` where they differ."""

    def __init__(self, text: str, source: str, base: int) -> None:
        self._text = text
        self._source = source
        self._base = base
        self._stack: list[tuple[Mapping | Sequence, list[str]]] = []
        self._anchors: dict[str, Node] = {}
        self._nodes = 0
        self.root: Node | None = None

    def open(self, node: Mapping | Sequence, anchor: str | None) -> None:
        if len(self._stack) >= MAX_DEPTH:
            raise ValueError(f"nested deeper than {MAX_DEPTH}")
        self.add(node, anchor)
        self._stack.append((node, []))

    def close(self) -> None:
        self._stack.pop()

    def add(self, node: Node, anchor: str | None) -> None:
        self._nodes += 1
        if self._nodes > MAX_NODES:
            raise ValueError(f"more than {MAX_NODES} values")
        if anchor:
            self._anchors[anchor] = node
        if not self._stack:
            self.root = node
            return
        parent, pending = self._stack[-1]
        if isinstance(parent, Sequence):
            parent.items.append(node)
        elif pending:
            parent.items.append((pending.pop(), node))
        else:
            pending.append(node.text if isinstance(node, Scalar) else "?")

    def alias(self, anchor: str | None) -> None:
        target = self._anchors.get(anchor or "")
        if target is None:
            raise ValueError(f"no anchor {(anchor or '')[:80]!r}")
        self.add(Alias(target), None)

    def scalar(self, event: yaml.ScalarEvent) -> None:
        style = event.style or ""
        start, end = self._inside(event.value, _offset(event.start_mark), _offset(event.end_mark), style)
        value = event.value
        if self._text is not self._source:
            value = self._source[start:end].strip() if style not in ("|", ">") else value
        plain = not style and not event.tag
        string = not (plain and len(value) < 400 and _NOT_STRING.fullmatch(value))
        if style == ">":
            value = value.strip()
        self.add(Scalar(value, start + self._base, end + self._base, string, style), event.anchor)

    def _inside(self, value: str, start: int, end: int, style: str) -> tuple[int, int]:
        """The offsets of the text itself: events begin at the anchor or tag, and include quotes."""
        text = self._text
        if style in ("'", '"'):
            opening = text.find(style, start, end)
            return (opening + 1 if opening >= 0 else start), max(end - 1, start)
        if style in ("|", ">"):
            opening = text.find("\n", start, end)
            start = opening + 1 if opening >= 0 else start
            while start < end and text[start].isspace():
                start += 1
        elif text[end - len(value) : end] == value:
            return end - len(value), end
        while end > start and text[end - 1].isspace():
            end -= 1
        return start, end


def _parse(text: str, source: str, base: int) -> Iterator[Parsed]:
    builder = _Builder(text, source, base)
    try:
        for event in yaml.parse(text, Loader=_LOADER):
            match event:
                case yaml.DocumentStartEvent():
                    builder = _Builder(text, source, base)
                case yaml.MappingStartEvent():
                    builder.open(Mapping(), event.anchor)
                case yaml.SequenceStartEvent():
                    builder.open(Sequence(), event.anchor)
                case yaml.MappingEndEvent() | yaml.SequenceEndEvent():
                    builder.close()
                case yaml.ScalarEvent():
                    builder.scalar(event)
                case yaml.AliasEvent():
                    builder.alias(event.anchor)
                case yaml.DocumentEndEvent() if builder.root is not None:
                    yield Parsed(builder.root, _offset(event.end_mark) + base)
                    builder.root = None
    except (yaml.YAMLError, ValueError) as error:
        yield Parsed(builder.root or Sequence(), base, _said(error))


def _offset(mark: Any) -> int:
    # The stubs allow no mark at all; the parser always gives one.
    return int(mark.index)


def _said(error: Exception) -> str:
    """The complaint in one line."""
    mark = getattr(error, "problem_mark", None)
    problem = getattr(error, "problem", None) or str(error)
    where = f" at line {mark.line + 1}" if mark is not None else ""
    return f"YAML: {problem}{where}".replace("\n", " ")[:300]


_ACTION = re.compile(r"\{\{[^{}]{0,1000}+\}\}")
_ONLY_ACTIONS = re.compile(r"^[ \t]*+(?:-[ \t]++)?(?:\{\{[^{}]{0,1000}+\}\}[ \t]*+)++$", re.MULTILINE)


def _masked(text: str) -> str:
    """The text with template actions blanked, every offset kept: lines of nothing else become empty."""
    text = _ONLY_ACTIONS.sub(lambda found: re.sub(r"[^\n]", " ", found.group()), text)
    return _ACTION.sub(lambda found: re.sub(r"[^\n]", "x", found.group()), text)
