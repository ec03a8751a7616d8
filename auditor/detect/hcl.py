"""Terraform and other HCL as a tree: blocks are mappings under their type and labels."""

from __future__ import annotations

import re

from auditor.detect import braces
from auditor.detect.tree import MAX_DEPTH, Mapping, Parsed, Sequence

_STATEMENT = re.compile(
    r"""(?P<space>[\s;,]+)|(?P<comment>(?:\#|//)[^\n]*)|(?P<block>/\*)|(?P<close>\})"""
    r"""|(?P<pair>[\w.-]+|"[^"\n]*")[ \t]*=(?!=)[ \t]*"""
    r"""|(?P<labels>[\w-]+(?:[ \t]+(?:"[^"\n]*"|[\w-]+))*+)[ \t]*\{"""
    r"""|(?P<other>[^\n]+)"""
)
_HEREDOC = re.compile(r"<<[-~]?[ \t]*(\w+)[^\n]*\n")
_LABEL = re.compile(r'"([^"\n]*)"|([\w-]+)')


def parse(text: str) -> Parsed:
    """The whole file. `variable "x" { default = "y" }` gives y the path (variable, x, default)."""
    root = Mapping()
    stack = [root]
    position, length = 0, len(text)
    while position < length:
        found = _STATEMENT.match(text, position)
        if found is None:
            break
        position = found.end()
        match found.lastgroup:
            case "block":
                closing = text.find("*/", position)
                position = closing + 2 if closing >= 0 else length
            case "close":
                if len(stack) > 1:
                    stack.pop()
            case "pair":
                value = _value(text, position)
                stack[-1].items.append((found.group("pair").strip('"'), value.node))
                position = value.end
                if value.problem:
                    return Parsed(root, position, value.problem)
            case "labels":
                if len(stack) >= MAX_DEPTH:
                    return Parsed(root, position, f"nested deeper than {MAX_DEPTH}")
                inner = stack[-1]
                for quoted, word in _LABEL.findall(found.group("labels"))[:8]:
                    outer, inner = inner, Mapping()
                    outer.items.append((quoted or word, inner))
                stack.append(inner)
    return Parsed(root, length, "ends inside a block" if len(stack) > 1 else "")


def _value(text: str, position: int) -> Parsed:
    """The value of one attribute. A here-document has none that could be a name."""
    heredoc = _HEREDOC.match(text, position)
    if heredoc is None:
        return braces.parse(text, position)
    closing = re.compile(rf"^[ \t]*{heredoc.group(1)}[ \t\r]*$", re.MULTILINE).search(text, heredoc.end())
    return Parsed(Sequence(), closing.end() if closing else len(text))
