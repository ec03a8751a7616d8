"""Where the values of JavaScript expressions go: strings and reads of names, each with the place it ends up in."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from tree_sitter import Node

from auditor.detect import jsoptions
from auditor.detect.context import Context
from auditor.detect.jsguards import guards_of
from auditor.detect.jsscope import FUNCTIONS, Scopes, keys_of, pair, start_of, string_value, subscripted, text
from auditor.detect.jsstate import selected
from auditor.detect.text import column
from auditor.domain.fact import (
    Argument,
    Binds,
    Bound,
    Call,
    Compared,
    Entry,
    Fact,
    Key,
    Literal,
    Loose,
    Place,
    Read,
)
from auditor.domain.source import Span

_LONGEST = 300  # characters of a string that may be a name or an address
_KEYS = 40
_PATHS = frozenset(f"{module}.{name}" for module in ("path", "node:path") for name in ("join", "resolve"))
_SAME_METHODS = frozenset("trim toLowerCase toUpperCase toString replace replaceAll split slice join concat".split())
_TESTS = frozenset("startsWith endsWith includes indexOf match test search has".split())
_DEFAULTS = frozenset("default catch prefault withDefault".split())  # of schema builders: z.string().default("...")
_EQUALS = frozenset(["==", "===", "!=", "!=="])
_WRAPPERS = frozenset(
    "parenthesized_expression as_expression satisfies_expression non_null_expression await_expression spread_element "
    "type_assertion jsx_expression".split()
)

Function = Callable[[Node, str, Context], Iterator[Fact]]


class Values:
    """Turns expressions into facts. One for each file; `function` reads the bodies of functions among the values."""

    def __init__(self, scopes: Scopes, rows: list[str], function: Function) -> None:
        self.scopes = scopes
        self._rows = rows
        self._function = function

    def visit(self, node: Node | None, place: Place, at: Context) -> Iterator[Fact]:
        """The facts of one expression whose value goes to `place`."""
        if node is None:
            return
        match node.type:
            case "string":
                value = string_value(node)
                if 2 <= len(value) <= _LONGEST and not any(c in " \n\t" for c in value):
                    yield self._literal(value, node, place, at)
            case "true" | "false" if isinstance(place, Bound):
                yield self._literal(node.type, node, place, at)
            case "template_string":
                yield from self._template(node, place, at)
            case "identifier" | "shorthand_property_identifier":
                yield self.read(self.scopes.name(text(node)), place, node, at)
            case "member_expression" | "subscript_expression":
                yield from self._member(node, place, at)
            case "call_expression" | "new_expression":
                yield from self._call(node, place, at)
            case "object":
                yield from self._object(node, place, at)
            case "array":
                start = self._start(node)
                for i, element in enumerate(node.named_children):
                    entry = Entry("", len(node.named_children), i == 0, (), start)
                    yield from self.visit(element, place, replace(at, entries=(entry, *at.entries)))
            case "binary_expression":
                yield from self._binary(node, place, at)
            case "ternary_expression":
                test = node.child_by_field_name("condition")
                yield from self.visit(test, Compared("if"), at)
                guards = (*at.guards, *guards_of(test))
                yield from self.visit(node.child_by_field_name("consequence"), place, replace(at, guards=guards))
                yield from self.visit(node.child_by_field_name("alternative"), place, replace(at, fallback=True))
            case "assignment_expression":
                yield from self._assignment(node, at)
            case "augmented_assignment_expression":
                target = self.scopes.dotted(node.child_by_field_name("left"))
                given = Bound(target, Binds.CONSTANT) if target else Loose()
                yield from self.visit(node.child_by_field_name("right"), given, replace(at, fallback=True))
            case "jsx_element" | "jsx_self_closing_element":
                yield from self._element(node, at)
            case kind if kind in _WRAPPERS:
                for child in node.named_children[:1]:
                    yield from self.visit(child, place, at)
            case kind if kind in FUNCTIONS:
                yield from self._function(node, at.within, replace(at, entries=()))
            case _:
                for child in node.named_children:
                    yield from self.visit(child, Loose(), at)

    def read(self, name: str, place: Place, node: Node, at: Context, key: str = "") -> Read:
        return Read(name, place, self.span(node), at.within, key, at.entries, at.guards)

    def instance(self, node: Node) -> str:
        """The class that a value is an instance of, or the call that made it; "" for other values."""
        if node.type in ("new_expression", "call_expression"):
            return self.scopes.dotted(node)
        if node.type in _WRAPPERS and node.named_children:
            return self.instance(node.named_children[0])
        return self.scopes.instances.get(self.scopes.dotted(node), "") if node.type == "identifier" else ""

    def span(self, node: Node) -> Span:
        (line, column), (end_line, end_column) = node.start_point, node.end_point
        return Span(line + 1, self._column(line, column), end_line + 1, self._column(end_line, end_column))

    def _column(self, line: int, offset: int) -> int:
        return column(self._rows[line] if line < len(self._rows) else "", offset)

    def _literal(self, value: str, node: Node, place: Place, at: Context, dynamic: bool = False) -> Literal:
        span = self.span(node)
        if span.line == span.end_line and not dynamic:
            span = Span(span.line, span.column + 1, span.line, span.end_column - 1)
        return Literal(value, span, place, at.within, at.entries, at.guards, at.env, at.option, dynamic, at.fallback)

    def _template(self, node: Node, place: Place, at: Context) -> Iterator[Fact]:
        value, dynamic = "", False
        for part in node.named_children:
            if part.type == "string_fragment":
                value += text(part)
            elif part.type == "template_substitution":
                value, dynamic = value + "{}", True
                for child in part.named_children:
                    yield from self.visit(child, place, at)
        if 2 <= len(value) <= _LONGEST and value != "{}" and not any(c in " \n\t" for c in value):
            yield self._literal(value, node, place, at, dynamic)

    def _member(self, node: Node, place: Place, at: Context) -> Iterator[Fact]:
        holder = node.child_by_field_name("object")
        index = node.child_by_field_name("index")
        name = self.scopes.dotted(node)
        chain = subscripted(node)
        if chain is not None and not name.startswith("env:"):
            base = self.scopes.dotted(chain[0])
            if base:
                yield self.read(base, place, node, at, chain[1])
            yield from self.visit(index, Compared("subscript"), replace(at, entries=()))
        elif name:
            yield self.read(name, place, node, at)
        made = start_of(holder)
        if made is not None:
            yield from self.visit(made, Loose(), replace(at, entries=()))

    def _call(self, node: Node, place: Place, at: Context) -> Iterator[Fact]:
        function = node.child_by_field_name("function") or node.child_by_field_name("constructor")
        arguments = node.child_by_field_name("arguments")
        given = [a for a in (arguments.named_children if arguments is not None else []) if a.type != "comment"]
        callee = self.scopes.callee(function)
        bare = replace(at, entries=(), env="", fallback=False)
        if function is not None and function.type == "member_expression":
            last = text(function.child_by_field_name("property"))
            holder = function.child_by_field_name("object")
            if callee in _PATHS and given:
                yield from self.visit(given[-1], place, at)
                return
            if last in _SAME_METHODS:
                yield from self.visit(holder, place, at)
                return
            if last in _TESTS:
                for value in (holder, *given):
                    yield from self.visit(value, Compared(last), bare)
                return
            if last in _DEFAULTS and len(given) == 1:
                yield from self.visit(given[0], place, replace(at, fallback=True))
                yield from self.visit(holder, Loose("schema"), bare)
                return
        elif callee in ("String", "Symbol"):
            for value in given:
                yield from self.visit(value, place, at)
            return
        keywords = sorted(keys_of(a) for a in given if a.type == "object")
        first = string_value(given[0]) if given and given[0].type == "string" else ""
        names = tuple(k for keys in keywords for k in keys)
        positional = sum(1 for a in given if a.type != "object")
        if callee:
            yield Call(callee, positional, names, self.span(function or node), at.within, first, at.guards)
            if not isinstance(place, Loose):
                field = selected(node)
                yield self.read(f"{callee}().{field}" if field else f"{callee}()", place, node, at)
        for name, value in jsoptions.defaults(callee.rpartition(".")[2], given):
            option = Bound(f"{self.scopes.module}.<arguments>.{name}", Binds.PARAMETER)
            yield from self.visit(value, option, replace(bare, option=name))
        for i, value in enumerate(given):
            if value.type == "object":
                yield from self._keywords(value, callee, bare)
            else:
                yield from self.visit(value, Argument(callee, i, ""), bare)
        made = start_of(function)
        if made is not None:  # `(async () => { ... })()`, `make({ ... })("...")`
            yield from self.visit(made, Loose(), bare)

    def _keywords(self, node: Node, callee: str, at: Context) -> Iterator[Fact]:
        """An object among the arguments: its properties are what other languages call keyword arguments."""
        for part in node.named_children:
            key, value = pair(part)
            if value is not None:
                yield from self.visit(value, Argument(callee, -1, key), at)
            elif part.type == "method_definition":
                yield from self._function(part, at.within, at)

    def _object(self, node: Node, place: Place, at: Context) -> Iterator[Fact]:
        start = self._start(node)
        keys = keys_of(node)
        count = len(node.named_children)
        holder = place.symbol if isinstance(place, Bound) else ""
        for i, part in enumerate(node.named_children):
            key, value = pair(part)
            entry = Entry("" if key == "**" else key, count, i == 0, keys[:_KEYS], start)
            inner = replace(at, entries=(entry, *at.entries))
            name = part.child_by_field_name("key")
            if name is not None and name.type == "string":
                yield from self.visit(name, Key(holder, count), inner)
            if value is not None:
                yield from self.visit(value, place, inner)
            elif part.type == "method_definition":
                yield from self._function(part, at.within, replace(at, entries=()))

    def _binary(self, node: Node, place: Place, at: Context) -> Iterator[Fact]:
        left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
        operator = text(node.child_by_field_name("operator"))
        if operator in ("||", "??"):
            yield from self.visit(left, place, at)
            name = self.scopes.dotted(left)
            env = name.removeprefix("env:") if name.startswith("env:") else at.env
            yield from self.visit(right, place, replace(at, fallback=True, env=env))
        elif operator == "&&":
            yield from self.visit(left, Compared("&&"), at)
            yield from self.visit(right, place, replace(at, guards=(*at.guards, *guards_of(left))))
        elif operator == "+":
            for side, make in ((left, "{0}{{}}"), (right, "{{}}{0}")):
                if side is not None and side.type == "string":
                    value = make.format(string_value(side).replace("{", "").replace("}", ""))
                    if not any(c in " \n\t" for c in value):
                        yield self._literal(value, side, place, at, dynamic=True)
                else:
                    yield from self.visit(side, place, at)
        else:
            compared = Compared(operator) if operator in _EQUALS or operator in ("in", "<", ">") else Loose()
            yield from self.visit(left, compared, replace(at, entries=()))
            yield from self.visit(right, compared, replace(at, entries=()))

    def _assignment(self, node: Node, at: Context) -> Iterator[Fact]:
        left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
        symbol = self.scopes.dotted(left)
        if right is not None and symbol:
            made = self.instance(right)
            if made:
                self.scopes.instances[symbol] = made
        field = left is not None and left.type == "member_expression"
        place: Place = Bound(symbol, Binds.FIELD if field else Binds.CONSTANT) if symbol else Loose()
        yield from self.visit(right, place, at)
        holder = left.child_by_field_name("object") if left is not None and field else None
        if left is not None and holder is not None and holder.type == "identifier":
            key = text(left.child_by_field_name("property"))  # what is sent as a whole later: `body.model = ...`
            entry = Entry(key, 1, True, (key,), self._start(left))
            whole = Bound(self.scopes.dotted(holder), Binds.CONSTANT)
            yield from self.visit(right, whole, replace(at, entries=(*at.entries, entry)))

    def _element(self, node: Node, at: Context) -> Iterator[Fact]:
        """JSX: attributes are arguments of the element."""
        opening = node.child_by_field_name("open_tag") or node
        tag = text(opening.child_by_field_name("name"))
        for part in opening.named_children:
            if part.type == "jsx_attribute" and len(part.named_children) > 1:
                key = text(part.named_children[0])
                yield from self.visit(part.named_children[1], Argument(f"jsx.{tag}", -1, key), replace(at, entries=()))
        if opening is not node:
            for child in node.named_children:
                if child != opening:
                    yield from self.visit(child, Loose(), at)

    def _start(self, node: Node) -> tuple[int, int]:
        span = self.span(node)
        return (span.line, span.column)
