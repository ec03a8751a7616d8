"""The conditions that tests and types in JavaScript source state of a value."""

from __future__ import annotations

from tree_sitter import Node

from auditor.detect.jsscope import string_value, text
from auditor.domain.fact import Guard


def guards_of(test: Node | None) -> tuple[Guard, ...]:
    """The conditions `x === "a"` and `settings.x` in a test, joined ones too."""
    if test is None:
        return ()
    if test.type == "parenthesized_expression" and test.named_children:
        return guards_of(test.named_children[0])
    if test.type == "binary_expression":
        left, right = test.child_by_field_name("left"), test.child_by_field_name("right")
        operator = text(test.child_by_field_name("operator"))
        if operator in ("||", "&&"):
            return (*guards_of(left), *guards_of(right))
        if operator in ("===", "==") and left is not None and right is not None:
            if left.type == "string":
                left, right = right, left
            value = string_value(right) if right.type == "string" else text(right).rpartition(".")[2]
            return (Guard(text(left).rpartition(".")[2], value),)
    if test.type == "ternary_expression":
        sides = (test.child_by_field_name("consequence"), test.child_by_field_name("alternative"))
        return tuple(guard for side in sides for guard in guards_of(side))
    if test.type in ("identifier", "member_expression"):
        return (Guard(text(test).rpartition(".")[2], "true"),)
    return ()


def allowed(type_: Node) -> list[Node]:
    """The strings that a type allows, in order."""
    stack, found = [type_], []
    while stack:
        here = stack.pop()
        if here.type == "literal_type" and here.named_children and here.named_children[0].type == "string":
            found.append(here.named_children[0])
        else:
            stack.extend(reversed(here.named_children))
    return found
