"""Where the values of expressions go, in source that a grammar's table describes."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from tree_sitter import Node

from auditor.detect import fallback
from auditor.detect.context import Context
from auditor.detect.grammar import Assign, Binary, Call, Choice, Index, Items, Member, Name, Pair, Record, Same, Text
from auditor.detect.text import column
from auditor.detect.treecalls import Calls
from auditor.detect.treecollections import Collections
from auditor.detect.treeguards import AND, OR, guards_of
from auditor.detect.treepath import find, text
from auditor.detect.treescope import TYPES, Scopes, several
from auditor.domain.fact import Argument, Binds, Bound, Compared, Entry, Fact, Literal, Loose, Place, Read
from auditor.domain.source import Span

_LONGEST = 300  # characters of a string that may be a name or an address
_DEEPEST = 60  # wrappers around a value
_COMPARES = frozenset("== === != !== < > <= >= in eq ne =~ !~ <=>".split())
_SWITCHES = ("true", "false")
_JOINS = frozenset("+ . ++".split())
_DOLLAR = re.compile(r"\$[A-Za-z_]\w*")

Visit = Callable[[Node | None, Place, Context], None]


class Values:
    """Turns expressions into facts. One for each file; `visit_any` reads what is no expression."""

    def __init__(self, scopes: Scopes, rows: list[str], emit: Callable[[Fact], None], visit_any: Visit) -> None:
        self.scopes = scopes
        self.emit = emit
        self.visit_any = visit_any
        self._rows = rows
        self.collections = Collections(self)
        self._calls = Calls(self)

    def visit(self, node: Node, place: Place, at: Context) -> None:
        """The facts of one expression whose value goes to `place`."""
        match self.scopes.row(node):
            case Text() as row:
                self._text(row, node, place, at)
            case Name() | Member() | Index() as row:
                self._named(row, node, place, at)
            case Call() as row:
                self._calls.visit(row, node, place, at)
            case Record(kind, fields):
                self.collections.record(find(node, kind), find(node, fields), node, place, at)
            case Items(turns, sign):
                self.collections.items(node, place, at, turns=turns, sign=sign)
            case Pair(_, value):
                self.visit_any(find(node, value), place, at)
            case Binary() as row:
                self._binary(row, node, place, at)
            case Choice(test, then, other):
                first = find(node, then)
                self.visit_any(find(node, test), Compared("if") if first else place, at)
                guards = (*at.guards, *guards_of(self.scopes, find(node, test)))
                self.visit_any(first, place, replace(at, guards=guards))
                self.visit_any(find(node, other), place, self._instead(find(node, test), at))
            case Assign() as row:
                self._assign(row, node, at)
            case _ if isinstance(place, Bound) and text(node) in _SWITCHES:
                self.literal(text(node), node, place, at)
            case _:
                for i, child in enumerate(node.named_children):
                    if node.field_name_for_named_child(i) not in TYPES:
                        self.visit_any(child, Loose(), at)

    def span(self, node: Node) -> Span:
        (line, at), (end_line, end) = node.start_point, node.end_point
        return Span(line + 1, self._column(line, at), end_line + 1, self._column(end_line, end))

    def start(self, node: Node) -> tuple[int, int]:
        line, at = node.start_point
        return line + 1, self._column(line, at)

    def _column(self, line: int, offset: int) -> int:
        return column(self._rows[line] if line < len(self._rows) else "", offset)

    def read(self, name: str, place: Place, node: Node, at: Context, key: str = "") -> None:
        self.emit(Read(name, place, self.span(node), at.within, key, at.entries, at.guards))

    def bound(self, symbol: str, made: str) -> None:
        """Notes what a symbol is an instance of: its type, or what made its value."""
        if symbol and made.startswith("env:"):
            self.scopes.environment[symbol] = made[4:]
        elif symbol and made and made != symbol:
            self.scopes.instances[symbol] = made

    def noted(self, node: Node, place: Place, at: Context) -> None:
        """What the notes on a field or parameter give it: a tag, an attribute, an annotation."""
        if self.scopes.grammar.notes is not None:
            for value, holder, env, option in self.scopes.grammar.notes(node):
                self.literal(value, holder, place, replace(at, env=env, option=option))

    def made(self, value: Node | None) -> str:
        """The type that a value is an instance of, or the call that made it; "" for other values."""
        for _ in range(_DEEPEST):
            row = self.scopes.row(value) if value is not None else None
            match row:
                case Same(child):
                    value = find(value, child)
                case Binary(left, operator, _, sign) if (sign or text(find(value, operator))) in OR:
                    value = find(value, left)
                case Call() | Record() | Index():
                    return self.scopes.dotted(value)
                case Name():
                    return self.scopes.instances.get(self.scopes.dotted(value), "")
                case _:
                    return ""
        return ""

    def _text(self, row: Text, node: Node, place: Place, at: Context) -> None:
        value, dynamic = "", False
        for child in node.named_children:
            if child.type in row.parts:
                value += text(child)
            elif child.type in row.holes or not row.parts:
                value, dynamic = value + "{}", True
                self.visit_any(child, place, at)
        if row.dollars and "$" in value:
            value, dynamic = _DOLLAR.sub("{}", value), True
        self.literal(value, node, place, at, dynamic)

    def literal(self, value: str, node: Node, place: Place, at: Context, dynamic: bool = False) -> None:
        """One string, where it may be a name."""
        if not 2 <= len(value) <= _LONGEST or value == "{}" or any(c in " \n\t" for c in value):
            return
        span, whole = self.span(node), text(node)
        shown, start, _ = fallback.stripped(value, 0)
        if shown != value:
            if isinstance(place, Argument) and self.scopes.grammar.notes is not None:
                return  # of a note, which gives it to what it stands on
            at = replace(at, env=value[2:].partition(":")[0], fallback=True)
        offset = whole.find(value)
        if span.line == span.end_line and offset >= 0 and not dynamic:
            begin = span.column + offset + start
            span = Span(span.line, begin, span.line, begin + len(shown))
        self.emit(
            Literal(shown, span, place, at.within, at.entries, at.guards, at.env, at.option, dynamic, at.fallback)
        )

    def _named(self, row: Name | Member | Index, node: Node, place: Place, at: Context) -> None:
        base, key, inner = self._keyed(node)
        if base:
            self.read(base, place, node, at, key)
        if inner is not None and not isinstance(self.scopes.row(inner), Name | Member):
            self.visit_any(inner, Loose(), replace(at, entries=()))
        if isinstance(row, Index) and not base.startswith("env:"):
            self.visit_any(find(node, row.key), Compared("subscript"), replace(at, entries=()))

    def _keyed(self, node: Node) -> tuple[str, str, Node | None]:
        """`models["small"].name` -> (symbol of models, "small.name", models); a computed key is "*"."""
        keys: list[str] = []
        top, names = node, 0
        while True:
            row = self.scopes.row(top)
            if isinstance(row, Index):
                symbol = self.scopes.dotted(top)
                if symbol.startswith("env:"):
                    return symbol, "", None
                keys.append(self.scopes.string(find(top, row.key)).replace(":", ".") or "*")
                names = len(keys)
            elif isinstance(row, Member):
                keys.append(text(find(top, row.name)))
            else:
                break
            holder = find(top, row.holder)
            if holder is None:
                return self.scopes.dotted(node), "", None
            top = holder
        if not names:
            return self.scopes.dotted(node), "", top if top is not node else None
        base = self.scopes.dotted(top)
        for name in reversed(keys[names:]):
            base = f"{self.scopes.instances.get(base, base)}.{name}" if base else f"?.{name}"
        return base, ".".join(reversed(keys[:names])), top

    def _binary(self, row: Binary, node: Node, place: Place, at: Context) -> None:
        left, right, sign = find(node, row.left), find(node, row.right), row.sign or text(find(node, row.operator))
        bare = replace(at, entries=())
        if sign in OR:
            self.visit_any(left, place, at)
            self.visit_any(right, place, self._instead(left, at))
        elif sign in AND:
            self.visit_any(left, Compared(sign), bare)
            guards = (*at.guards, *guards_of(self.scopes, left))
            self.visit_any(right, place, replace(at, guards=guards))
        elif sign in _JOINS:
            for side, make in ((left, "{0}{{}}"), (right, "{{}}{0}")):
                value = self.scopes.string(side)
                if value and side is not None:
                    self.literal(make.format(value.replace("{", "").replace("}", "")), side, place, at, dynamic=True)
                else:
                    self.visit_any(side, place, at)
        else:
            compared: Place = Compared(sign) if sign in _COMPARES else Loose()
            self.visit_any(left, compared, bare)
            self.visit_any(right, compared, bare)

    def _instead(self, first: Node | None, at: Context) -> Context:
        """The surroundings of what counts where the first value is missing."""
        symbol = self.scopes.dotted(first)
        env = symbol[4:] if symbol.startswith("env:") else self.scopes.environment.get(symbol, at.env)
        return replace(at, fallback=True, env=env)

    def _assign(self, row: Assign, node: Node, at: Context) -> None:
        targets, value = several(find(node, row.left)), find(node, row.right)
        values = several(value)
        for i, target in enumerate(targets):
            given = values[i] if len(values) == len(targets) else values[0] if values and i == 0 else None
            self._give(target, given, at)

    def _give(self, target: Node, value: Node | None, at: Context) -> None:
        target = self.scopes.bare(target)
        kind = self.scopes.row(target)
        leaf = self.scopes.leaf(target)
        entries: tuple[Entry, ...] = ()
        if isinstance(kind, Index):
            key = self.scopes.string(find(target, kind.key))
            symbol = self.scopes.dotted(find(target, kind.holder))
            entries = (Entry(key, 1, True, (), self.start(target)),) if key else ()
        elif isinstance(kind, Name) and self.scopes.grammar.assigns and not self.scopes.knows(text(target)):
            symbol = self.scopes.declare(leaf)
        else:
            symbol = self.scopes.dotted(target)
        if isinstance(kind, Index | Name):
            self.bound(symbol, self.made(value))
        if symbol in self.scopes.empty:
            at = replace(at, fallback=True, env=self.scopes.environment.get(symbol, ""))
        field = isinstance(kind, Member) or leaf != symbol.rpartition(".")[2] or text(target).startswith("@")
        place: Place = Bound(symbol, Binds.FIELD if field else Binds.CONSTANT) if symbol else Loose()
        self.visit_any(value, place, replace(at, entries=(*entries, *at.entries)))
