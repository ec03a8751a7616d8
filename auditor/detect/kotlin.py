"""Kotlin source to facts."""

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
    """The facts of one file of Kotlin."""
    return treesitter.parse(file, GRAMMAR)


def _module(path: str, root: Node) -> str:
    package = find(root, "<package_header>/#0")
    return text(package) if package is not None else path.rpartition(".")[0].replace("/", ".")


def _imports(root: Node, _: str) -> Iterator[Imported]:
    for node in root.named_children:
        if node.type == "import":
            symbol, alias = text(find(node, "#0")), text(find(node, "#1"))
            whole = any(child.type == "*" for child in node.children)
            if not (whole and symbol.startswith(("kotlin.", "kotlinx.", "java.", "org.junit."))):
                yield Imported("" if whole else alias or symbol.rpartition(".")[2], symbol, node)


def _notes(node: Node) -> Iterator[tuple[str, Node, str, str]]:
    """The defaults that annotations state: `@Value("\\${x:...}")`."""
    for annotation in (n for n in (find(node, "<modifiers>") or node).named_children if n.type == "annotation"):
        value = find(annotation, "<constructor_invocation>/<value_arguments>/#0/#0")
        plain = text(value).strip('"').replace("\\$", "$")
        if plain.startswith("${") and value is not None:
            yield plain, value, "", ""


def _grammar() -> object:
    import tree_sitter_kotlin

    return tree_sitter_kotlin.language()


_ROWS: dict[str, Row] = {
    "string_literal": g.Text(
        frozenset(["string_content", "escape_sequence"]), frozenset(["interpolation"]), dollars=True
    ),
    "multiline_string_literal": g.Text(frozenset(["string_content"]), frozenset(["interpolation"]), dollars=True),
    "identifier": g.Name(),
    "this_expression": g.Name(),
    "super_expression": g.Name(),
    "navigation_expression": g.Member("#0", "#-1"),
    "qualified_identifier": g.Member("#0", "#-1"),
    "user_type": g.Same("#-1"),
    "nullable_type": g.Same(),
    "index_expression": g.Index("#0", "#1"),
    "call_expression": g.Call("#0", arguments="<value_arguments>"),
    "constructor_invocation": g.Call("#0", arguments="<value_arguments>"),
    "value_argument": g.Pair("#-2", "#-1"),
    "infix_expression": g.Pair("#0", "#-1"),
    "collection_literal": g.Items(),
    "parenthesized_expression": g.Same(),
    "unary_expression": g.Same(),
    "postfix_expression": g.Same(),
    "as_expression": g.Same(),
    "spread_expression": g.Same(),
    "labeled_expression": g.Same("#-1"),
    "annotated_lambda": g.Same("#-1"),
    "binary_expression": g.Binary(),
    "elvis_expression": g.Binary(),
    "assignment": g.Assign(),
    "property_declaration": g.Bind("<variable_declaration>/#0", "#-1", "<variable_declaration>/#1"),
    "property_delegate": g.Same(),
    "function_declaration": g.Function(parameters="<function_value_parameters>", body="<function_body>"),
    "lambda_literal": g.Function(name="", parameters="<lambda_parameters>", body=""),
    "anonymous_function": g.Function(name="", parameters="<function_value_parameters>", body="<function_body>"),
    "secondary_constructor": g.Function(name="", parameters="<function_value_parameters>", body="<block>"),
    "class_declaration": g.Type(
        body="<class_body>|<enum_class_body>",
        bases="<delegation_specifiers>/#0/#0",
        parameters="<primary_constructor>/<class_parameters>",
    ),
    "object_declaration": g.Type(body="<class_body>", bases="<delegation_specifiers>/#0/#0"),
    "companion_object": g.Same("<class_body>"),
    "class_parameter": g.Parameter("<identifier>", "#2", "<user_type>"),
    "parameter": g.Parameter("#0", ">", "#1"),
    "enum_entry": g.Case("#0", arguments="<value_arguments>"),
    "if_expression": g.If(),
    "when_expression": g.Switch("<when_subject>"),
    "when_subject": g.Same("#-1"),
    "when_entry": g.Branch(frozenset(["condition"])),
    "for_statement": g.Loop("<variable_declaration>", "#1"),
    "return_expression": g.Return(),
    "function_body": g.Same(),
    "block": g.Block(),
    "line_comment": g.Comment(),
    "block_comment": g.Comment(),
    "package_header": g.Skip(),
    "import": g.Skip(),
}

GRAMMAR = Grammar(
    "kotlin",
    _grammar,
    _ROWS,
    _module,
    _imports,
    beyond="package",
    yields=True,
    capitals=True,
    collections=frozenset(
        "listOf mapOf setOf arrayOf mutableListOf mutableMapOf mutableSetOf hashMapOf linkedMapOf".split()
    ),
    same=frozenset(["*.valueOf", "*.lazy", "lazy"]),
    notes=_notes,
)
