"""PHP source to facts."""

from __future__ import annotations

from collections.abc import Iterator

from tree_sitter import Node

from auditor.detect import grammar as g
from auditor.detect import treesitter
from auditor.detect.grammar import Grammar, Imported, Row
from auditor.detect.treepath import find, text
from auditor.domain.fact import Fact
from auditor.domain.source import SourceFile


def parse(file: SourceFile) -> Iterator[Fact]:
    """The facts of one file of PHP."""
    return treesitter.parse(file, GRAMMAR)


def _module(path: str, root: Node) -> str:
    space = find(root, "<namespace_definition>")
    if space is None:
        return path.rpartition(".")[0].replace("/", ".")
    return "" if find(space, "body") is not None else text(find(space, "name")).replace("\\", ".")


def _imports(root: Node, _: str) -> Iterator[Imported]:
    for node in root.named_children:
        if node.type != "namespace_use_declaration":
            continue
        group = find(node, "<namespace_use_group>")
        prefix = f"{text(find(node, '<namespace_name>'))}\\" if group is not None else ""
        for clause in (group or node).named_children:
            if clause.type == "namespace_use_clause":
                symbol = f"{prefix}{text(find(clause, '#0'))}".strip("\\").replace("\\", ".")
                yield Imported(text(find(clause, "alias")) or symbol.rpartition(".")[2], symbol, clause)


def _grammar() -> object:
    import tree_sitter_php

    return tree_sitter_php.language_php()


_STRING = g.Text(frozenset(["string_content", "escape_sequence"]))
_ROWS: dict[str, Row] = {
    "string": _STRING,
    "encapsed_string": g.Text(
        frozenset(["string_content", "escape_sequence"]),
        frozenset("variable_name member_access_expression subscript_expression dynamic_variable_name".split()),
    ),
    "name": g.Name(),
    "variable_name": g.Name(),
    "relative_scope": g.Name(),
    "qualified_name": g.Same("#-1"),
    "named_type": g.Same(),
    "optional_type": g.Same(),
    "member_access_expression": g.Member("object", "name"),
    "nullsafe_member_access_expression": g.Member("object", "name"),
    "scoped_property_access_expression": g.Member("scope", "name"),
    "class_constant_access_expression": g.Member("#0", "#1"),
    "subscript_expression": g.Index("#0", "#1"),
    "function_call_expression": g.Call("function"),
    "member_call_expression": g.Call(holder="object", name="name"),
    "nullsafe_member_call_expression": g.Call(holder="object", name="name"),
    "scoped_call_expression": g.Call(holder="scope", name="name"),
    "object_creation_expression": g.Call("#0", arguments="<arguments>", makes=True),
    "attribute": g.Call("#0", arguments="parameters"),
    "argument": g.Pair("name", "#-1"),
    "array_creation_expression": g.Items(),
    "array_element_initializer": g.Pair("#-2", "#-1"),
    "parenthesized_expression": g.Same(),
    "cast_expression": g.Same("value"),
    "unary_op_expression": g.Same("argument"),
    "binary_expression": g.Binary(),
    "conditional_expression": g.Choice(then="body"),
    "assignment_expression": g.Assign(),
    "augmented_assignment_expression": g.Assign(),
    "const_element": g.Bind("#0", "#1", ""),
    "property_element": g.Bind("name", "default_value", "^/type"),
    "function_definition": g.Function(),
    "method_declaration": g.Function(),
    "anonymous_function": g.Function(name=""),
    "arrow_function": g.Function(name=""),
    "simple_parameter": g.Parameter(value="default_value"),
    "property_promotion_parameter": g.Parameter(value="default_value"),
    "class_declaration": g.Type(bases="<base_clause>"),
    "anonymous_class": g.Type(name="", bases="<base_clause>"),
    "trait_declaration": g.Type(),
    "interface_declaration": g.Type(),
    "enum_declaration": g.Type(),
    "enum_case": g.Case(value="value"),
    "if_statement": g.If(),
    "else_if_clause": g.If(),
    "switch_statement": g.Switch("condition"),
    "case_statement": g.Branch(frozenset(["value"])),
    "default_statement": g.Branch(frozenset()),
    "match_expression": g.Switch("condition"),
    "match_conditional_expression": g.Branch(frozenset(["conditional_expressions"])),
    "match_default_expression": g.Branch(frozenset()),
    "foreach_statement": g.Loop("#1", "#0"),
    "return_statement": g.Return(),
    "compound_statement": g.Block(),
    "comment": g.Comment(),
    "text": g.Skip(),
    "text_interpolation": g.Skip(),
    "namespace_use_declaration": g.Skip(),
    "namespace_definition": g.Space(),
}

GRAMMAR = Grammar(
    "php",
    _grammar,
    _ROWS,
    _module,
    _imports,
    beyond="package",
    assigns=True,
    selves=frozenset(["this", "self", "static", "parent"]),
    same=frozenset(["*.strval", "*.from", "*.tryFrom"]),
)
