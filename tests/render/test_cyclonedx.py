"""CycloneDX: valid by the official schemas, read back by the official library, and nothing in it invented."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

from auditor.domain.report import Report
from auditor.render import cyclonedx, cyclonedx17
from tests.render.reports import BGE, MENTIONED, report

FORMS: dict[str, tuple[Callable[[Report], str], SchemaVersion]] = {
    "1.6": (cyclonedx.render, SchemaVersion.V1_6),
    "1.7": (cyclonedx17.render, SchemaVersion.V1_7),
}


def decoded(given: Report, form: str = "1.6") -> Any:
    render, version = FORMS[form]
    text = render(given)
    assert JsonStrictValidator(version).validate_str(text) is None
    return json.loads(text)


def component(given: Report, model: str, form: str = "1.6") -> Any:
    (found,) = [c for c in decoded(given, form)["components"] if c["bom-ref"] == f"model:{model}"]
    return found


def properties(of: Any, name: str) -> list[str]:
    return [p["value"] for p in of["properties"] if p["name"] == f"auditor:{name}"]


def read_back(given: Report) -> Bom:
    bom: Bom = Bom.from_json(decoded(given))  # type: ignore[attr-defined]
    bom.validate()
    return bom


def named(bom: Bom, name: str) -> Component:
    found: list[Component] = [c for c in bom.components if c.name == name]
    (only,) = found
    return only


@pytest.mark.parametrize("form", FORMS)
def test_a_report_is_valid_by_the_official_schema(form: str) -> None:
    assert decoded(report(), form)["specVersion"] == form


@pytest.mark.parametrize("form", FORMS)
def test_an_empty_report_is_valid(form: str) -> None:
    empty = report(findings=(), products=(), decisions=(), gaps=(), stacks=(), waivers=())
    assert decoded(empty, form)["components"] == []


def test_the_library_reads_the_lineage_and_the_countries_back() -> None:
    bge = named(read_back(report()), "bge-m3")
    assert bge.type is ComponentType.MACHINE_LEARNING_MODEL
    assert bge.purl is not None
    assert bge.purl.to_string() == "pkg:huggingface/BAAI/bge-m3"
    assert bge.manufacturer is not None
    assert bge.manufacturer.address is not None
    assert bge.manufacturer.address.country == "CN"
    assert bge.pedigree is not None
    countries = {
        a.name: a.manufacturer and a.manufacturer.address and a.manufacturer.address.country
        for a in bge.pedigree.ancestors
    }
    assert countries == {"bge-m3-retromae": None, "xlm-roberta-large": "US"}


def test_the_library_reads_the_places_back() -> None:
    bge = named(read_back(report()), "bge-m3")
    assert bge.evidence is not None
    assert ("src/embed.py", 14) in {(o.location, o.line) for o in bge.evidence.occurrences}


def test_a_mention_is_neither_a_component_nor_a_place() -> None:
    document = decoded(report())
    assert not {f"model:{f.id}" for f in MENTIONED} & {c["bom-ref"] for c in document["components"]}
    assert properties(document["metadata"], "models:mentioned-only") == ["3"]
    places = component(report(), BGE.id)["evidence"]["occurrences"]
    assert "README.md" not in {one["location"] for one in places}
