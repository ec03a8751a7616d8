"""Java source to facts."""

from __future__ import annotations

from collections.abc import Iterator

from tree_sitter import Node

from auditor.detect import grammar as g
from auditor.detect import treesitter
from auditor.detect.grammar import Grammar, Imported, Row
from auditor.detect.treepath import find, text
from auditor.domain.fact import Fact
from auditor.domain.source import SourceFile

_DEFAULTS = frozenset("defaultValue".split())


def parse(file: SourceFile) -> Iterator[Fact]:
    """The facts of one file of Java."""
    return treesitter.parse(file, GRAMMAR)


def _module(path: str, root: Node) -> str:
    package = find(root, "<package_declaration>/#0")
    return text(package) if package is not None else path.rpartition(".")[0].replace("/", ".")


def _imports(root: Node, _: str) -> Iterator[Imported]:
    for node in root.named_children:
        if node.type == "import_declaration":
            symbol = text(find(node, "#0"))
            whole = find(node, "<asterisk>") is not None
            static = any(child.type == "static" for child in node.children)
            # Everything of one class leaves other names alone; everything of a package may hold any of them.
            if not (whole and (static or symbol.startswith(("java.", "javax.", "org.junit.")))):
                yield Imported("" if whole else symbol.rpartition(".")[2], symbol, node)


def _notes(node: Node) -> Iterator[tuple[str, Node, str, str]]:
    """The defaults that annotations state: `@Value("${x:...}")`, `@Option(names = "--x", defaultValue = "...")`."""
    owner = node if node.type != "variable_declarator" else node.parent
    modifiers = find(owner, "<modifiers>")
    for annotation in modifiers.named_children if modifiers is not None else ():
        arguments = find(annotation, "arguments")
        named: dict[str, Node] = {}
        for argument in arguments.named_children if arguments is not None else ():
            key, value = text(find(argument, "key")), find(argument, "value") or argument
            named[key] = value
        flag = text(named.get("names")).strip('{}" ').partition('"')[0]
        env = text(named.get("name") or named.get("property")).strip('"')
        for key, value in named.items():
            plain = text(value).strip('"')
            if key in _DEFAULTS or (not key and plain.startswith("${")):
                yield plain, value, "" if flag else env, flag


def _grammar() -> object:
    import tree_sitter_java

    return tree_sitter_java.language()


_NAMED = frozenset(["switch_label"])
_ROWS: dict[str, Row] = {
    "string_literal": g.Text(
        frozenset(["string_fragment", "multiline_string_fragment", "escape_sequence"]),
        frozenset(["string_interpolation"]),
    ),
    "identifier": g.Name(),
    "type_identifier": g.Name(),
    "this": g.Name(),
    "super": g.Name(),
    "field_access": g.Member("object", "field"),
    "scoped_identifier": g.Member("scope", "name"),
    "scoped_type_identifier": g.Member("#0", "#-1"),
    "array_access": g.Index("array", "index"),
    "generic_type": g.Same(),
    "annotated_type": g.Same("#-1"),
    "method_invocation": g.Call(holder="object", name="name"),
    "object_creation_expression": g.Call("type", makes=True),
    "explicit_constructor_invocation": g.Call("constructor"),
    "array_creation_expression": g.Same("value"),
    "array_initializer": g.Items(),
    "element_value_array_initializer": g.Items(),
    "parenthesized_expression": g.Same(),
    "cast_expression": g.Same("value"),
    "unary_expression": g.Same("operand"),
    "binary_expression": g.Binary(),
    "ternary_expression": g.Choice(),
    "assignment_expression": g.Assign(),
    "variable_declarator": g.Bind(kind="^/type"),
    "method_declaration": g.Function(),
    "constructor_declaration": g.Function(),
    "lambda_expression": g.Function(name=""),
    "formal_parameter": g.Parameter(value=""),
    "catch_formal_parameter": g.Skip(),
    "class_declaration": g.Type(bases="superclass"),
    "record_declaration": g.Type(parameters="parameters"),
    "interface_declaration": g.Type(),
    "annotation_type_declaration": g.Type(),
    "enum_declaration": g.Type(),
    "enum_constant": g.Case(arguments="arguments"),
    "if_statement": g.If(),
    "switch_expression": g.Switch("condition"),
    "switch_block_statement_group": g.Branch(_NAMED),
    "switch_rule": g.Branch(_NAMED),
    "enhanced_for_statement": g.Loop("name", "value"),
    "return_statement": g.Return(),
    "yield_statement": g.Same(),
    "expression_statement": g.Same(),
    "element_value_pair": g.Pair("key", "value"),
    "annotation": g.Call("name"),
    "block": g.Block(),
    "line_comment": g.Comment(),
    "block_comment": g.Comment(),
    "package_declaration": g.Skip(),
    "import_declaration": g.Skip(),
}

GRAMMAR = Grammar(
    "java",
    _grammar,
    _ROWS,
    _module,
    _imports,
    beyond="package",
    collections=frozenset("of asList copyOf ofEntries listOf".split()),
    same=frozenset(["*.valueOf", "*.ofNullable", "*.requireNonNullElse", "*.entry"]),
    notes=_notes,
)
