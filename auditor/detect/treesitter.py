"""Source in any language that has a grammar's table, to facts. *Source*: tree-sitter's grammars, one wheel a language."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import cache

from tree_sitter import Language, Node, Parser

from auditor.detect import prose
from auditor.detect.bounded import parsed
from auditor.detect.context import Context
from auditor.detect.grammar import (
    Bind,
    Block,
    Branch,
    Case,
    Comment,
    Function,
    Grammar,
    If,
    Loop,
    Return,
    Same,
    Skip,
    Space,
    Switch,
    Text,
    Type,
)
from auditor.detect.text import Lines, read
from auditor.detect.treedeclared import Declarations
from auditor.detect.treeguards import emptied, guards_of, labelled, values_of
from auditor.detect.treepath import find, text
from auditor.detect.treescope import Scopes, holds, several
from auditor.detect.treevalues import Values
from auditor.domain.fact import Binds, Bound, Compared, Fact, Guard, Import, Loose, Place
from auditor.domain.source import SourceFile

_LIMIT = 2 << 20  # bytes
_RETURN = re.compile(r"\r(?!\n)")
_LONGEST_LINE = 20_000  # characters: beyond, the file was written by a program
_DEEPEST = 150  # levels of the tree that are read
_MOST = 300_000  # parts of the tree that are read


def parse(file: SourceFile, grammar: Grammar) -> Iterator[Fact]:
    """The facts of one file. *Raises* ValueError for what nobody wrote, and after the facts of what could be read."""
    source = read(file, _LIMIT)
    if max(map(len, source.split("\n")), default=0) > _LONGEST_LINE:
        raise ValueError("minified: lines too long to have been written by hand")
    yield from parse_text(file.path, source, grammar)


def parse_text(path: str, source: str, grammar: Grammar) -> Iterator[Fact]:
    source = _RETURN.sub("\n", source)  # the grammars know no line that ends in it alone
    tree = parsed(_parser(grammar), source.encode("utf-8", "replace"))
    reader = _Reader(path, source, tree.root_node, grammar)
    reader.read()
    yield from reader.facts
    if reader.too_much:
        raise ValueError(f"more than {_MOST} parts: what begins behind line {reader.too_much} was not read")
    if reader.too_deep:
        raise ValueError(f"nested deeper than {_DEEPEST} levels from line {reader.too_deep} on")


@cache
def _parser(grammar: Grammar) -> Parser:
    return Parser(Language(grammar.grammar()))


class _Reader:
    """Walks the statements of one file; what has a value is handed to `Values`, and comes back for its bodies."""

    def __init__(self, path: str, source: str, root: Node, grammar: Grammar) -> None:
        self.facts: list[Fact] = []
        self.too_deep = 0  # line of the first part that was nested too deep
        self.too_much = 0  # line where reading ended
        self._depth = 0
        self._parts = 0
        self._root = root
        self._grammar = grammar
        self._lines = Lines(source)
        self._scopes = Scopes(grammar, path, root)
        self._values = Values(self._scopes, source.split("\n"), self.facts.append, self._visit)
        self._declarations = Declarations(self._scopes, self._values, self._visit)

    def read(self) -> None:
        for symbol, node in dict.fromkeys((i.symbol, i.node) for i in self._scopes.imported):
            self.facts.append(Import(symbol, self._values.span(node)))
        self._children(self._root, Context())

    def _visit(self, node: Node | None, place: Place, at: Context) -> None:
        if node is None:
            return
        if self._depth >= _DEEPEST:
            self.too_deep = self.too_deep or node.start_point[0] + 1
            return
        if self._parts >= _MOST:
            self.too_much = self.too_much or node.start_point[0] + 1
            return
        self._parts += 1
        self._depth += 1
        try:
            self._statement(node, place, at)
        finally:
            self._depth -= 1

    def _statement(self, node: Node, place: Place, at: Context) -> None:
        if self._grammar.is_test is not None and self._grammar.is_test(node):
            self._aside(node)
            return
        match self._scopes.row(node):
            case Skip():
                return
            case Comment():
                span = self._values.span(node)
                start = self._lines.offset(span.line, span.column)
                self.facts.extend(prose.words(text(node), start, self._lines, "comment"))
            case Same(path):
                inner = find(node, path)
                self._visit(inner, place, at)
                self._others(node, (inner,), at)
            case Block():
                self._block(node, place, at)
            case Bind() as row:
                self._bind(row, node, at)
            case Function() as row:
                self._declarations.function(row, node, place, at)
            case Type() as row:
                self._declarations.type(row, node, at)
            case Space(path, body):
                inner = find(node, body)
                if inner is not None:
                    self._scopes.enter_space(text(find(node, path)).replace("\\", ".").replace("::", "."), inner)
                    self._children(inner, at)
                    self._scopes.leave_space()
            case Case() as row:
                self._declarations.case(row, node, at)
            case Return():
                given: Place = Bound(f"{self._scopes.symbol(at.within)}()", Binds.RETURN)
                if not at.within:  # what a file gives back has the file's name
                    given = Bound(self._scopes.module, Binds.CONSTANT)
                for child in node.named_children:
                    for value in several(child):
                        self._visit(value, given, at)
            case If() as row:
                self._if(row, node, place, at)
            case Switch(subject):
                self._switch(find(node, subject), node, place, at)
            case Loop(element, over):
                collection, names = find(node, over), several(find(node, element))
                symbol = self._scopes.declare(self._scopes.leaf(names[-1])) if names else ""
                self._visit(collection, Bound(symbol, Binds.CONSTANT) if symbol else Loose(), at)
                self._others(node, (collection, find(node, element)), at)
            case _:
                self._values.visit(node, place, at)

    def _aside(self, node: Node) -> None:
        """The strings of a test that stands among what runs: nothing that runs takes them."""
        stack = [node]
        while stack:
            here = stack.pop()
            if isinstance(self._scopes.row(here), Text):
                span = self._values.span(here)
                start = self._lines.offset(span.line, span.column)
                self.facts.extend(prose.words(text(here), start, self._lines, "test"))
            stack.extend(reversed(here.named_children))

    def _children(self, node: Node, at: Context) -> None:
        for child in node.named_children:
            self._visit(child, Loose(), at)

    def _others(self, node: Node, taken: tuple[Node | None, ...], at: Context) -> None:
        for child in node.named_children:
            if not holds(child, taken):
                self._visit(child, Loose(), at)

    def _block(self, node: Node, place: Place, at: Context) -> None:
        children = node.named_children
        last = next((c for c in reversed(children) if not isinstance(self._scopes.row(c), Comment)), None)
        for child in children:
            yielded = self._grammar.yields and child == last
            self._visit(child, place if yielded else Loose(), at)

    def _bind(self, row: Bind, node: Node, at: Context) -> None:
        names, value = several(find(node, row.name)), find(node, row.value)
        values = several(value) if value is not None and value not in names else []
        kind = self._scopes.dotted(find(node, row.kind))
        field = bool(self._scopes.owner) and not self._scopes.in_function
        for i, name in enumerate(names):
            called = self._scopes.leaf(name)
            given = values[i] if len(values) == len(names) else values[0] if values and i == 0 else None
            made = kind or self._values.made(given)  # asked before the name is one of ours
            symbol = self._scopes.declare(called) if called and called != "_" else ""
            place: Place = Bound(symbol, Binds.FIELD if field else Binds.CONSTANT) if symbol else Loose()
            self._values.bound(symbol, made)
            if given is not None:
                self._visit(given, place, at)
            self._values.noted(node, place, at)
        kind_node = None if row.kind.startswith("^") else find(node, row.kind)
        self._others(node, (find(node, row.name), value, kind_node), at)

    def _if(self, row: If, node: Node, place: Place, at: Context) -> None:
        test, before = find(node, row.test), find(node, row.before)
        self._visit(before, Loose(), at)
        self._visit(test, Compared("if"), at)
        guards = () if row.negated else guards_of(self._scopes, test)
        nothing = emptied(self._scopes, test)
        first = True
        for child in node.named_children:
            if child in (test, before) or isinstance(self._scopes.row(child), Comment):
                continue
            if first and nothing:
                self._scopes.empty.append(nothing)
            self._visit(child, place, replace(at, guards=(*at.guards, *guards)) if first else at)
            if first and nothing:
                self._scopes.empty.pop()
            first = False

    def _switch(self, subject: Node | None, node: Node, place: Place, at: Context) -> None:
        self._visit(find(node, "initializer"), Loose(), at)
        self._visit(subject, Compared("switch"), at)
        name = self._scopes.dotted(subject).rpartition(".")[2]
        stack = [c for c in node.named_children if c not in (subject, find(node, "initializer"))]
        while stack:
            child = stack.pop(0)
            row = self._scopes.row(child)
            if not isinstance(row, Branch):
                if row is None or isinstance(row, Block):
                    stack[:0] = child.named_children
                else:
                    self._visit(child, place, at)
                continue
            labels, body = labelled(child, row.labels)
            guards: list[Guard] = []
            for label in labels:
                for part, said in values_of(self._scopes, label):
                    self._visit(part, Compared("switch"), replace(at, entries=()))
                    guards.append(Guard(name, said))
            for i, part in enumerate(body):
                given = place if i == len(body) - 1 else Loose()
                self._visit(part, given, replace(at, guards=(*at.guards, *guards)))
