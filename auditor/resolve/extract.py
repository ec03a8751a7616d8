"""Rows of the snapshot read out of other packages' own tables, as data: nothing of a package is imported or run."""

from __future__ import annotations

import ast
import json
import tomllib
import warnings
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from auditor.errors import SnapshotError
from auditor.resolve.rehost import stripped
from auditor.resolve.tables import SOURCES, write_table

_LARGEST = 20_000_000  # bytes; no table that we read is near it


@dataclass(frozen=True, slots=True)
class Recipe:
    """Where in an unpacked package a table stands, and how it is laid out (`[[extract]]` in sources.toml).

    `shape` is one of SHAPES; `fields` are what that shape needs to be told.
    """

    source: str
    files: str  # glob, relative to the unpacked package
    shape: str
    fields: Mapping[str, str]


class EdgeRow(NamedTuple):
    child: str
    relation: str
    parent: str
    source: str


class AliasRow(NamedTuple):
    scheme: str
    alias: str
    hub_id: str
    source: str


Row = EdgeRow | AliasRow


def recipes(folder: Path) -> tuple[Recipe, ...]:
    """The recipes in a folder's sources.toml, in file order. *Raises*: SnapshotError."""
    try:
        data = tomllib.loads((folder / SOURCES).read_text(encoding="utf-8"))
        return tuple(_recipe(entry) for entry in data.get("extract", ()))
    except (OSError, tomllib.TOMLDecodeError, KeyError) as error:
        raise SnapshotError(f"{SOURCES} cannot be read: {error}") from error


def extract(package: Path, recipe: Recipe) -> tuple[Row, ...]:
    """The rows that an unpacked package states, sorted, each once. *Raises*: SnapshotError when there are none."""
    found: set[Row] = set()
    for path in sorted(package.glob(recipe.files)):
        if path.is_file() and path.stat().st_size <= _LARGEST:
            try:
                found.update(SHAPES[recipe.shape](path.read_text(encoding="utf-8"), recipe))
            except (ValueError, SyntaxError, RecursionError, MemoryError, AttributeError, TypeError) as error:
                raise SnapshotError(f"{recipe.source}: {path.name} is not laid out as expected: {error}") from error
    if not found:
        raise SnapshotError(f"{recipe.source}: nothing found in {recipe.files}", hint="the layout may have changed")
    return tuple(sorted(found))


def write_rows(rows: tuple[Row, ...], folder: Path) -> None:
    """Put extracted rows beside others as tables that `build` reads (edges.tsv.gz, aliases.tsv.gz)."""
    folder.mkdir(parents=True, exist_ok=True)
    write_table(folder / "edges.tsv.gz", EdgeRow._fields, sorted(r for r in rows if isinstance(r, EdgeRow)))
    write_table(folder / "aliases.tsv.gz", AliasRow._fields, sorted(r for r in rows if isinstance(r, AliasRow)))


def _keyword_pair(text: str, recipe: Recipe) -> Iterator[Row]:
    """Calls that name the model by one keyword and what it was made from by another."""
    child_word, parent_word = recipe.fields["child"], recipe.fields["parent"]
    for node in ast.walk(_parsed(text)):
        if isinstance(node, ast.Call):
            words = {k.arg: k.value for k in node.keywords}
            child = _text(words.get(child_word))
            parent = _text(words.get(parent_word)).removeprefix(recipe.fields.get("strip", ""))
            if child and parent:
                yield EdgeRow(child, recipe.fields["relation"], parent, recipe.source)


def _mapping(text: str, recipe: Recipe) -> Iterator[Row]:
    """Dicts from a repackaged model to its other forms, the original among them under another organisation."""
    for node in ast.walk(_parsed(text)):
        if not isinstance(node, ast.Dict):
            continue
        for key, value in zip(node.keys, node.values, strict=True):
            child = _text(key)
            if not child or "/" not in child:
                continue
            others = [name for name in _texts(value) if "/" in name]
            originals = [name for name in others if _org(name) != _org(child) and not stripped(name)[1]]
            for form in [child, *(name for name in others if name not in originals)] if originals else []:
                relation = recipe.fields["relation"] if stripped(form)[1] else recipe.fields["plain"]
                yield EdgeRow(form, relation, originals[-1], recipe.source)


def _formats(text: str, recipe: Recipe) -> Iterator[Row]:
    """JSON lists of one model's forms by size: one form is the base, the others were made from it."""
    for model in _objects(json.loads(text)):
        base: dict[str, str] = {}
        forms: list[tuple[str, str]] = []
        for spec in model.get(recipe.fields["forms"], ()):
            size = str(spec.get(recipe.fields["size"], ""))
            for name in _expanded(spec, recipe):
                if spec.get(recipe.fields["form"]) == recipe.fields["base"]:
                    base.setdefault(size, name)
                else:
                    forms.append((size, name))
        for size, name in forms:
            if base.get(size, name) != name:
                yield EdgeRow(name, recipe.fields["relation"], base[size], recipe.source)


def _registries(text: str, recipe: Recipe) -> Iterator[Row]:
    """Dicts of one model's names by registry, the registries as attributes of an enumeration."""
    for node in ast.walk(_parsed(text)):
        if not isinstance(node, ast.Dict):
            continue
        names = {k.attr: _text(v) for k, v in zip(node.keys, node.values, strict=True) if isinstance(k, ast.Attribute)}
        hub_id, other = names.get(recipe.fields["hub"]), names.get(recipe.fields["other"])
        if hub_id and other:
            yield AliasRow(recipe.fields["scheme"], other, hub_id, recipe.source)


SHAPES: Mapping[str, Callable[[str, Recipe], Iterator[Row]]] = {
    "keyword-pair": _keyword_pair,
    "mapping": _mapping,
    "formats": _formats,
    "registries": _registries,
}


def _recipe(entry: Mapping[str, Any]) -> Recipe:
    shape = str(entry["shape"])
    if shape not in SHAPES:
        raise SnapshotError(f"{SOURCES}: no such shape {shape!r}", hint=f"one of {', '.join(sorted(SHAPES))}")
    fields = {str(k): str(v) for k, v in entry.items() if k not in ("source", "files", "shape")}
    return Recipe(str(entry["source"]), str(entry["files"]), shape, fields)


def _expanded(spec: Mapping[str, Any], recipe: Recipe) -> Iterator[str]:
    """The ids of one form: a template stands for one id a quantisation."""
    place: Any = spec
    for step in recipe.fields["at"].split("."):
        place = place.get(step) or {}
    name, forms = str(place.get(recipe.fields["id"], "")), place.get(recipe.fields["each"], ())
    hole = "{" + recipe.fields["hole"] + "}"
    if hole in name:
        yield from (name.replace(hole, str(form)) for form in forms)
    elif name:
        yield name


def _parsed(text: str) -> ast.Module:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SyntaxWarning)  # escapes in somebody else's strings
        return ast.parse(text)


def _text(node: ast.expr | None) -> str:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


def _texts(node: ast.expr) -> list[str]:
    """The strings of a tuple or list, or of the collections that are a dict's values, in order."""
    match node:
        case ast.Tuple(elts=parts) | ast.List(elts=parts) | ast.Dict(values=parts):
            return [text for part in parts for text in _texts(part)]
        case _:
            return [text] if (text := _text(node)) else []


def _objects(data: object) -> Iterator[Mapping[str, Any]]:
    for item in data if isinstance(data, list) else [data]:
        if isinstance(item, dict):
            yield item


def _org(name: str) -> str:
    return name.partition("/")[0].casefold()
