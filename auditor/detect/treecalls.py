"""Calls in source that a grammar's table describes: what is called, and what becomes of its arguments."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Protocol

from tree_sitter import Node

from auditor.detect.context import Context
from auditor.detect.grammar import Assign, Call, Comment, Function, Items, Member, Name, Pair
from auditor.detect.treecollections import Collections
from auditor.detect.treeguards import TESTS
from auditor.detect.treepath import find, text
from auditor.detect.treescope import SAME, Scopes, holds, plain
from auditor.domain.fact import Argument, Binds, Bound, Compared, Entry, Fact, Loose, Place
from auditor.domain.fact import Call as Called
from auditor.domain.source import Span

_ELSE = frozenset(
    "unwrapor unwraporelse orelse orelseget getorelse getordefault getvalueordefault ordefault okor valueor fetch ifempty".split()
)
_READS = re.compile(r"(?:get|fetch|config|dig|value|read|lookup|setting|option|section|opt)(?:[A-Z_].*)?|string|text")
_SHOWS = frozenset(
    "print println printf eprint eprintln print! println! eprintln! writeln fprintf fprintln puts nslog debug debugf info infof warn warnf warning "
    "warningf error errorf fatal fatalf panic panicf trace tracef log logf loginformation logwarning logerror logdebug "
    "info! warn! error! debug! trace! bail! anyhow! panic! writeline".split()
)
_FORMATS = frozenset("sprintf format format! stringformat formatted".split())
_PATHS = frozenset("combine joinpath appendingpathcomponent appendpath appendingpath".split())
_PUTS = frozenset("put addproperty append set writefield addformdatapart addtextbody setproperty".split())
_HOLE = re.compile(r"%[-+#0-9.]*[A-Za-z@]|\{[^{}]*\}")
_KEY = re.compile(r"[A-Za-z_][\w.:-]*")
_FLAG = re.compile(r"(?:[a-z]+\.)*(?:P|)(?:String|Str)(?:Var)?(?:P)?")


class Reader(Protocol):
    """What calls need of the reader of values."""

    scopes: Scopes
    collections: Collections
    emit: Callable[[Fact], None]
    visit_any: Callable[[Node | None, Place, Context], None]

    def read(self, name: str, place: Place, node: Node, at: Context, key: str = "") -> None: ...
    def span(self, node: Node) -> Span: ...
    def start(self, node: Node) -> tuple[int, int]: ...
    def literal(self, value: str, node: Node, place: Place, at: Context, dynamic: bool = False) -> None: ...


class Calls:
    def __init__(self, values: Reader) -> None:
        self._values = values
        self._scopes = values.scopes

    def visit(self, row: Call, node: Node, place: Place, at: Context) -> None:
        """The facts of one call whose result goes to `place`."""
        callee = self._scopes.callee(row, node)
        last = callee.rpartition(".")[2]
        bare = replace(at, entries=(), env="", option="", fallback=False)
        function = find(node, row.callee)
        holder = find(node, row.holder) if row.holder else self._scopes.holder(function)
        arguments = find(node, row.arguments)
        if function is not None and isinstance(self._scopes.row(self._scopes.bare(function)), Call):
            if arguments is None:  # `load(x) { ... }`: what is called with a block alone is the call before it
                self._values.visit_any(function, place, at)
                self._others(node, (function,), bare)
                return
            self._values.visit_any(function, Loose(), bare)
        given = [a for a in (arguments.named_children if arguments is not None else []) if not self._is_comment(a)]
        word = plain(last)
        variable = self._scopes.variable(callee, node, row)
        if variable and given:
            self._values.read(f"env:{variable}", place, node, at)
            for default in given[1:]:
                self._instead(default, place, replace(at, env=variable, fallback=True))
        elif self._is_flag(last, given):
            self._flag(given, last, place, bare)
        elif word in _ELSE and holder is not None and given:
            self._fallback(holder, given, place, at)
        elif callee in self._scopes.grammar.same or f"*.{last}" in self._scopes.grammar.same:
            for argument in given:
                self._values.visit_any(argument, place, at)
        elif word in SAME and holder is not None:
            self._values.visit_any(holder, place, at)
            self._rest(given, bare)
        elif word in TESTS:
            for value in (holder, *given):
                self._values.visit_any(value, Compared(last), bare)
        elif word in _SHOWS:
            self._rest(given, bare)
        elif given and (word in _PATHS or (word == "join" and (len(given) == 1 or "path" in callee.lower()))):
            self._values.visit_any(given[-1], place, at)
        elif word in _FORMATS and given:
            self._format(given, place, at)
        elif last in self._scopes.grammar.collections and arguments is not None:
            self._values.collections.items(arguments, place, at, turns=callee.endswith("Map.of"))
        elif not row.makes and self._reads_key(last, given):
            key, name = self._scopes.string(given[0]).replace(":", "."), self._scopes.dotted(holder) or "?"
            if holder is None and last == "config" and "." in key:  # Laravel: the first part is a file in config/
                name, _, key = f"config/{key}".partition(".")
                name = name.replace("/", ".")
            self._values.read(name, place, node, at, key)
            self._values.visit_any(given[0], Compared("get"), bare)
            for default in given[1:]:
                self._values.visit_any(default, place, replace(at, fallback=True))
        else:
            self._called(row, callee, node, given, place, at)
            if holder is not None and not isinstance(self._scopes.row(holder), Name | Member):
                self._values.visit_any(holder, Loose(), bare)
        self._others(node, (function, holder, arguments, find(node, row.name), find(node, row.fields)), bare)

    def _others(self, node: Node, taken: tuple[Node | None, ...], at: Context) -> None:
        """What stands beside the arguments: a block, type arguments."""
        stack = list(node.named_children)
        while stack:
            child = stack.pop(0)
            if child not in taken:
                if holds(child, taken):
                    stack[:0] = child.named_children
                else:
                    self._values.visit_any(child, Loose(), at)

    def _put(self, callee: str, given: list[Node], node: Node, at: Context) -> Context:
        """Around the second argument of what puts a value under a name that it is given (`body.put("model", "x")`)."""
        key = self._scopes.string(given[0]) if len(given) == 2 and plain(callee.rpartition(".")[2]) in _PUTS else ""
        return replace(at, entries=(Entry(key, 1, True, (key,), self._values.start(node)), *at.entries)) if key else at

    def _called(self, row: Call, callee: str, node: Node, given: list[Node], place: Place, at: Context) -> None:
        bare = replace(at, entries=(), env="", option="", fallback=False)
        if isinstance(place, Bound) and (row.makes or (self._scopes.grammar.capitals and _is_type(callee))):
            bare = replace(bare, entries=at.entries)  # one of several objects of a list
        pairs = [self._values.collections.pair(argument) for argument in given]
        declared = self._declared(row, node, given)
        fields = find(node, row.fields)
        names = [key for key, _ in pairs if key]
        if fields is not None:
            names += [key for part in fields.named_children if (key := self._values.collections.pair(part)[0])]
        if callee:
            first = self._scopes.string(given[0]) if given else ""
            shown = find(node, row.callee) or find(node, row.name) or node
            positional = len(given) - sum(1 for key, _ in pairs if key)
            span = self._values.span(shown)
            self._values.emit(Called(callee, positional, tuple(sorted(names)), span, at.within, first, at.guards))
            if not isinstance(place, Loose):
                self._values.read(self._scopes.dotted(node) or f"{callee}()", place, node, at)
        for i, (key, value) in enumerate(pairs):
            map_ = value is not None and isinstance(self._scopes.row(value), Items)
            to: Place = Argument(callee, -1, "**" if map_ else key) if key else Argument(callee, i, "")
            if declared and key in ("", "default"):
                to = Bound(declared, Binds.FIELD)
            self._values.visit_any(value, to, self._put(callee, given, node, bare) if i == 1 else bare)
        if fields is not None and all(self._is_field(part) for part in fields.named_children):
            self._values.collections.fields(fields, callee, bare)
        elif fields is not None:
            self._values.collections.items(fields, place, at)

    def _declared(self, row: Call, node: Node, given: list[Node]) -> str:
        """The field that a call in a class declares by its name: `option :model, "..."`, `attribute :model, default: "..."`."""
        if not self._scopes.grammar.symbols or self._scopes.in_function or not self._scopes.owner or not given:
            return ""
        named = given[0].type == self._scopes.grammar.symbols and find(node, row.holder) is None
        return f"{self._scopes.owner}.{text(given[0]).lstrip(':')}" if named else ""

    def _fallback(self, holder: Node, given: list[Node], place: Place, at: Context) -> None:
        """`x.unwrap_or("...")`, `map.getOrDefault(key, "...")`: the last argument counts where the value is missing."""
        symbol = self._scopes.dotted(holder)
        key = self._scopes.string(given[0]) if len(given) > 1 else ""
        env = symbol[4:] if symbol.startswith("env:") else self._scopes.environment.get(symbol, "")
        if key and "env" in symbol.lower().rpartition(".")[2]:
            env = key
            self._values.read(f"env:{key}", place, holder, at)
        elif key:
            self._values.read(symbol or "?", place, holder, at, key)
        else:
            self._values.visit_any(holder, place, at)
        self._instead(given[-1], place, replace(at, env=env, fallback=True))

    def _format(self, given: list[Node], place: Place, at: Context) -> None:
        """`Sprintf("acme/%s", name)`: the known part is a template, the rest is handed on."""
        for argument in given:
            value = self._scopes.string(argument)
            if value and argument == given[0]:
                self._values.literal(_HOLE.sub("{}", value), argument, place, at, dynamic=True)
            else:
                self._values.visit_any(argument, place, at)

    def _instead(self, node: Node, place: Place, at: Context) -> None:
        """A default; of a function that gives it, what it gives."""
        row = self._scopes.row(node)
        inner = find(node, row.value) if isinstance(row, Pair) else node
        row = self._scopes.row(inner) if inner is not None else None
        self._values.visit_any(find(inner, row.body) if isinstance(row, Function) else inner, place, at)

    def _flag(self, given: list[Node], last: str, place: Place, at: Context) -> None:
        """A flag of a command line: `String("model", "...")`, `StringVarP(&x, "model", "m", "...")`."""
        texts = [self._scopes.string(g) for g in given]
        target = self._scopes.dotted(given[0]) if not texts[0] else ""
        named = next((i for i, t in enumerate(texts) if t), 0)
        value = given[min(named + (2 if last.endswith("P") else 1), len(given) - 1)]
        to: Place = place if not target else Bound(target, Binds.FIELD)
        self._values.visit_any(value, to, replace(at, option=f"--{texts[named]}"))

    def _is_flag(self, last: str, given: list[Node]) -> bool:
        return len(given) >= 3 and _FLAG.fullmatch(last) is not None

    def _reads_key(self, last: str, given: list[Node]) -> bool:
        if not 1 <= len(given) <= 2 or _READS.fullmatch(last) is None:
            return False
        return _KEY.fullmatch(self._scopes.string(given[0])) is not None

    def _rest(self, given: list[Node], at: Context) -> None:
        for argument in given:
            self._values.visit_any(argument, Loose(), at)

    def _is_field(self, node: Node) -> bool:
        row = self._scopes.row(node)
        return isinstance(row, Comment) or (
            isinstance(row, Assign)
            and (left := find(node, row.left)) is not None
            and isinstance(self._scopes.row(left), Name)
        )

    def _is_comment(self, node: Node) -> bool:
        return isinstance(self._scopes.row(node), Comment)


def _is_type(callee: str) -> bool:
    return callee.rpartition(".")[2][:1].isupper()
