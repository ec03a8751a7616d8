"""Where the values of Python expressions go: strings and reads of names, each with the place it ends up in."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from dataclasses import replace

from auditor.detect.context import Context
from auditor.detect.pychoosers import chosen_first
from auditor.detect.pydefaults import (
    defaults_of,
    field,
    is_field,
    is_variable,
    option,
    read_option,
    reads_environment,
    sets_environment,
)
from auditor.detect.pyfolders import folder_of, is_own, joins
from auditor.detect.pyguards import guards_of
from auditor.detect.pyobjects import as_mapping, field_of_entry
from auditor.detect.pyscope import Scopes, key_of
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
# Calls that hand on what they are given, by their last name; methods do so with the object they are called on.
_SAME_CALLS = frozenset("str cast Path PurePath SecretStr getattr quote".split())
_SAME_METHODS = frozenset(
    "strip lstrip rstrip lower upper replace removeprefix removesuffix format split rsplit partition rpartition "
    "get_secret_value copy".split()
)
_PATHS = frozenset(f"os.path.{name}" for name in "abspath expanduser realpath normpath".split())
_TESTS = frozenset("startswith endswith find index count match fullmatch search".split())


class Values:
    """Turns expressions into facts. One for each file."""

    def __init__(self, scopes: Scopes, span: Callable[[ast.AST], Span], inside: Callable[[ast.AST, str], Span]) -> None:
        self.scopes = scopes
        self.span = span
        self.inside = inside

    def visit(self, node: ast.expr | None, place: Place, at: Context) -> Iterator[Fact]:
        """The facts of one expression whose value goes to `place`."""
        match node:
            case None:
                return
            case ast.Constant(value=str(text)):
                if 2 <= len(text) <= _LONGEST and not any(c in " \n\t" for c in text.strip()):
                    yield self._literal(text, node, place, at)
            case ast.Constant(value=bool(switch)):
                local = isinstance(place, Bound) and place.how is Binds.CONSTANT and at.within
                if isinstance(place, Bound) and (not local or at.entries or at.env):
                    yield self._literal(str(switch).lower(), node, place, at)
            case ast.JoinedStr():
                yield from self._template(node, place, at)
            case ast.Name() | ast.Attribute():
                name = self.scopes.dotted(node)
                for read in dict.fromkeys((name, name.removesuffix(".value"))) if name else ():  # an enum's own value
                    yield Read(read, place, self.span(node), at.within, "", at.entries, at.guards)
                yield from field_of_entry(node, self.scopes, place, self.span(node), at)
                if isinstance(node, ast.Attribute) and not isinstance(node.value, ast.Name):
                    yield from self.visit(node.value, Loose(), replace(at, entries=()))
            case ast.Call():
                yield from self._call(node, place, at)
            case ast.Dict():
                yield from self._mapping(node, place, at)
            case ast.List() | ast.Tuple() | ast.Set():
                start = self._start(node)
                for i, element in enumerate(node.elts):
                    entry = Entry("", len(node.elts), i == 0, (), start)
                    yield from self.visit(element, place, replace(at, entries=(entry, *at.entries)))
            case ast.Subscript(value=value, slice=key):
                yield from self._subscript(node, value, key, place, at)
            case ast.BoolOp(values=values, op=op):
                for i, value in enumerate(values):
                    handed_on = isinstance(op, ast.Or) or i == len(values) - 1
                    yield from self.visit(value, place if handed_on else Compared("and"), replace(at, fallback=i > 0))
            case ast.IfExp(test=test, body=body, orelse=other):
                yield from self.visit(test, Compared("if"), at)
                yield from self.visit(body, place, replace(at, guards=(*at.guards, *guards_of(test))))
                yield from self.visit(other, place, replace(at, fallback=True))
            case ast.Compare(left=left, comparators=others, ops=ops):
                operator = type(ops[0]).__name__
                for side in (left, *others):
                    yield from self.visit(side, Compared(operator), replace(at, entries=()))
            case ast.BinOp(left=left, right=right, op=ast.Add() | ast.Div() | ast.Mod() as op):
                yield from self._joined(left, right, "/" if isinstance(op, ast.Div) else "", place, at)
            case ast.Lambda(body=body):
                yield from self.visit(body, place, at)
            case (
                ast.ListComp(elt=element, generators=loops)
                | ast.SetComp(elt=element, generators=loops)
                | ast.GeneratorExp(elt=element, generators=loops)
            ):
                yield from self._loops(loops, at)
                yield from self.visit(element, place, at)
            case ast.DictComp(key=key, value=value, generators=loops):
                yield from self._loops(loops, at)
                yield from self.visit(key, Loose(), at)
                yield from self.visit(value, place, at)
            case ast.NamedExpr(target=target, value=value):
                yield from self.visit(value, Bound(self.scopes.dotted(target), Binds.CONSTANT), at)
            case _:
                for child in ast.iter_child_nodes(node):
                    if isinstance(child, ast.expr):
                        same = isinstance(node, ast.Await | ast.Starred | ast.FormattedValue)
                        yield from self.visit(child, place if same else Loose(), at)

    def _literal(self, text: str, node: ast.expr, place: Place, at: Context, dynamic: bool = False) -> Literal:
        return Literal(
            text,
            self.inside(node, text),
            place,
            at.within,
            at.entries,
            at.guards,
            at.env,
            at.option,
            dynamic,
            at.fallback,
            at.holder,
        )

    def _template(self, node: ast.JoinedStr, place: Place, at: Context) -> Iterator[Fact]:
        text = ""
        for part in node.values:
            if isinstance(part, ast.Constant):
                text += str(part.value)
            elif isinstance(part, ast.FormattedValue):
                text += "{}"
                yield from self.visit(part.value, place, at)
        if 3 <= len(text) <= _LONGEST and text != "{}" and not any(c in " \n\t" for c in text):
            yield self._literal(text, node, place, at, dynamic=True)

    def _joined(self, left: ast.expr, right: ast.expr, sign: str, place: Place, at: Context) -> Iterator[Fact]:
        """`"org/" + name`: the known part is a template, the rest is handed on."""
        if sign:
            yield from self.visit(left, place, at)
            yield from self._in_folder(left, right, place, at)
            return
        for side, make in ((left, "{0}{{}}"), (right, "{{}}{0}")):
            if isinstance(side, ast.Constant) and isinstance(side.value, str):
                text = make.format(side.value)
                if len(text) <= _LONGEST and not any(c in " \n\t" for c in text):
                    yield self._literal(text, side, place, at, dynamic=True)
            else:
                yield from self.visit(side, place, at)

    def _in_folder(self, folder: ast.expr | None, name: ast.expr, place: Place, at: Context) -> Iterator[Fact]:
        """A file's name in a folder; `dynamic` in one that is not the program's own, where it is a part of what lies there."""
        if not isinstance(name, ast.Constant):
            yield from self.visit(name, place, at)
        elif isinstance(text := name.value, str) and 2 <= len(text) <= _LONGEST and not any(c in " \n\t" for c in text):
            yield self._literal(text, name, place, at, dynamic=not is_own(folder, self.scopes))

    def _mapping(self, node: ast.Dict, place: Place, at: Context) -> Iterator[Fact]:
        start = self._start(node)
        keys = [key_of(k) for k in node.keys]
        named = tuple(k for k in keys if k)[:_KEYS]
        holder = place.symbol if isinstance(place, Bound) else ""
        variables = sets_environment(place, at)
        for i, (key, value) in enumerate(zip(node.keys, node.values, strict=True)):
            entry = Entry(keys[i], len(node.keys), i == 0, named, start)
            inner = replace(at, entries=(entry, *at.entries))
            if key is not None:
                yield from self.visit(key, Key(holder, len(node.keys)), inner)
            if variables and is_variable(keys[i]):
                yield from self.visit(value, Bound(f"env:{keys[i]}", Binds.CONSTANT), replace(at, entries=()))
            else:
                yield from self.visit(value, place, inner)

    def _subscript(
        self, node: ast.Subscript, value: ast.expr, key: ast.expr, place: Place, at: Context
    ) -> Iterator[Fact]:
        if isinstance(value, ast.Name | ast.Attribute) and self.scopes.dotted(value).endswith("Literal"):
            # typing.Literal["a", "b"]: a menu in an annotation.
            yield from self.visit(key, Loose("annotation"), at)
            return
        name, path = self.scopes.keyed(node)
        if name == "os.environ":
            yield Read(f"env:{path}", place, self.span(node), at.within, "", at.entries, at.guards)
        elif name:
            yield Read(name, place, self.span(node), at.within, path, at.entries, at.guards)
            yield from read_option(name, path, place, self.span(node), at)
            if not isinstance(value, ast.Name):  # `LLM(X).generate(t)[0]`: what is called inside still counts
                yield from self.visit(value, Loose(), replace(at, entries=()))
        else:
            yield from self.visit(value, place, at)
        yield from self.visit(key, Compared("subscript"), replace(at, entries=()))

    def _call(self, node: ast.Call, place: Place, at: Context) -> Iterator[Fact]:
        callee = self.scopes.callee(node.func)
        last = callee.rpartition(".")[2]
        holder = place.symbol if isinstance(place, Bound) and place.how is not Binds.RETURN else at.holder
        bare = replace(at, entries=(), env="", option="", fallback=False, holder=holder)
        if isinstance(node.func, ast.Attribute):
            if last in _SAME_METHODS:
                yield from self.visit(node.func.value, place, at)
                for argument in node.args:
                    yield from self.visit(argument, Loose(), bare)
                return
            if last in _TESTS:
                for argument in node.args:
                    yield from self.visit(argument, Compared(last), bare)
                yield from self.visit(node.func.value, Compared(last), bare)
                return
        if reads_environment(callee, node):
            name = str(node.args[0].value) if isinstance(node.args[0], ast.Constant) else "*"
            yield Read(f"env:{name}", place, self.span(node), at.within, "", at.entries, at.guards)
            given = Bound(f"env:{name}", Binds.CONSTANT) if last == "setdefault" else place
            for default in defaults_of(node):
                yield from self.visit(default, given, replace(at, env=name))
                if isinstance(default, ast.Attribute):  # the member of an enum: a choice, whatever becomes of it
                    yield from self.visit(default, Argument(callee, 1, ""), bare)
            return
        if last in ("get", "pop") and isinstance(node.func, ast.Attribute) and node.args:
            name, key = self.scopes.keyed(node)
            yield Read(name or "?", place, self.span(node), at.within, key, at.entries, at.guards)
            yield from read_option(name, key, place, self.span(node), at)
            yield from self.visit(node.args[0], Compared("get"), bare)
            for default in node.args[1:2]:
                yield from self.visit(default, place, replace(at, fallback=True))
            return
        if joins(callee, node):
            yield from self._in_folder(folder_of(node), node.args[-1], place, at)
            return
        if callee in _PATHS and node.args:
            yield from self.visit(node.args[-1], place, at)
            return
        if last in _SAME_CALLS:
            for argument in node.args[-1:] if last in ("cast", "getattr") else node.args:
                yield from self.visit(argument, place, replace(at, fallback=at.fallback or last == "getattr"))
            if last == "getattr" and len(node.args) > 1 and isinstance(node.args[1], ast.Constant):
                yield Read(f"?.{node.args[1].value!s}", place, self.span(node), at.within, "", at.entries, at.guards)
            return
        if is_field(last, place, node):
            yield from field(node, place, at, self.visit)
            return
        if last == "add_argument":
            yield from option(node, self.scopes.module, bare, self.visit)
            return
        if last == "dict" and not node.args:
            keys = [ast.copy_location(ast.Constant(k.arg), k.value) if k.arg else None for k in node.keywords]
            written = ast.Dict(keys, [k.value for k in node.keywords])  # type: ignore[arg-type]
            yield from self._mapping(ast.copy_location(written, node), place, at)
            return
        yield self._called(node, callee, at)
        yield from chosen_first(node, last, place, at, self.visit)
        yield from as_mapping(node, last, place, self.span(node), at, self.visit)
        if callee and not isinstance(place, Loose):
            yield Read(f"{callee}()", place, self.span(node), at.within, "", at.entries, at.guards)
        for i, argument in enumerate(node.args):
            yield from self.visit(argument, Argument(callee, i, ""), bare)
        for keyword in node.keywords:
            yield from self.visit(keyword.value, Argument(callee, -1, keyword.arg or "**"), bare)
        if isinstance(node.func, ast.Attribute) and not isinstance(node.func.value, ast.Name):
            yield from self.visit(node.func.value, Loose(), bare)
        elif isinstance(node.func, ast.Call):  # `pipeline(model="x")(text)`: made and called at once
            yield from self.visit(node.func, Loose(), bare)

    def _called(self, node: ast.Call, callee: str, at: Context) -> Call:
        first = node.args[0].value if node.args and isinstance(node.args[0], ast.Constant) else ""
        return Call(
            callee,
            len(node.args),
            tuple(sorted(k.arg or "**" for k in node.keywords)),
            self.span(node.func),
            at.within,
            first if isinstance(first, str) else "",
            at.guards,
        )

    def _loops(self, loops: list[ast.comprehension], at: Context) -> Iterator[Fact]:
        for loop in loops:
            yield from self.visit(loop.iter, Loose("loop"), at)
            for test in loop.ifs:
                yield from self.visit(test, Compared("if"), at)

    def _start(self, node: ast.AST) -> tuple[int, int]:
        span = self.span(node)
        return (span.line, span.column)
