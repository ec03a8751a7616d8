"""Rust source to facts."""

from __future__ import annotations

from collections.abc import Iterator

from tree_sitter import Node

from auditor.detect import grammar as g
from auditor.detect import treesitter
from auditor.detect.grammar import Grammar, Imported, Row
from auditor.detect.treepath import find, text
from auditor.domain.fact import Fact
from auditor.domain.source import SourceFile

_DEFAULTS = frozenset("default_value default_value_t default".split())


def parse(file: SourceFile) -> Iterator[Fact]:
    """The facts of one file of Rust."""
    return treesitter.parse(file, GRAMMAR)


def _parts(path: str) -> list[str]:
    """The path of a file's module, as `use` writes it; the folder of its crate stands for the crate."""
    parts = path.removesuffix(".rs").replace("-", "_").split("/")
    return parts[:-1] if parts[-1] in ("mod", "lib", "main") else parts


def _module(path: str, _: Node) -> str:
    return ".".join(part for part in _parts(path) if part != "src") or "crate"


def _imports(root: Node, path: str) -> Iterator[Imported]:
    parts = _parts(path)
    crate = parts[: parts.index("src")] if "src" in parts else parts[:1]
    module = [part for part in parts if part != "src"]
    for node in root.named_children:
        if node.type == "use_declaration":
            for name, used in _used(find(node, "argument"), []):
                yield Imported(name, ".".join(_absolute(used, crate or ["crate"], module)), node)


def _used(node: Node | None, prefix: list[str], depth: int = 0) -> Iterator[tuple[str, list[str]]]:
    """The names that a `use` tree brings in, with their full paths."""
    if node is None or depth > 20:
        return
    match node.type:
        case "scoped_use_list":
            inner = [*prefix, *text(find(node, "path")).split("::")]
            for part in (find(node, "list") or node).named_children:
                yield from _used(part, inner, depth + 1)
        case "use_list":
            for part in node.named_children:
                yield from _used(part, prefix, depth + 1)
        case "use_as_clause":
            yield text(find(node, "alias")), [*prefix, *text(find(node, "path")).split("::")]
        case "use_wildcard":
            yield "", [*prefix, *text(find(node, "#0")).split("::")]
        case "self":
            if prefix:
                yield prefix[-1], prefix
        case _:
            path = [*prefix, *text(node).split("::")]
            yield path[-1], path


def _absolute(path: list[str], crate: list[str], module: list[str]) -> list[str]:
    path = [part for part in path if part]
    if path[:1] == ["crate"]:
        return [*crate, *path[1:]]
    above = module
    while path[:1] in (["super"], ["self"]):
        above = above[:-1] if path[0] == "super" else above
        path = path[1:]
        if not path or path[0] not in ("super", "self"):
            return [*above, *path]
    return path


def _notes(node: Node) -> Iterator[tuple[str, Node, str, str]]:
    """The defaults that attributes before a field state: `#[arg(long, env = "X", default_value = "...")]`."""
    before = node.prev_named_sibling if node.type == "field_declaration" else None
    while before is not None and before.type in ("attribute_item", "line_comment"):
        tree = find(before, "<attribute>/arguments")
        stated: dict[str, Node] = {}
        name = ""
        for token in tree.named_children if tree is not None else ():
            if token.type == "identifier":
                name = text(token)
            elif token.type == "string_literal":
                stated.setdefault(name, token)
        env = text(stated.get("env")).strip('"')
        flag = f"--{text(find(node, 'name')).replace('_', '-')}" if tree is not None and "long" in text(tree) else ""
        for key in sorted(_DEFAULTS & stated.keys()):
            if (value := text(stated[key]).strip('"')) and text(find(before, "<attribute>/#0")) != "serde":
                yield value, stated[key], env, flag
        before = before.prev_named_sibling


def _is_test(node: Node) -> bool:
    """Whether an item stands behind `#[cfg(test)]` or `#[test]`."""
    before = node.prev_named_sibling if node.type in ("mod_item", "function_item") else None
    while before is not None and before.type in ("attribute_item", "line_comment"):
        stated = text(find(before, "<attribute>"))
        if stated.startswith("cfg(test") or stated.partition("(")[0].endswith("test"):
            return True
        before = before.prev_named_sibling
    return False


def _grammar() -> object:
    import tree_sitter_rust

    return tree_sitter_rust.language()


_STRING = g.Text(frozenset(["string_content", "escape_sequence"]))
_ROWS: dict[str, Row] = {
    "string_literal": _STRING,
    "raw_string_literal": _STRING,
    "identifier": g.Name(),
    "type_identifier": g.Name(),
    "shorthand_field_identifier": g.Name(),
    "field_identifier": g.Name(),
    "self": g.Name(),
    "crate": g.Name(),
    "field_expression": g.Member("value", "field"),
    "scoped_identifier": g.Member("path", "name"),
    "scoped_type_identifier": g.Member("path", "name"),
    "index_expression": g.Index("#0", "#1"),
    "call_expression": g.Call("function"),
    "macro_invocation": g.Call("macro", arguments="<token_tree>"),
    "generic_function": g.Same("function"),
    "generic_type": g.Same("type"),
    "generic_type_with_turbofish": g.Same("type"),
    "reference_type": g.Same("type"),
    "struct_expression": g.Record("name", "body"),
    "field_initializer": g.Pair("field|name", "value"),
    "shorthand_field_initializer": g.Pair("#0", "#0"),
    "base_field_initializer": g.Same(),
    "array_expression": g.Items(),
    "tuple_expression": g.Items(),
    "token_tree": g.Items(sign=":"),
    "parenthesized_expression": g.Same(),
    "reference_expression": g.Same("value"),
    "unary_expression": g.Same(),
    "try_expression": g.Same(),
    "await_expression": g.Same(),
    "type_cast_expression": g.Same("value"),
    "expression_statement": g.Same(),
    "mut_pattern": g.Same("#-1"),
    "else_clause": g.Same(),
    "binary_expression": g.Binary(),
    "assignment_expression": g.Assign(),
    "let_declaration": g.Bind("pattern"),
    "const_item": g.Bind(),
    "static_item": g.Bind(),
    "field_declaration": g.Bind(value=""),
    "function_item": g.Function(),
    "closure_expression": g.Function(name=""),
    "parameter": g.Parameter("pattern", ""),
    "struct_item": g.Type(),
    "enum_item": g.Type(),
    "enum_variant": g.Case(),
    "impl_item": g.Type("type"),
    "trait_item": g.Type(),
    "mod_item": g.Space(),
    "if_expression": g.If(),
    "match_expression": g.Switch("value"),
    "match_arm": g.Branch(frozenset(["pattern"])),
    "for_expression": g.Loop("pattern", "value"),
    "return_expression": g.Return(),
    "block": g.Block(),
    "line_comment": g.Comment(),
    "block_comment": g.Comment(),
    "use_declaration": g.Skip(),
    "attribute_item": g.Skip(),
    "inner_attribute_item": g.Skip(),
}

GRAMMAR = Grammar(
    "rust",
    _grammar,
    _ROWS,
    _module,
    _imports,
    yields=True,
    collections=frozenset(["vec", "array", "json", "hashmap"]),
    same=frozenset(
        ["Some", "Ok", "Box.new", "Arc.new", "Rc.new", "*.from", "*.Owned", "*.Borrowed", "concat", "Some.into"]
    ),
    constructors=frozenset(["new", "default", "builder"]),
    notes=_notes,
    is_test=_is_test,
)
