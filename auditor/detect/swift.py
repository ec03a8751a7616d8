"""Swift source to facts."""

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
    """The facts of one file of Swift."""
    return treesitter.parse(file, GRAMMAR)


def _module(path: str, _: Node) -> str:
    return path.rpartition(".")[0].replace("/", ".")


def _imports(root: Node, _: str) -> Iterator[Imported]:
    for node in root.named_children:
        if node.type == "import_declaration":
            yield Imported("", text(find(node, "<identifier>")), node)


def _grammar() -> object:
    import tree_sitter_swift

    return tree_sitter_swift.language()


_ROWS: dict[str, Row] = {
    "line_string_literal": g.Text(
        frozenset(["line_str_text", "str_escaped_char"]), frozenset(["interpolated_expression"])
    ),
    "multi_line_string_literal": g.Text(frozenset(["multi_line_str_text"]), frozenset(["interpolated_expression"])),
    "raw_string_literal": g.Text(frozenset(["raw_str_part", "raw_str_end_part"])),
    "simple_identifier": g.Name(),
    "type_identifier": g.Name(),
    "self_expression": g.Name(),
    "super_expression": g.Name(),
    "navigation_expression": g.Member("target", "suffix/suffix"),
    "user_type": g.Same("#-1"),
    "optional_type": g.Same("wrapped"),
    "call_expression": g.Call("#0", arguments="<call_suffix>/<value_arguments>"),
    "macro_invocation": g.Call("#0", arguments="<call_suffix>/<value_arguments>"),
    "constructor_expression": g.Call("constructed_type", arguments="<constructor_suffix>/<value_arguments>"),
    "value_argument": g.Pair("name/#0", "value"),
    "array_literal": g.Items(),
    "dictionary_literal": g.Items(turns=True),
    "tuple_expression": g.Items(),
    "try_expression": g.Same("expr|#-1"),
    "await_expression": g.Same("expr|#-1"),
    "postfix_expression": g.Same("target"),
    "as_expression": g.Same("expr"),
    "directly_assignable_expression": g.Same(),
    "prefix_expression": g.Member("operation", "target"),
    "pattern": g.Same("bound_identifier"),
    "nil_coalescing_expression": g.Binary("value", "", "if_nil", "??"),
    "equality_expression": g.Binary("lhs", "op", "rhs"),
    "comparison_expression": g.Binary("lhs", "op", "rhs"),
    "conjunction_expression": g.Binary("lhs", "op", "rhs"),
    "disjunction_expression": g.Binary("lhs", "op", "rhs"),
    "additive_expression": g.Binary("lhs", "op", "rhs"),
    "ternary_expression": g.Choice(then="if_true", other="if_false"),
    "assignment": g.Assign("target", "result"),
    "property_declaration": g.Bind("name", "value|computed_value", "<type_annotation>/name"),
    "computed_property": g.Same(),
    "computed_getter": g.Same("<statements>"),
    "function_declaration": g.Function(parameters="."),
    "init_declaration": g.Function(parameters="."),
    "lambda_literal": g.Function(name="", parameters="", body="<statements>"),
    "parameter": g.Parameter(value=">default_value", kind="<user_type>"),
    "class_declaration": g.Type(bases="<inheritance_specifier>/#0"),
    "protocol_declaration": g.Type(),
    "enum_entry": g.Case(value="raw_value"),
    "if_statement": g.If(),
    "switch_statement": g.Switch("expr"),
    "switch_entry": g.Branch(frozenset(["default_keyword"])),
    "for_statement": g.Loop("item", "collection"),
    "control_transfer_statement": g.Return(),
    "function_body": g.Same(),
    "statements": g.Block(),
    "comment": g.Comment(),
    "multiline_comment": g.Comment(),
    "import_declaration": g.Skip(),
    "type_annotation": g.Skip(),
    "value_binding_pattern": g.Skip(),
}

GRAMMAR = Grammar(
    "swift",
    _grammar,
    _ROWS,
    _module,
    _imports,
    shared=True,
    yields=True,
    capitals=True,
    same=frozenset(["*.URL", "*.String"]),
    constructors=frozenset(["init"]),
)
