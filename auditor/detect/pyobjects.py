"""Objects that only hold options, read as the mappings they are: `MODELS = {"small": ModelConfig(id="x")}`."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from dataclasses import replace

from auditor.detect.context import Context
from auditor.detect.pyscope import Scopes
from auditor.domain.fact import Binds, Bound, Entry, Fact, Place, Read
from auditor.domain.source import Span

Visit = Callable[[ast.expr | None, Place, Context], Iterator[Fact]]

_HOLDS = ("Config", "Spec", "Info", "Options", "Settings", "Params", "Preset", "Profile", "Definition", "Card", "Entry")


def as_mapping(node: ast.Call, last: str, place: Place, span: Span, at: Context, visit: Visit) -> Iterator[Fact]:
    """What an object in a table holds, under the names of its fields."""
    table = isinstance(place, Bound) and place.how in (Binds.CONSTANT, Binds.FIELD) and at.entries
    if not table or node.args or not last.endswith(_HOLDS):
        return
    names = tuple(k.arg for k in node.keywords if k.arg)
    for i, keyword in enumerate(node.keywords):
        if isinstance(keyword.value, ast.Constant | ast.Name | ast.Attribute):
            entry = Entry(keyword.arg or "", len(node.keywords), i == 0, names, (span.line, span.column))
            yield from visit(keyword.value, place, replace(at, entries=(entry, *at.entries)))


def field_of_entry(
    node: ast.Name | ast.Attribute, scopes: Scopes, place: Place, span: Span, at: Context
) -> Iterator[Fact]:
    """`MODELS["small"].id` reads the entry's `id`."""
    if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Subscript):
        name, key = scopes.keyed(node.value)
        if name:
            yield Read(name, place, span, at.within, f"{key}.{node.attr}", at.entries, at.guards)
