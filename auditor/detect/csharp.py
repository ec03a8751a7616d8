"""C# source to facts."""

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
    """The facts of one file of C#."""
    return treesitter.parse(file, GRAMMAR)


def _module(path: str, root: Node) -> str:
    named = find(root, "<file_scoped_namespace_declaration>/name")
    if named is not None or find(root, "<namespace_declaration>") is not None:
        return text(named)
    return path.rpartition(".")[0].replace("/", ".")


def _imports(root: Node, _: str) -> Iterator[Imported]:
    for node in root.named_children:
        if node.type == "using_directive":
            alias = find(node, "name")
            symbol = text(find(node, "#-1"))
            yield Imported(text(alias) if alias is not None and node.named_child_count > 1 else "", symbol, node)


def _grammar() -> object:
    import tree_sitter_c_sharp

    return tree_sitter_c_sharp.language()


_CONTENT = frozenset(["string_literal_content", "escape_sequence", "string_content", "raw_string_content"])
_LABELS = frozenset("discard case_switch_label default_switch_label when_clause".split())
_ROWS: dict[str, Row] = {
    "string_literal": g.Text(_CONTENT),
    "verbatim_string_literal": g.Text(),
    "raw_string_literal": g.Text(_CONTENT),
    "interpolated_string_expression": g.Text(_CONTENT, frozenset(["interpolation"])),
    "identifier": g.Name(),
    "this": g.Name(),
    "base": g.Name(),
    "generic_name": g.Same(),
    "nullable_type": g.Same("type"),
    "member_access_expression": g.Member("expression", "name"),
    "qualified_name": g.Member("qualifier", "name"),
    "conditional_access_expression": g.Member("condition", "#-1/name|#-1"),
    "element_access_expression": g.Index("expression", "subscript/#0"),
    "element_binding_expression": g.Same("#0"),
    "invocation_expression": g.Call("function"),
    "object_creation_expression": g.Call("type", fields="initializer", makes=True),
    "implicit_object_creation_expression": g.Call(
        "^/^/type|^/left|^/type", arguments="<argument_list>", fields="<initializer_expression>", makes=True
    ),
    "argument": g.Pair("name", "#-1"),
    "attribute_argument": g.Pair("name", "#-1"),
    "attribute": g.Call("name", arguments="<attribute_argument_list>"),
    "initializer_expression": g.Items(),
    "collection_expression": g.Items(),
    "collection_element": g.Same(),
    "expression_element": g.Same(),
    "spread_element": g.Same(),
    "array_creation_expression": g.Same("<initializer_expression>"),
    "implicit_array_creation_expression": g.Same("#-1"),
    "anonymous_object_creation_expression": g.Items(sign="="),
    "with_expression": g.Same(),
    "parenthesized_expression": g.Same(),
    "cast_expression": g.Same("value"),
    "await_expression": g.Same(),
    "as_expression": g.Same("left"),
    "postfix_unary_expression": g.Same(),
    "prefix_unary_expression": g.Same(),
    "arrow_expression_clause": g.Same(),
    "binary_expression": g.Binary(),
    "conditional_expression": g.Choice(),
    "assignment_expression": g.Assign(),
    "variable_declarator": g.Bind("name|#0", "#1", "^/type"),
    "property_declaration": g.Bind(),
    "method_declaration": g.Function(),
    "constructor_declaration": g.Function(),
    "local_function_statement": g.Function(),
    "lambda_expression": g.Function(name=""),
    "anonymous_method_expression": g.Function(name=""),
    "parameter": g.Parameter(value="#2"),
    "class_declaration": g.Type(bases="<base_list>", parameters="<parameter_list>"),
    "struct_declaration": g.Type(bases="<base_list>", parameters="<parameter_list>"),
    "record_declaration": g.Type(bases="<base_list>", parameters="<parameter_list>"),
    "interface_declaration": g.Type(),
    "enum_declaration": g.Type(),
    "enum_member_declaration": g.Case(value="value"),
    "namespace_declaration": g.Space(),
    "if_statement": g.If(),
    "switch_statement": g.Switch("value"),
    "switch_section": g.Branch(_LABELS),
    "switch_expression": g.Switch("#0"),
    "switch_expression_arm": g.Branch(_LABELS),
    "foreach_statement": g.Loop("left", "right"),
    "return_statement": g.Return(),
    "block": g.Block(),
    "comment": g.Comment(),
    "using_directive": g.Skip(),
    "file_scoped_namespace_declaration": g.Skip(),
}

GRAMMAR = Grammar(
    "csharp",
    _grammar,
    _ROWS,
    _module,
    _imports,
    shared=True,
    selves=frozenset(["this", "base"]),
    same=frozenset(["*.FromResult", "*.ThrowIfNull"]),
)
