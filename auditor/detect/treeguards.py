"""The conditions that tests state of a value, in source that a grammar's table describes."""

from __future__ import annotations

from collections.abc import Iterator

from tree_sitter import Node

from auditor.detect.grammar import Binary, Call, Name, Same, Text
from auditor.detect.treepath import find, text
from auditor.detect.treescope import Scopes, plain
from auditor.domain.fact import Guard

EQUALS = frozenset("== === eq".split())
AND = frozenset("&& and".split())
OR = frozenset("|| or ?? ?: //".split())
# Tests by a method or function, compared without case and underscores.
TESTS = frozenset(
    "startswith endswith startwith endwith hasprefix hassuffix includes include contains indexof equals equalsignorecase eql match matches test "
    "find isequal strcmp strcasecmp strncmp strstr eqignoreasciicase containskey haskey has key strstartswith "
    "strendswith strcontains strpos inarray contain any? member isin equalfold compareto compare casecmp".split()
)
_EMPTY = frozenset(['""', "''", "nil", "null", "None", "nullptr", "``"])
_IS_EMPTY = frozenset("isempty isblank empty blank nil isnullorempty isnullorwhitespace isnone isnull".split())
_DEEPEST = 40


def guards_of(scopes: Scopes, test: Node | None, depth: int = 0) -> tuple[Guard, ...]:
    """The conditions `x == "a"`, `x.equals("a")`, `"a" == x && y`, plain `x`, in a test."""
    if test is None or depth > _DEEPEST:
        return ()
    match scopes.row(test):
        case Same(child):
            return guards_of(scopes, find(test, child), depth + 1)
        case Binary(left, operator, right, sign):
            sides, sign = (find(test, left), find(test, right)), sign or text(find(test, operator))
            if sign in AND or sign in OR:
                return tuple(g for side in sides for g in guards_of(scopes, side, depth + 1))
            if sign in EQUALS:
                return _equal(scopes, *sides)
        case Call() as row:
            callee = scopes.callee(row, test)
            if plain(callee.rpartition(".")[2]) in TESTS:
                arguments = find(test, row.arguments)
                given = arguments.named_children if arguments is not None else []
                holder = find(test, row.holder) or scopes.holder(find(test, row.callee))
                if len(given) == 1:
                    return _equal(scopes, holder, given[0])
        case Name():
            return (Guard(scopes.leaf(test), "true"),)
    return ()


def emptied(scopes: Scopes, test: Node | None) -> str:
    """The symbol that a test finds to be empty (`x == ""`, `x.isEmpty()`), "" for other tests."""
    for _ in range(_DEEPEST):
        row = scopes.row(test) if test is not None else None
        if test is None or not isinstance(row, Same):
            break
        if text(test).lstrip("( ").startswith("!"):
            return scopes.dotted(find(test, row.child))
        test = find(test, row.child)
    match row:
        case Binary(left, operator, right, sign) if test is not None:
            first, second, sign = find(test, left), find(test, right), sign or text(find(test, operator))
            if sign in EQUALS and text(second) in _EMPTY:
                return scopes.dotted(first)
            if sign in OR:
                return emptied(scopes, first) or emptied(scopes, second)
        case Call() if test is not None:
            if plain(scopes.callee(row, test).rpartition(".")[2]) in _IS_EMPTY:
                return scopes.callee(row, test).rpartition(".")[0]
        case _:
            pass
    return ""


def labelled(branch: Node, labels: frozenset[str]) -> tuple[list[Node], list[Node]]:
    """What a branch of a switch is for, and what it does."""
    said: list[Node] = []
    done: list[Node] = []
    for i, child in enumerate(branch.named_children):
        named = child.type in labels or (branch.field_name_for_named_child(i) or "") in labels
        (said if named or child.type.endswith("_pattern") else done).append(child)
    return said, done


def values_of(scopes: Scopes, label: Node) -> Iterator[tuple[Node, str]]:
    """The strings and names that a label of a switch holds, with what each says."""
    stack = [label]
    while stack:
        node = stack.pop()
        row = scopes.row(node)
        if isinstance(row, Text):
            yield node, scopes.string(node)
        elif node.named_child_count and not scopes.dotted(node):
            stack.extend(reversed(node.named_children))
        elif symbol := scopes.dotted(node):
            yield node, symbol.rpartition(".")[2]


def _equal(scopes: Scopes, left: Node | None, right: Node | None) -> tuple[Guard, ...]:
    if scopes.string(left):
        left, right = right, left
    subject = scopes.dotted(left).rpartition(".")[2]
    value = scopes.string(right) or scopes.dotted(right).rpartition(".")[2]
    return (Guard(subject, value),) if subject and value else ()
