"""C and C++ source to facts."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tree_sitter import Node

from auditor.detect import grammar as g
from auditor.detect import treesitter
from auditor.detect.grammar import Grammar, Imported, Row
from auditor.detect.treepath import find, text
from auditor.domain.fact import Fact
from auditor.domain.source import SourceFile


def parse(file: SourceFile) -> Iterator[Fact]:
    """The facts of one file of C or C++."""
    return treesitter.parse(file, GRAMMAR)


def _module(path: str, _: Node) -> str:
    return path.rpartition(".")[0].replace("/", ".")


def _imports(root: Node, _: str) -> Iterator[Imported]:
    for node in root.named_children:
        if node.type == "preproc_include":
            yield Imported("", text(find(node, "path")).strip('"<>').replace("/", "."), node)


_DEFINED = re.compile(r'\s*"([^"\n]+)"\s*')


def _notes(node: Node) -> Iterator[tuple[str, Node, str, str]]:
    """The string that a macro stands for."""
    value = find(node, "value") if node.type == "preproc_def" else None
    found = _DEFINED.fullmatch(text(value))
    if found and value is not None:
        yield found.group(1), value, "", ""


def _grammar() -> object:
    import tree_sitter_cpp

    return tree_sitter_cpp.language()


_ROWS: dict[str, Row] = {
    "string_literal": g.Text(frozenset(["string_content", "escape_sequence"])),
    "raw_string_literal": g.Text(frozenset(["raw_string_content"])),
    "concatenated_string": g.Skip(),
    "identifier": g.Name(),
    "field_identifier": g.Name(),
    "type_identifier": g.Name(),
    "namespace_identifier": g.Name(),
    "this": g.Name(),
    "field_expression": g.Member("argument", "field"),
    "qualified_identifier": g.Member("scope", "name"),
    "template_type": g.Same("name"),
    "template_function": g.Same("name"),
    "subscript_expression": g.Index("argument", "indices/#0"),
    "call_expression": g.Call("function"),
    "new_expression": g.Call("type", makes=True),
    "compound_literal_expression": g.Record("type", "value"),
    "initializer_list": g.Items(),
    "initializer_pair": g.Pair("designator/#0", "value"),
    "argument_list": g.Same(),
    "parenthesized_expression": g.Same(),
    "condition_clause": g.Same("value"),
    "pointer_expression": g.Same("argument"),
    "cast_expression": g.Same("value"),
    "unary_expression": g.Same("argument"),
    "pointer_declarator": g.Same("declarator"),
    "reference_declarator": g.Same(),
    "array_declarator": g.Same("declarator"),
    "binary_expression": g.Binary(),
    "conditional_expression": g.Choice(),
    "assignment_expression": g.Assign(),
    "init_declarator": g.Bind("declarator", "value", "^/type"),
    "field_declaration": g.Bind("declarator", "default_value"),
    "preproc_def": g.Bind("name", "", ""),
    "function_definition": g.Function("declarator/declarator", "declarator/parameters"),
    "lambda_expression": g.Function("", "declarator/parameters"),
    "parameter_declaration": g.Parameter("declarator", ""),
    "optional_parameter_declaration": g.Parameter("declarator", "default_value"),
    "class_specifier": g.Type(bases="<base_class_clause>/<type_identifier>"),
    "struct_specifier": g.Type(bases="<base_class_clause>/<type_identifier>"),
    "enum_specifier": g.Skip(),
    "namespace_definition": g.Space(),
    "if_statement": g.If(before=""),
    "else_clause": g.Same(),
    "switch_statement": g.Switch("condition"),
    "case_statement": g.Branch(frozenset(["value"])),
    "for_range_loop": g.Loop("declarator", "right"),
    "return_statement": g.Return(),
    "compound_statement": g.Block(),
    "comment": g.Comment(),
    "preproc_include": g.Skip(),
}

GRAMMAR = Grammar(
    "cpp",
    _grammar,
    _ROWS,
    _module,
    _imports,
    shared=True,
    capitals=True,
    same=frozenset(["std.string", "std.string_view", "std.move", "std.filesystem.path", "std.make_optional"]),
    notes=_notes,
)
