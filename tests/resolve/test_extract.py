"""Rows read out of other packages' own tables, by shape."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from auditor.errors import SnapshotError
from auditor.resolve.build import build
from auditor.resolve.extract import AliasRow, EdgeRow, Recipe, Row, extract, recipes, write_rows
from auditor.resolve.snapshot import embedded
from auditor.resolve.tables import read_table

PAIRS = Recipe("pypi:p==1", "*.py", "keyword-pair", {"child": "name", "parent": "made_of", "relation": "finetune"})
MAPPING = Recipe("pypi:p==1", "*.py", "mapping", {"relation": "quantized", "plain": "reupload"})
REGISTRIES = Recipe("pypi:p==1", "*.py", "registries", {"hub": "HUB", "other": "OTHER", "scheme": "modelscope"})
FORMATS = Recipe(
    "pypi:p==1",
    "*.json",
    "formats",
    {
        "forms": "specs",
        "size": "size",
        "form": "format",
        "base": "plain",
        "at": "src.hub",
        "id": "id",
        "each": "forms",
        "hole": "q",
        "relation": "quantized",
    },
)


def _extract(tmp_path: Path, recipe: Recipe, text: str) -> tuple[Row, ...]:
    (tmp_path / f"table{recipe.files[1:]}").write_text(text)
    return extract(tmp_path, recipe)


def test_a_call_that_names_both_is_an_edge(tmp_path: Path) -> None:
    text = 'raise SystemExit\nm = Meta(name="a/tuned", made_of="b/base")\nn = Meta(name="c/own", made_of=None)\n'
    assert _extract(tmp_path, PAIRS, text) == (EdgeRow("a/tuned", "finetune", "b/base", "pypi:p==1"),)


def test_a_mapping_leads_from_every_form_to_the_original(tmp_path: Path) -> None:
    text = """
M = {
    "pack/x-bnb-4bit": ("pack/x", "make/X"),
    "pack/y-bnb-4bit": {"8": ("other/Y-FP8", "pack/y-FP8"), "16": ("pack/y", "make/Y")},
    "pack/alone-bnb-4bit": ("pack/alone",),
    "not a model": ("make/X",),
}
"""
    assert {(r.child, r.relation, r.parent) for r in _extract(tmp_path, MAPPING, text) if isinstance(r, EdgeRow)} == {
        ("pack/x-bnb-4bit", "quantized", "make/X"),
        ("pack/x", "reupload", "make/X"),
        ("pack/y-bnb-4bit", "quantized", "make/Y"),
        ("pack/y-FP8", "quantized", "make/Y"),
        ("other/Y-FP8", "quantized", "make/Y"),
        ("pack/y", "reupload", "make/Y"),
    }


def test_the_forms_of_one_size_lead_to_the_base_of_that_size(tmp_path: Path) -> None:
    def spec(format: str, size: int, id: str, *forms: str) -> dict[str, object]:
        return {"format": format, "size": size, "src": {"hub": {"id": id, "forms": forms}}}

    specs = [
        spec("plain", 1, "m/one"),
        spec("plain", 2, "m/two"),
        spec("small", 2, "m/two-{q}", "4bit", "8bit"),
        spec("small", 3, "m/three-AWQ"),
    ]
    rows = _extract(tmp_path, FORMATS, json.dumps([{"specs": specs}, "text"]))
    assert [(r[0], r[2]) for r in rows] == [("m/two-4bit", "m/two"), ("m/two-8bit", "m/two")]


def test_names_by_registry_are_aliases(tmp_path: Path) -> None:
    text = 'register({"One": {S.HUB: "m/one", S.OTHER: "n/one"}, "Two": {S.HUB: "m/two"}})'
    assert _extract(tmp_path, REGISTRIES, text) == (AliasRow("modelscope", "n/one", "m/one", "pypi:p==1"),)


def test_a_layout_that_changed_is_an_error_and_not_an_empty_table(tmp_path: Path) -> None:
    with pytest.raises(SnapshotError, match="nothing found"):
        _extract(tmp_path, PAIRS, "x = 1")
    with pytest.raises(SnapshotError, match="not laid out as expected"):
        _extract(tmp_path, PAIRS, "def (")


def test_what_was_extracted_can_be_built(tmp_path: Path) -> None:
    rows = (EdgeRow("a/t", "finetune", "b/b", "pypi:p==1"), AliasRow("ollama", "b", "b/b", "pypi:p==1"))
    write_rows(rows, tmp_path / "t")
    (tmp_path / "t" / "models.tsv").write_text("id\tsource\nb/b\tpypi:p==1\n")
    (tmp_path / "t" / "sources.toml").write_text(
        '[[source]]\nmatch = "pypi:p"\nlicense = "MIT"\nedges = "high"\naliases = "high"\n'
    )
    made = build(tmp_path / "t", tmp_path / "out", built="2026-11-24")
    assert (made.models, made.edges, made.aliases) == (1, 1, 1)


def test_every_shipped_recipe_reads_a_source_that_is_shipped() -> None:
    shipped = {row["source"] for table in ("edges", "aliases") for row in read_table(embedded() / f"{table}.tsv.gz")}
    sources = {one for source in shipped for one in source.split(" | ")}
    found = recipes(embedded())
    assert found
    assert {recipe.source for recipe in found} <= sources
