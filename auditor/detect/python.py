"""Python source to facts. *Source*: the standard library's `ast`; nothing is ever imported or run."""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Iterator
from dataclasses import replace

from auditor.detect import prose
from auditor.detect.context import Context
from auditor.detect.pyfolders import is_own
from auditor.detect.pyguards import Conditions
from auditor.detect.pyscope import Scopes, made_by
from auditor.detect.pyvalues import Values
from auditor.detect.text import Lines, column, decode
from auditor.domain.fact import (
    Alias,
    Binds,
    Bound,
    Call,
    Compared,
    Entry,
    Fact,
    Guard,
    Import,
    Loose,
    Place,
    Read,
    Signature,
)
from auditor.domain.source import SourceFile, Span

_LIMIT = 2 << 20  # bytes
_COMMENT = re.compile(r"^[^\S\n]*#[^\n]*|[^\S\n]{1,8}#[^\n\"']*$", re.MULTILINE)
_BREAK = re.compile(r"\r\n?|\n")
_ENUMS = frozenset("Enum StrEnum IntEnum Flag TextChoices Choices".split())


def parse(file: SourceFile) -> Iterator[Fact]:
    """The facts of one module. *Raises*: SyntaxError, RecursionError and MemoryError on input that is not Python."""
    yield from parse_text(file.path, decode(file.load(_LIMIT)))


def parse_text(path: str, text: str) -> Iterator[Fact]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        tree = ast.parse(text)
    yield from _Module(path, text, tree).facts()


class _Module:
    def __init__(self, path: str, text: str, tree: ast.Module) -> None:
        self.tree = tree
        self.text = text
        self.lines = Lines(text)
        self.rows = _BREAK.split(text)
        self.scopes = Scopes(path, tree)
        self.values = Values(self.scopes, self.span, self.inside)
        self.conditions = Conditions()
        self.documented: list[tuple[int, int]] = []  # first and last lines of texts that span several lines

    def facts(self) -> Iterator[Fact]:
        yield from self._body(self.tree.body, "", Context())
        yield from self._comments()

    def span(self, node: ast.AST) -> Span:
        line, end_line = node.lineno, node.end_lineno or node.lineno  # type: ignore[attr-defined]
        return Span(line, self._column(line, node.col_offset), end_line, self._column(end_line, node.end_col_offset))  # type: ignore[attr-defined]

    def inside(self, node: ast.AST, text: str) -> Span:
        """The span of a string's text without its quotes, where the text stands as it is on one line."""
        span = self.span(node)
        if span.line != span.end_line:
            return span
        at = self.rows[span.line - 1].find(text, span.column - 1, span.end_column - 1)
        return span if at < 0 else Span(span.line, at + 1, span.line, at + 1 + len(text))

    def _column(self, line: int, offset: int) -> int:
        return column(self.rows[line - 1] if line <= len(self.rows) else "", offset)

    def _body(self, body: list[ast.stmt], qualname: str, at: Context) -> Iterator[Fact]:
        for statement in body:
            if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant):
                if isinstance(statement.value.value, str):
                    yield from self._docstring(statement.value)
                continue
            yield from self._statement(statement, qualname, at)
            if isinstance(statement, ast.If):
                at = replace(at, guards=(*at.guards, *self.conditions.after(statement, qualname)))

    def _statement(self, node: ast.stmt, qualname: str, at: Context) -> Iterator[Fact]:
        match node:
            case ast.Import(names=names):
                for alias in names:
                    yield Import(alias.name, self.span(node))
            case ast.ImportFrom():
                yield from self._import(node)
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                yield from self._function(node, qualname, at)
            case ast.ClassDef():
                yield from self._class(node, qualname, at)
            case ast.Assign(targets=targets, value=value):
                for target in targets:
                    self.conditions.note(target, value, qualname)
                    yield from self._assign(target, value, qualname, at)
            case ast.AnnAssign(target=target, value=value, annotation=annotation):
                kind = self.scopes.annotated(annotation)
                symbol = self._symbol(target, qualname)
                if kind and symbol:
                    self.scopes.instances.setdefault(symbol, kind)
                    yield Alias(symbol, kind)
                yield from self.values.visit(annotation, Loose("annotation"), at)
                if value is not None:
                    yield from self._assign(target, value, qualname, at)
            case ast.AugAssign(target=target, value=value):
                yield from self.values.visit(value, self._place(target, qualname), at)
            case ast.Return(value=value):
                given: Place = Bound(f"{self.scopes.module}.{qualname}()", Binds.RETURN) if qualname else Loose()
                yield from self.values.visit(value, given, at)
            case ast.If(test=test, body=body, orelse=other):
                yield from self.values.visit(test, Compared("if"), at)
                stated = self.conditions.of(test, qualname)
                yield from self._body(body, qualname, replace(at, guards=(*at.guards, *stated)))
                yield from self._body(other, qualname, at)
            case ast.Match(subject=subject, cases=cases):
                yield from self._match(subject, cases, qualname, at)
            case (
                ast.For(target=target, iter=items, body=body, orelse=other)
                | ast.AsyncFor(target=target, iter=items, body=body, orelse=other)
            ):
                yield from self.values.visit(items, self._place(target, qualname), at)
                yield from self._body([*body, *other], qualname, at)
            case ast.With(items=items, body=body) | ast.AsyncWith(items=items, body=body):
                for item in items:
                    place: Place = self._place(item.optional_vars, qualname) if item.optional_vars else Loose()
                    if isinstance(item.context_expr, ast.Call) and isinstance(place, Bound):
                        self.scopes.instances[place.symbol] = made_by(self.scopes.callee(item.context_expr.func))
                    yield from self.values.visit(item.context_expr, place, at)
                yield from self._body(body, qualname, at)
            case _:
                yield from self._other(node, qualname, at)

    def _other(self, node: ast.stmt, qualname: str, at: Context) -> Iterator[Fact]:
        for _, field in ast.iter_fields(node):
            children = field if isinstance(field, list) else [field]
            yield from self._body([child for child in children if isinstance(child, ast.stmt)], qualname, at)
            for child in children:
                if isinstance(child, ast.expr):
                    yield from self.values.visit(child, Loose(), at)
                elif isinstance(child, ast.ExceptHandler):
                    yield from self._body(child.body, qualname, at)

    def _import(self, node: ast.ImportFrom) -> Iterator[Fact]:
        base = self.scopes.absolute(node.module, node.level)
        for alias in node.names:
            name = f"{base}.{alias.name}" if base else alias.name
            yield Import(name, self.span(node))
            if self.scopes.is_package and alias.name != "*":
                yield Alias(f"{self.scopes.module}.{alias.asname or alias.name}", name)

    def _function(self, node: ast.FunctionDef | ast.AsyncFunctionDef, outer: str, at: Context) -> Iterator[Fact]:
        qualname = f"{outer}.{node.name}" if outer else node.name
        symbol = f"{self.scopes.module}.{qualname}"
        arguments = node.args
        ordered = [*arguments.posonlyargs, *arguments.args]
        parameters = [a.arg for a in (*ordered, *arguments.kwonlyargs)]
        if parameters[:1] in (["self"], ["cls"]):
            parameters = parameters[1:]
        yield Signature(symbol.removesuffix(".__init__"), tuple(parameters))
        inner = Context(within=qualname)
        for decorator in node.decorator_list:
            yield from self._decorator(decorator, symbol, at)
        if node.decorator_list and not outer:  # it is handed the function
            yield Read(symbol, Loose("decorator"), self.span(node.decorator_list[0]), outer)
        defaults = list(zip(reversed(ordered), reversed(arguments.defaults), strict=False))
        defaults += [(a, d) for a, d in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True) if d]
        for argument, default in defaults:
            yield from self.values.visit(default, Bound(f"{symbol}.{argument.arg}", Binds.PARAMETER), inner)
        for argument in (*ordered, *arguments.kwonlyargs):
            kind = self.scopes.annotated(argument.annotation)
            if kind:
                self.scopes.instances[f"{symbol}.{argument.arg}"] = kind
            if argument.annotation is not None:
                yield from self.values.visit(argument.annotation, Loose("annotation"), inner)
        self.scopes.enter_function(qualname, node)
        yield from self._body(node.body, qualname, inner)
        self.scopes.leave_function()

    def _decorator(self, node: ast.expr, symbol: str, at: Context) -> Iterator[Fact]:
        """`@click.option("--model", default="...")` gives the parameter `model` of the function below."""
        if not isinstance(node, ast.Call):
            return
        flags = [a.value for a in node.args if isinstance(a, ast.Constant) and isinstance(a.value, str)]
        option = next((f for f in flags if f.startswith("--")), "")
        named = next((f for f in flags if f.isidentifier()), option.lstrip("-").replace("-", "_"))
        place: Place = Bound(f"{symbol}.{named}", Binds.PARAMETER) if option else Loose()
        for argument in node.args:
            if not isinstance(argument, ast.Constant):
                yield from self.values.visit(argument, Loose(), at)
        for keyword in node.keywords:
            given = place if keyword.arg in ("default", "type") else Loose(keyword.arg or "")
            yield from self.values.visit(keyword.value, given, replace(at, option=option))
        yield Call(self.scopes.callee(node.func), len(node.args), (), self.span(node.func), at.within, guards=at.guards)

    def _class(self, node: ast.ClassDef, outer: str, at: Context) -> Iterator[Fact]:
        qualname = f"{outer}.{node.name}" if outer else node.name
        symbol = f"{self.scopes.module}.{qualname}"
        self.scopes.enter_class(qualname, node)
        for base in node.bases:
            parent = self.scopes.dotted(base)
            if parent:
                yield Alias(symbol, parent)
        fields = tuple(
            s.target.id for s in node.body if isinstance(s, ast.AnnAssign) and isinstance(s.target, ast.Name)
        )
        if fields and not any(isinstance(s, ast.FunctionDef) and s.name == "__init__" for s in node.body):
            yield Signature(symbol, fields)
        inner = Context(within=qualname)
        members = [s for s in node.body if isinstance(s, ast.Assign)]
        if any(self.scopes.dotted(b).rpartition(".")[2] in _ENUMS for b in node.bases):
            span = self.span(node)
            for i, member in enumerate(members):
                entry = Entry(ast.unparse(member.targets[0]), len(members), i == 0, (), (span.line, span.column))
                place = Bound(self._symbol(member.targets[0], qualname), Binds.FIELD)
                yield from self.values.visit(member.value, place, replace(inner, entries=(entry,)))
            yield from self._body([s for s in node.body if not isinstance(s, ast.Assign)], qualname, inner)
        else:
            yield from self._body(node.body, qualname, inner)
        self.scopes.leave_class()

    def _assign(self, target: ast.expr, value: ast.expr, qualname: str, at: Context) -> Iterator[Fact]:
        if isinstance(target, ast.Tuple | ast.List) and isinstance(value, ast.Tuple | ast.List):
            if len(target.elts) == len(value.elts):
                for one, given in zip(target.elts, value.elts, strict=True):
                    yield from self._assign(one, given, qualname, at)
                return
        if isinstance(target, ast.Subscript):
            if isinstance(target.slice, ast.Constant) and isinstance(target.slice.value, str):
                holder = self.scopes.dotted(target.value)
                if holder == "os.environ":
                    place: Place = Bound(f"env:{target.slice.value}", Binds.CONSTANT)
                    yield from self.values.visit(value, place, at)
                    return
                span = self.span(target)
                entry = Entry(target.slice.value, 1, True, (), (span.line, span.column))
                at = replace(at, entries=(entry, *at.entries))
            yield from self.values.visit(value, self._place(target.value, qualname), at)
            return
        symbol = self._symbol(target, qualname)
        made = self.scopes.instance(value)
        if symbol and is_own(value, self.scopes):
            self.scopes.own_folders.add(symbol)
        if symbol and made:
            self.scopes.instances[symbol] = made
            yield Alias(symbol, made)
        yield from self.values.visit(value, self._place(target, qualname), at)

    def _symbol(self, target: ast.expr, qualname: str) -> str:
        """The symbol that an assignment gives a value to: in a class body, its field."""
        owner = self.scopes.owner()
        if isinstance(target, ast.Name) and owner == f"{self.scopes.module}.{qualname}":
            return f"{owner}.{target.id}"
        return self.scopes.dotted(target)

    def _place(self, target: ast.expr, qualname: str) -> Place:
        symbol = self._symbol(target, qualname)
        field = isinstance(target, ast.Attribute) or (
            symbol.startswith(f"{self.scopes.owner()}.") and bool(self.scopes.owner())
        )
        return Bound(symbol, Binds.FIELD if field else Binds.CONSTANT) if symbol else Loose()

    def _match(self, subject: ast.expr, cases: list[ast.match_case], qualname: str, at: Context) -> Iterator[Fact]:
        yield from self.values.visit(subject, Compared("match"), at)
        name = self.scopes.dotted(subject).rpartition(".")[2]
        for case in cases:
            values = [n.value for n in ast.walk(case.pattern) if isinstance(n, ast.MatchValue)]
            for value in values:
                yield from self.values.visit(value, Compared("match"), at)
            given = tuple(
                Guard(name, str(v.value) if isinstance(v, ast.Constant) else self.scopes.dotted(v).rpartition(".")[2])
                for v in values
                if not isinstance(v, ast.Constant) or isinstance(v.value, str)
            )
            yield from self._body(case.body, qualname, replace(at, guards=(*at.guards, *given)))

    def _docstring(self, node: ast.Constant) -> Iterator[Fact]:
        span = self.span(node)
        self.documented.append((span.line, span.end_line))
        start, end = self.lines.offset(span.line, 1), self.lines.offset(span.end_line + 1, 1)
        yield from prose.words(self.text[start:end], start, self.lines, "docstring")

    def _comments(self) -> Iterator[Fact]:
        for found in _COMMENT.finditer(self.text):
            line = self.lines.position(found.end())[0]
            if not any(first <= line <= last for first, last in self.documented):
                yield from prose.words(found.group(), found.start(), self.lines, "comment")
