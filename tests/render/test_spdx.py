"""SPDX 3.0.1: valid by the official schema, read back by the official bindings, and what nobody knows is not asserted."""

from __future__ import annotations

import io
import json
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema_rs
import spdx_python_model.bindings.v3_0_1 as bindings

from auditor.domain.report import Report
from auditor.render import spdx
from tests.render.reports import report

SCHEMA = Path(__file__).parent / "schemas" / "spdx-3.0.1.schema.json"


@cache
def schema() -> jsonschema_rs.Draft202012Validator:
    return jsonschema_rs.Draft202012Validator(json.loads(SCHEMA.read_text("utf-8")))


def decoded(given: Report) -> list[Any]:
    document = json.loads(spdx.render(given))
    schema().validate(document)
    return list(document["@graph"])


def read_back(given: Report) -> bindings.SHACLObjectSet:
    objects = bindings.SHACLObjectSet()
    bindings.JSONLDDeserializer().read(io.BytesIO(spdx.render(given).encode()), objects)
    assert objects.missing_ids == set()
    return objects


def test_a_report_is_valid_by_the_official_schema() -> None:
    assert {"SpdxDocument", "software_Sbom", "software_Package"} <= {one["type"] for one in decoded(report())}


def test_an_empty_report_is_valid() -> None:
    empty = report(findings=(), products=(), decisions=(), gaps=(), stacks=(), waivers=())
    assert [one["name"] for one in decoded(empty) if one["type"] == "software_Package"] == ["acme-search"]


def test_the_bindings_read_the_lineage_back() -> None:
    related = {
        (one.from_.name, parent.name)
        for one in read_back(report()).foreach_type(bindings.Relationship)
        if one.relationshipType == bindings.RelationshipType.descendantOf
        for parent in one.to
        if isinstance(one.from_, bindings.Element) and isinstance(parent, bindings.software_Package)
    }
    assert related == {
        ("BAAI/bge-m3", "BAAI/bge-m3-retromae"),
        ("BAAI/bge-m3-retromae", "FacebookAI/xlm-roberta-large"),
    }
