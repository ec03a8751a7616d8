"""JavaScript and TypeScript source to facts, by tree-sitter's grammars."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache

import tree_sitter_javascript
import tree_sitter_typescript
from tree_sitter import Language, Node, Parser

from auditor.detect import prose
from auditor.detect.bounded import parsed
from auditor.detect.context import Context
from auditor.detect.jsguards import allowed, guards_of
from auditor.detect.jsscope import FUNCTIONS, Scopes, string_value, text
from auditor.detect.jsstate import cell_start, hook_start, is_pieces, store_starts
from auditor.detect.jsvalues import Values
from auditor.detect.text import Lines, read
from auditor.domain.fact import Alias, Binds, Bound, Compared, Entry, Fact, Guard, Import, Loose, Place, Signature
from auditor.domain.source import SourceFile

_LIMIT = 2 << 20  # bytes
_NESTED = ("statement", "declaration", "block", "clause", "comment", "switch_body", "class_body", "program", "module")
_LONGEST_LINE = 20_000  # characters: beyond, the file was written by a program


def parse(file: SourceFile) -> Iterator[Fact]:
    """The facts of one module. *Raises*: ValueError for bundles and minified files, which nobody wrote."""
    source = read(file, _LIMIT)
    if max(map(len, source.split("\n")), default=0) > _LONGEST_LINE:
        raise ValueError("minified: lines too long to have been written by hand")
    yield from parse_text(file.path, source)


def parse_text(path: str, source: str) -> Iterator[Fact]:
    tree = parsed(_parser(path.rpartition(".")[2].lower()), source.encode("utf-8", "replace"))
    yield from _Module(path, source, tree.root_node).facts()


@lru_cache(maxsize=8)
def _parser(ending: str) -> Parser:
    if ending in ("ts", "mts", "cts", "vue", "svelte"):
        return Parser(Language(tree_sitter_typescript.language_typescript()))
    if ending == "tsx":
        return Parser(Language(tree_sitter_typescript.language_tsx()))
    return Parser(Language(tree_sitter_javascript.language()))


class _Module:
    def __init__(self, path: str, source: str, root: Node) -> None:
        self.root = root
        self.lines = Lines(source)
        self.source = source
        self.scopes = Scopes(path, root)
        self.values = Values(self.scopes, source.split("\n"), self._function)

    def facts(self) -> Iterator[Fact]:
        for child in self.root.named_children:
            yield from self._statement(child, "", Context())

    def _statement(self, node: Node, qualname: str, at: Context) -> Iterator[Fact]:
        match node.type:
            case "comment":
                span = self.values.span(node)
                start = self.lines.offset(span.line, span.column)
                yield from prose.words(text(node), start, self.lines, "comment")
            case "import_statement":
                source = node.child_by_field_name("source")
                if source is not None:
                    yield Import(self.scopes.resolve(string_value(source)), self.values.span(node))
            case "export_statement":
                yield from self._export(node, qualname, at)
            case "lexical_declaration" | "variable_declaration":
                for declarator in node.named_children:
                    if declarator.type == "variable_declarator":
                        yield from self._declare(declarator, qualname, at)
            case "class_declaration" | "abstract_class_declaration" | "class":
                yield from self._class(node, qualname, at)
            case "enum_declaration":
                yield from self._enum(node, qualname, at)
            case "type_alias_declaration" | "interface_declaration":
                yield from self._types(node, at)
            case "return_statement":
                place = Bound(f"{self.scopes.module}.{qualname}()", Binds.RETURN) if qualname else Loose()
                for value in node.named_children:
                    yield from self.values.visit(value, place, at)
            case "if_statement":
                test = node.child_by_field_name("condition")
                yield from self.values.visit(test, Compared("if"), at)
                given = (*at.guards, *guards_of(test))
                for part, inner in (("consequence", replace(at, guards=given)), ("alternative", at)):
                    yield from self._optional(node.child_by_field_name(part), qualname, inner)
            case "switch_statement":
                yield from self._switch(node, qualname, at)
            case "for_in_statement":
                target = self.scopes.dotted(node.child_by_field_name("left"))
                place = Bound(target, Binds.CONSTANT) if target else Loose()
                yield from self.values.visit(node.child_by_field_name("right"), place, at)
                yield from self._optional(node.child_by_field_name("body"), qualname, at)
            case "expression_statement":
                for child in node.named_children:
                    yield from self.values.visit(child, Loose(), replace(at, within=qualname))
            case kind if kind in FUNCTIONS:
                yield from self._function(node, qualname, at)
            case _:
                for child in node.named_children:
                    if child.type.endswith(_NESTED):
                        yield from self._statement(child, qualname, at)
                    else:
                        yield from self.values.visit(child, Loose(), at)

    def _optional(self, node: Node | None, qualname: str, at: Context) -> Iterator[Fact]:
        if node is not None:
            yield from self._statement(node, qualname, at)

    def _export(self, node: Node, qualname: str, at: Context) -> Iterator[Fact]:
        source = node.child_by_field_name("source")
        module = self.scopes.resolve(string_value(source)) if source is not None else self.scopes.module
        for clause in (c for c in node.named_children if c.type == "export_clause"):
            for item in clause.named_children:
                name = text(item.child_by_field_name("name"))
                shown = text(item.child_by_field_name("alias")) or name
                target = f"{module}.{name}" if source is not None else self.scopes.name(name)
                if f"{self.scopes.module}.{shown}" != target:
                    yield Alias(f"{self.scopes.module}.{shown}", target)
        declared = node.child_by_field_name("declaration")
        value = node.child_by_field_name("value")
        if declared is not None:
            yield from self._statement(declared, qualname, at)
            name = text(declared.child_by_field_name("name"))
            if name and any(c.type == "default" for c in node.children):
                yield Alias(f"{self.scopes.module}.default", f"{self.scopes.module}.{name}")
        if value is not None:
            symbol = self.scopes.dotted(value)
            if symbol and value.type == "identifier":
                yield Alias(f"{self.scopes.module}.default", symbol)
            yield from self.values.visit(value, Bound(f"{self.scopes.module}.default", Binds.CONSTANT), at)

    def _declare(self, node: Node, qualname: str, at: Context) -> Iterator[Fact]:
        name, value = node.child_by_field_name("name"), node.child_by_field_name("value")
        if name is None or value is None:
            return
        yield from self._types(node.child_by_field_name("type"), at)
        if value.type in FUNCTIONS and name.type == "identifier":
            yield from self._function(value, qualname, at, text(name))
            return
        if name.type == "object_pattern":
            yield from self._destructured(name, value, at)
            return
        if name.type == "array_pattern":
            yield from self._unpacked(name, value, at)
            return
        symbol = self.scopes.dotted(name)
        made = self.values.instance(value)
        if symbol and made:
            self.scopes.instances[symbol] = made
            yield Alias(symbol, made)
        kept = cell_start(value) if symbol else None
        if kept is not None:
            self.scopes.cells.add(symbol)
        yield from self.values.visit(kept or value, Bound(symbol, Binds.CONSTANT) if symbol else Loose(), at)
        for store in store_starts(value) if symbol else ():
            yield from self.values.visit(store, Bound(f"{symbol}()", Binds.RETURN), at)

    def _destructured(self, pattern: Node, value: Node, at: Context) -> Iterator[Fact]:
        """`const { model = "..." } = options`: each name reads a field, and may have a default."""
        holder = self.scopes.dotted(value)
        yield from self.values.visit(value, Loose(), at)
        for part in pattern.named_children:
            left = part.child_by_field_name("left") if part.type == "object_assignment_pattern" else part
            if left is None or left.type != "shorthand_property_identifier_pattern":
                continue
            place = Bound(self.scopes.name(text(left)), Binds.CONSTANT)
            if holder:
                yield self.values.read(f"{self.scopes.instances.get(holder, holder)}.{text(left)}", place, left, at)
            if part.type == "object_assignment_pattern":
                yield from self.values.visit(part.child_by_field_name("right"), place, replace(at, fallback=True))

    def _unpacked(self, pattern: Node, value: Node, at: Context) -> Iterator[Fact]:
        """A hook's first result starts with what the hook is given; each piece of a text may be the name of a model."""
        names = [n for n in pattern.named_children if n.type == "identifier"]
        start = hook_start(value)
        if start is None or not names or not self.scopes.is_imported(value):
            yield from self.values.visit(value, Loose(), at)
        for name in names[:1] if start is not None else names if is_pieces(value) else ():
            yield from self.values.visit(start or value, Bound(self.scopes.dotted(name), Binds.CONSTANT), at)

    def _function(self, node: Node, outer: str, at: Context, name: str = "") -> Iterator[Fact]:
        own = name or text(node.child_by_field_name("name")) or f"<{self.values.span(node).line}>"
        qualname = f"{outer}.{own}" if outer else own
        symbol = f"{self.scopes.module}.{qualname}"
        inner = Context(within=qualname)
        parameters = node.child_by_field_name("parameters")
        names: list[str] = []
        self.scopes.enter_function(qualname, node)
        for parameter in parameters.named_children if parameters is not None else ():
            yield from self._parameter(parameter, symbol, names, inner)
        yield Signature(symbol.removesuffix(".constructor"), tuple(names))
        body = node.child_by_field_name("body")
        if body is not None and body.type == "statement_block":
            for child in body.named_children:
                yield from self._statement(child, qualname, inner)
        elif body is not None:
            yield from self.values.visit(body, Bound(f"{symbol}()", Binds.RETURN), inner)
        self.scopes.leave_function()

    def _parameter(self, node: Node, function: str, names: list[str], at: Context) -> Iterator[Fact]:
        pattern = node.child_by_field_name("pattern") or node.child_by_field_name("left") or node
        value = node.child_by_field_name("value") or node.child_by_field_name("right")
        yield from self._types(node.child_by_field_name("type"), at)
        if pattern.type == "object_pattern":
            for part in pattern.named_children:
                left = part.child_by_field_name("left") if part.type == "object_assignment_pattern" else part
                if left is not None and left.type == "shorthand_property_identifier_pattern":
                    names.append(text(left))
                    if part.type == "object_assignment_pattern":
                        place = Bound(f"{function}.{text(left)}", Binds.PARAMETER)
                        yield from self.values.visit(part.child_by_field_name("right"), place, at)
            return
        names.append(text(pattern))
        if value is not None:
            yield from self.values.visit(value, Bound(f"{function}.{text(pattern)}", Binds.PARAMETER), at)

    def _class(self, node: Node, outer: str, at: Context) -> Iterator[Fact]:
        name = text(node.child_by_field_name("name"))
        qualname = f"{outer}.{name}" if outer else name
        symbol = f"{self.scopes.module}.{qualname}"
        for heritage in (c for c in node.named_children if c.type == "class_heritage"):
            clause = heritage.named_children[0] if heritage.named_children else None
            base = (
                clause.child_by_field_name("value")
                if clause is not None and clause.type == "extends_clause"
                else clause
            )
            parent = self.scopes.dotted(base)
            if parent:
                yield Alias(symbol, parent)
        self.scopes.enter_class(qualname)
        body = node.child_by_field_name("body")
        for member in body.named_children if body is not None else ():
            if member.type in ("public_field_definition", "field_definition"):
                key = text(member.child_by_field_name("name") or member.child_by_field_name("property"))
                place = Bound(f"{symbol}.{key}", Binds.FIELD)
                value = member.child_by_field_name("value")
                made = self.values.instance(value) if value is not None else ""
                if made:
                    self.scopes.instances[place.symbol] = made
                    yield Alias(place.symbol, made)
                yield from self._types(member.child_by_field_name("type"), at)
                yield from self.values.visit(value, place, replace(at, within=qualname))
            else:
                yield from self._statement(member, qualname, at)
        self.scopes.leave_class()

    def _enum(self, node: Node, outer: str, at: Context) -> Iterator[Fact]:
        name = text(node.child_by_field_name("name"))
        body = node.child_by_field_name("body")
        members = [m for m in (body.named_children if body is not None else []) if m.type == "enum_assignment"]
        start = self.values.span(node)
        for i, member in enumerate(members):
            key = text(member.child_by_field_name("name"))
            entry = Entry(key, len(members), i == 0, (), (start.line, start.column))
            place: Place = Bound(f"{self.scopes.module}.{name}.{key}", Binds.FIELD)
            yield from self.values.visit(
                member.child_by_field_name("value"), place, replace(at, entries=(entry,), within=outer or name)
            )

    def _types(self, node: Node | None, at: Context) -> Iterator[Fact]:
        """`"a" | "b" | "c"` in a type: a menu."""
        if node is None:
            return
        found = allowed(node)
        start = self.values.span(node)
        for i, value in enumerate(found):
            entry = Entry("", len(found), i == 0, (), (start.line, start.column))
            yield from self.values.visit(value, Loose("annotation"), replace(at, entries=(entry,)))

    def _switch(self, node: Node, qualname: str, at: Context) -> Iterator[Fact]:
        subject = node.child_by_field_name("value")
        yield from self.values.visit(subject, Compared("switch"), at)
        inner = subject.named_children[0] if subject is not None and subject.named_children else subject
        name = self.scopes.dotted(inner).rpartition(".")[2]
        body = node.child_by_field_name("body")
        for case in body.named_children if body is not None else ():
            value = case.child_by_field_name("value")
            guards = at.guards
            if value is not None:
                yield from self.values.visit(value, Compared("switch"), at)
                given = string_value(value) if value.type == "string" else text(value).rpartition(".")[2]
                guards = (*guards, Guard(name, given))
            for child in case.named_children:
                if child != value:
                    yield from self._statement(child, qualname, replace(at, guards=guards))
