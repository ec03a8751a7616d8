"""Functions, types and enumerations in source that a grammar's table describes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from tree_sitter import Node

from auditor.detect.context import Context
from auditor.detect.grammar import Bind, Block, Case, Function, Name, Parameter, Same, Type
from auditor.detect.treepath import find
from auditor.detect.treescope import TYPES, Scopes, holds
from auditor.detect.treevalues import Values
from auditor.domain.fact import Alias, Argument, Binds, Bound, Entry, Loose, Place, Signature


class Declarations:
    """Reads what declarations declare; `visit` reads their bodies and values."""

    def __init__(self, scopes: Scopes, values: Values, visit: Callable[[Node | None, Place, Context], None]) -> None:
        self._scopes = scopes
        self._values = values
        self._visit = visit

    def function(self, row: Function, node: Node, place: Place, at: Context) -> None:
        given = self._scopes.leaf(find(node, row.name))
        own = given or f"<{node.start_point[0] + 1}>"
        receiver = find(node, row.receiver)
        kind = self._scopes.dotted(find(receiver, "#0/type")) if receiver is not None else ""
        outer = kind.removeprefix(f"{self._scopes.prefix}.") if kind else at.within
        qualname = f"{outer}.{own}" if outer else own
        symbol = self._scopes.symbol(qualname)
        if given and self._scopes.in_function:
            self._scopes.declare(given)
        inner = Context(within=qualname)
        self._scopes.enter_function(symbol)
        if receiver is not None:
            self._values.bound(self._scopes.declare(self._scopes.leaf(find(receiver, "#0/name"))), kind)
        names: list[str] = []
        for parameter in self._parameters(find(node, row.parameters)):
            if isinstance(self._scopes.row(parameter), Parameter):
                names += self._parameter(parameter, symbol, inner)
            else:
                names.append(self._scopes.leaf(parameter))
                self._scopes.declare(names[-1])
        makes = given in self._scopes.grammar.constructors or (given and self._scopes.owner.endswith(f".{given}"))
        self._values.emit(Signature(symbol.rpartition(".")[0] if makes else symbol, tuple(names)))
        body = find(node, row.body)
        yields = self._scopes.grammar.yields or not isinstance(self._scopes.row(body) if body else None, Block)
        returned: Place = Bound(f"{symbol}()", Binds.RETURN) if yields else Loose()
        self._visit(body, returned if given or isinstance(place, Loose) else place, inner)
        self._others(node, (body, *(find(node, p) for p in (row.name, row.parameters, row.receiver))), inner)
        self._scopes.leave_function()

    def _parameters(self, node: Node | None) -> Iterator[Node]:
        """The parameters below a node, in order; a bare name is one, too."""
        for child in node.named_children if node is not None else ():
            if isinstance(self._scopes.row(child), Parameter) or child.type == "identifier":
                yield child
            elif isinstance(self._scopes.row(child), Same):
                yield from self._parameters(child)

    def _parameter(self, node: Node, function: str, at: Context) -> list[str]:
        row = self._scopes.row(node)
        assert isinstance(row, Parameter)
        value, kind = find(node, row.value), self._scopes.dotted(find(node, row.kind))
        more = node.children_by_field_name(row.name)[1:]
        names = [self._scopes.leaf(find(node, row.name))]
        names += [self._scopes.leaf(n) for n in more if isinstance(self._scopes.row(n), Name)]
        for name in filter(None, names):
            place = Bound(f"{function}.{name}", Binds.PARAMETER)
            self._scopes.declare(name)
            self._values.bound(place.symbol, kind)
            if value is not None:
                self._visit(value, place, at)
            self._values.noted(node, place, at)
        return [n for n in names if n]

    def type(self, row: Type, node: Node, at: Context) -> None:
        name, body = self._scopes.leaf(find(node, row.name)), find(node, row.body)
        outer = at.within
        known = self._scopes.dotted(find(node, row.name)) if name else ""
        qualname = f"{outer}.{name}" if outer else name
        symbol = self._scopes.symbol(qualname)
        if known.startswith(f"{self._scopes.prefix}.") or not self._scopes.prefix:
            symbol = known or symbol  # a further part of a type that stands elsewhere
        if self._scopes.grammar.shared and name and not outer:
            self._values.emit(Alias(f"{self._scopes.grammar.language}.{name}", symbol))
        bases = find(node, row.bases)
        for base in (bases, *(bases.named_children if bases is not None else ())):
            parent = self._scopes.dotted(base)
            if parent and parent != symbol:
                self._values.emit(Alias(symbol, parent))
                break
        if name and self._scopes.in_function:
            self._scopes.declare(name)
        names = set(self._scopes.declared(body)) if body is not None else set()
        inner = Context(within=qualname)
        self._scopes.enter_type(symbol, names)
        parameters = list(self._parameters(find(node, row.parameters)))
        fields = [f for p in parameters for f in self._parameter_field(p, symbol, inner)]
        members = body.named_children if body is not None else []
        if not parameters:
            fields = [self._scopes.leaf(find(m, r.name)) for m in members if isinstance(r := self._scopes.row(m), Bind)]
        if fields:
            self._values.emit(Signature(symbol, tuple(filter(None, fields))))
        if body is not None:
            for member in members:
                self._visit(member, Loose(), inner)
        self._scopes.leave_type()
        self._others(node, (body, *(find(node, p) for p in (row.name, row.bases, row.parameters))), at)

    def _parameter_field(self, node: Node, symbol: str, at: Context) -> list[str]:
        """A parameter of a constructor that stands in the head of its class is a field of it."""
        row = self._scopes.row(node)
        assert isinstance(row, Parameter)
        name, value = self._scopes.leaf(find(node, row.name)), find(node, row.value)
        place = Bound(f"{symbol}.{name}", Binds.FIELD)
        self._scopes.declare(name)
        self._values.bound(place.symbol, self._scopes.dotted(find(node, row.kind)))
        if value is not None:
            self._visit(value, place, at)
        self._values.noted(node, place, at)
        return [name]

    def case(self, row: Case, node: Node, at: Context) -> None:
        siblings = [c for c in node.parent.named_children if c.type == node.type] if node.parent is not None else [node]
        start = self._values.span(node.parent or node)
        name = self._scopes.leaf(find(node, row.name))
        entry = Entry(name, len(siblings), siblings[0] == node, (), (start.line, start.column))
        inner = replace(at, entries=(entry,))
        self._visit(find(node, row.value), Bound(f"{self._scopes.owner}.{name}", Binds.FIELD), inner)
        arguments = find(node, row.arguments)
        for i, value in enumerate(arguments.named_children if arguments is not None else ()):
            self._visit(value, Argument(self._scopes.owner, i, ""), inner)

    def _others(self, node: Node, taken: tuple[Node | None, ...], at: Context) -> None:
        for i, child in enumerate(node.named_children):
            plain = isinstance(self._scopes.row(child), Parameter | Name)
            if not plain and not holds(child, taken) and node.field_name_for_named_child(i) not in TYPES:
                self._visit(child, Loose(), at)
