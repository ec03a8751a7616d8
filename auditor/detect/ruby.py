"""Ruby source to facts."""

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
    """The facts of one file of Ruby."""
    return treesitter.parse(file, GRAMMAR)


def _module(path: str, _: Node) -> str:
    return path.rpartition(".")[0].replace("/", ".") or path.replace("/", ".")


def _imports(root: Node, _: str) -> Iterator[Imported]:
    for node in root.named_children:
        if node.type == "call" and text(find(node, "method")) in ("require", "require_relative"):
            yield Imported("", text(find(node, "arguments/#0/<string_content>")).replace("/", "."), node)


def _grammar() -> object:
    import tree_sitter_ruby

    return tree_sitter_ruby.language()


_STRING = g.Text(frozenset(["string_content", "escape_sequence"]), frozenset(["interpolation"]))
_ROWS: dict[str, Row] = {
    "string": _STRING,
    "bare_string": _STRING,
    "heredoc_body": g.Skip(),
    "simple_symbol": g.Skip(),
    "identifier": g.Name(),
    "constant": g.Name(),
    "self": g.Name(),
    "instance_variable": g.Name(),
    "class_variable": g.Name(),
    "global_variable": g.Name(),
    "scope_resolution": g.Member("scope", "name"),
    "element_reference": g.Index("object", "#1"),
    "call": g.Call(holder="receiver", name="method"),
    "hash": g.Items(),
    "array": g.Items(),
    "string_array": g.Items(),
    "pair": g.Pair("key", "value"),
    "splat_argument": g.Same(),
    "hash_splat_argument": g.Same(),
    "parenthesized_statements": g.Same(),
    "unary": g.Same("operand"),
    "binary": g.Binary(),
    "conditional": g.Choice(),
    "assignment": g.Assign(),
    "operator_assignment": g.Assign(),
    "method": g.Function(),
    "singleton_method": g.Function(),
    "lambda": g.Function(name=""),
    "block": g.Function(name=""),
    "do_block": g.Function(name=""),
    "optional_parameter": g.Parameter(),
    "keyword_parameter": g.Parameter(),
    "class": g.Type(bases="superclass"),
    "module": g.Type(),
    "superclass": g.Same(),
    "if": g.If(),
    "elsif": g.If(),
    "unless": g.If(negated=True),
    "if_modifier": g.If(),
    "unless_modifier": g.If(negated=True),
    "case": g.Switch("value"),
    "when": g.Branch(frozenset(["pattern"])),
    "for": g.Loop("pattern", "value"),
    "return": g.Return(),
    "argument_list": g.Same(),
    "body_statement": g.Block(),
    "then": g.Block(),
    "else": g.Block(),
    "begin": g.Block(),
    "comment": g.Comment(),
}

GRAMMAR = Grammar(
    "ruby",
    _grammar,
    _ROWS,
    _module,
    _imports,
    shared=True,
    yields=True,
    assigns=True,
    symbols="simple_symbol",
    same=frozenset(["String", "Array", "*.new_from"]),
    constructors=frozenset(["new"]),
)
