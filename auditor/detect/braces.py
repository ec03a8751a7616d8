"""Values in braces as a tree: JSON, JSON with comments, and the inner values of TOML and HCL. Forgiving and iterative."""

from __future__ import annotations

import json
import re

from auditor.detect.tree import MAX_DEPTH, MAX_NODES, Mapping, Node, Parsed, Scalar, Sequence

_TOKEN = re.compile(
    r"""(?P<space>[\s,:=;]+)"""
    r'''|(?P<long>"""|\'\'\')'''
    r"""|(?P<string>"[^"\\\n]*+(?:\\.[^"\\\n]*+)*+"|'[^'\\\n]*+(?:\\.[^'\\\n]*+)*+')"""
    r"""|(?P<block>/\*)|(?P<comment>(?://|\#)[^\n]*)"""
    r"""|(?P<open>[\[{(])|(?P<close>[\]})])"""
    r"""|(?P<bare>[^\s,:=;\[\](){}"'#]+)|(?P<other>.)""",
    re.DOTALL,
)
_NOT_STRING = re.compile(r"true|false|null|none|undefined|[-+]?[0-9].{0,400}|[-+]?(?:inf|nan|infinity)", re.IGNORECASE)


def parse(text: str, start: int = 0, *, bare: bool = False) -> Parsed:
    """The first value at or after an offset. With `bare`, words without quotes are strings too.

    Tells its problem rather than raising, so that what was read up to there is kept.
    """
    stack: list[tuple[Mapping | Sequence, list[str]]] = []
    position, length, nodes = start, len(text), 0
    root: Node | None = None

    def add(node: Node) -> None:
        if not stack:
            return
        parent, pending = stack[-1]
        if isinstance(parent, Sequence):
            parent.items.append(node)
        elif pending or not isinstance(node, Scalar):
            parent.items.append((pending.pop() if pending else "", node))
        else:
            pending.append(node.text)

    while position < length:
        found = _TOKEN.match(text, position)
        if found is None:
            break
        position, kind = found.end(), found.lastgroup
        scalar: Scalar | None = None
        match kind:
            case "space":
                if stack and "," in found.group():
                    stack[-1][1].clear()
            case "block":
                closing = text.find("*/", position)
                position = closing + 2 if closing >= 0 else length
            case "long":
                closing = text.find(found.group(), position)
                end = closing if closing >= 0 else length
                scalar = _long(text, position, end)
                position = min(end + 3, length)
            case "string":
                scalar = _string(text, found.start() + 1, position - 1)
            case "bare":
                word = found.group()
                scalar = Scalar(word, found.start(), position, bare and not _NOT_STRING.fullmatch(word))
            case "open":
                if len(stack) >= MAX_DEPTH:
                    return Parsed(root or Sequence(), position, f"nested deeper than {MAX_DEPTH}")
                opened: Mapping | Sequence = Mapping() if found.group() == "{" else Sequence()
                add(opened)
                root = root or opened
                stack.append((opened, []))
            case "close":
                if stack:
                    stack.pop()
                if not stack:
                    return Parsed(root or Sequence(), position)
        if scalar is not None or kind == "open":
            nodes += 1
            if nodes > MAX_NODES:
                return Parsed(root or Sequence(), position, f"more than {MAX_NODES} values")
        if scalar is not None:
            if not stack:
                # `coalesce(a, "b")`: a call is read as the list of its arguments.
                if kind == "bare" and text.startswith("(", position):
                    continue
                return Parsed(scalar, position)
            if kind == "bare" and text.startswith("(", position):
                continue
            add(scalar)
    return Parsed(root or Sequence(), length, "ends inside a value" if stack else "")


def _string(text: str, start: int, end: int) -> Scalar:
    raw = text[start:end]
    value = raw
    if "\\" in raw and text[start - 1] == '"':
        try:
            value = str(json.loads(f'"{raw}"', strict=False))
        except ValueError:
            value = raw
    return Scalar(value, start, end, True, text[start - 1])


def _long(text: str, start: int, end: int) -> Scalar:
    while start < end and text[start].isspace():
        start += 1
    stop = end
    while stop > start and text[stop - 1].isspace():
        stop -= 1
    return Scalar(text[start:stop], start, stop, True, text[end : end + 1])
