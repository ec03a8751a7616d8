"""Go source to facts, and the module that a `go.mod` names."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tree_sitter import Node

from auditor.detect import grammar as g
from auditor.detect import treesitter
from auditor.detect.grammar import Grammar, Imported, Row
from auditor.detect.text import read
from auditor.detect.treepath import find, text
from auditor.domain.fact import Alias, Fact
from auditor.domain.source import SourceFile

_ROOT = "go"  # what the dotted names of a repository's own packages begin with
_LIMIT = 1 << 20  # bytes
_MODULE = re.compile(r"^module[ \t]+[\"`]?([^\s\"`/][^\s\"`]*)", re.MULTILINE)
_MAJOR = re.compile(r"v[0-9]+")
_VERSION = re.compile(r"\.v[0-9]+\Z")
_TAG = re.compile(r'(\w[\w-]*):"([^"]*)"')
_DEFAULTS = frozenset("default envDefault env-default defaultValue".split())
_VARIABLES = frozenset("env envconfig".split())


def parse(file: SourceFile) -> Iterator[Fact]:
    """The facts of one file of Go; of a `go.mod`, where the repository's own packages lie."""
    if file.path.endswith(".go"):
        yield from treesitter.parse(file, GRAMMAR)
        return
    named = _MODULE.search(read(file, _LIMIT))
    if named:
        yield Alias(named.group(1).replace("/", "."), _module(file.path))


def _module(path: str, _: Node | None = None) -> str:
    return ".".join([_ROOT, *path.split("/")[:-1]])


def _imports(root: Node, _: str) -> Iterator[Imported]:
    """Imports by the names that the file has for them; a package's own name is guessed from its path."""
    sure: list[Imported] = []
    for declaration in root.named_children:
        if declaration.type != "import_declaration":
            continue
        listed = find(declaration, "<import_spec_list>") or declaration
        for spec in (s for s in listed.named_children if s.type == "import_spec"):
            path = text(find(spec, "path"))[1:-1]
            symbol = path.replace("/", ".")
            given = text(find(spec, "name"))
            last, *guesses = [given] if given else _package_names(path)
            yield from (Imported(name, symbol, spec) for name in guesses)
            sure.append(Imported(last, symbol, spec))
    yield from sure  # last, so that no guess stands for them


def _package_names(path: str) -> Iterator[str]:
    parts = path.split("/")
    if _MAJOR.fullmatch(parts[-1]) and len(parts) > 1:
        parts.pop()
    last = _VERSION.sub("", parts[-1])
    yield last
    yield last.partition("-")[0]
    yield last.removeprefix("go-").removesuffix("-go")
    yield last.replace("-", "")
    yield last.rpartition("-")[2]


def _notes(node: Node) -> Iterator[tuple[str, Node, str, str]]:
    """The defaults that the tags of a struct's field state."""
    tag = find(node, "tag")
    if tag is None:
        return
    stated = dict(_TAG.findall(text(tag)[1:-1]))
    env = next((stated[key].partition(",")[0] for key in _VARIABLES if key in stated), "")
    for key in _DEFAULTS & stated.keys():
        yield stated[key], tag, env, ""


def _grammar() -> object:
    import tree_sitter_go

    return tree_sitter_go.language()


_ROWS: dict[str, Row] = {
    "interpreted_string_literal": g.Text(frozenset(["interpreted_string_literal_content", "escape_sequence"])),
    "raw_string_literal": g.Text(frozenset(["raw_string_literal_content"])),
    "identifier": g.Name(),
    "field_identifier": g.Name(),
    "type_identifier": g.Name(),
    "package_identifier": g.Name(),
    "selector_expression": g.Member("operand", "field"),
    "qualified_type": g.Member("package", "name"),
    "index_expression": g.Index("operand", "index"),
    "call_expression": g.Call("function"),
    "type_conversion_expression": g.Same("operand"),
    "type_instantiation_expression": g.Same("#0"),
    "composite_literal": g.Record("type", "body"),
    "literal_value": g.Items(),
    "keyed_element": g.Pair("key", "value"),
    "literal_element": g.Same(),
    "pointer_type": g.Same(),
    "generic_type": g.Same("type"),
    "unary_expression": g.Same("operand"),
    "parenthesized_expression": g.Same(),
    "parenthesized_type": g.Same(),
    "type_assertion_expression": g.Same("operand"),
    "binary_expression": g.Binary(),
    "const_spec": g.Bind(),
    "var_spec": g.Bind(),
    "short_var_declaration": g.Bind("left", "right", ""),
    "field_declaration": g.Bind("name", "", "type"),
    "assignment_statement": g.Assign(),
    "function_declaration": g.Function(),
    "method_declaration": g.Function(receiver="receiver"),
    "func_literal": g.Function(name=""),
    "parameter_declaration": g.Parameter("name", "", "type"),
    "variadic_parameter_declaration": g.Parameter("name", "", "type"),
    "type_spec": g.Type("name", "type/<field_declaration_list>|type"),
    "if_statement": g.If(),
    "expression_switch_statement": g.Switch("value"),
    "expression_case": g.Branch(frozenset(["value"])),
    "default_case": g.Branch(frozenset()),
    "range_clause": g.Loop("left", "right"),
    "return_statement": g.Return(),
    "block": g.Block(),
    "comment": g.Comment(),
    "package_clause": g.Skip(),
    "import_declaration": g.Skip(),
    "interface_type": g.Skip(),
}

GRAMMAR = Grammar(
    "go",
    _grammar,
    _ROWS,
    _module,
    _imports,
    beyond="package",
    selves=frozenset(),
    same=frozenset(["*.string", "*.append", "*.Ptr", "*.ToPtr", "*.F", "*.String", "*.Pointer", "*.StringPtr"]),
    notes=_notes,
)
