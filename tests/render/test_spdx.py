"""SPDX 3.0.1: valid by the official schema, read back by the official bindings, and what nobody knows is not asserted."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
import spdx_python_model.bindings.v3_0_1 as bindings

from auditor.domain.model import Edge, Relation, Verdict
from auditor.domain.reference import Confidence, Role
from auditor.domain.report import Ancestor, Finding, Report
from auditor.render import spdx
from tests.render.poison import POISONS, poisoned
from tests.render.reports import (
    ACME,
    BGE,
    CARD,
    GPT,
    LLAMA,
    MENTIONED,
    QWEN,
    QWEN3,
    SEARCH,
    finding,
    judgement,
    place,
    report,
)

SCHEMA = Path(__file__).parent / "schemas" / "spdx-3.0.1.schema.json"
NOBODY_KNOWS = "https://spdx.org/rdf/3.0.1/terms/Core/NoAssertionElement"
NOTHING = "https://spdx.org/rdf/3.0.1/terms/Core/NoneElement"


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


def packages(given: Report) -> dict[str, Any]:
    return {one["name"]: one for one in decoded(given) if one["type"] == "software_Package"}


def related(given: Report, kind: str) -> dict[tuple[str, str], Any]:
    """The relationships of a kind by the names of their ends; ends outside of the document by their ids."""
    names = {one["spdxId"]: one.get("name", one["spdxId"]) for one in decoded(given) if "spdxId" in one}
    return {
        (names[one["from"]], names.get(end, end)): one
        for one in decoded(given)
        if one.get("relationshipType") == kind
        for end in one["to"]
    }


def properties(of: Any, name: str) -> list[str]:
    entries = [entry for extension in of["extension"] for entry in extension["extension_cdxProperty"]]
    return [e["extension_cdxPropValue"] for e in entries if e["extension_cdxPropName"] == f"auditor:{name}"]


def edge(child: str, parent: str, relation: Relation, confidence: Confidence = Confidence.HIGH) -> Edge:
    return Edge(child, parent, relation, confidence, CARD)


def test_a_report_is_valid_by_the_official_schema() -> None:
    assert {"SpdxDocument", "software_Sbom", "software_Package"} <= {one["type"] for one in decoded(report())}


def test_an_empty_report_is_valid() -> None:
    empty = report(findings=(), products=(), decisions=(), gaps=(), stacks=(), waivers=())
    assert list(packages(empty)) == ["acme-search"]


def test_the_bindings_read_the_lineage_back() -> None:
    descent = {
        (one.from_.name, parent.name)
        for one in read_back(report()).foreach_type(bindings.Relationship)
        if one.relationshipType == bindings.RelationshipType.descendantOf
        for parent in one.to
        if isinstance(one.from_, bindings.Element) and isinstance(parent, bindings.software_Package)
    }
    assert descent == {
        ("BAAI/bge-m3", "BAAI/bge-m3-retromae"),
        ("BAAI/bge-m3-retromae", "FacebookAI/xlm-roberta-large"),
    }


def test_the_bindings_read_makers_with_their_countries() -> None:
    (bge,) = [p for p in read_back(report()).foreach_type(bindings.software_Package) if p.name == BGE.id]
    (maker,) = bge.originatedBy
    assert isinstance(maker, bindings.Organization)
    (extension,) = maker.extension
    assert isinstance(extension, bindings.extension_CdxPropertiesExtension)
    (told,) = extension.extension_cdxProperty
    assert isinstance(told, bindings.extension_CdxPropertyEntry)
    assert (told.extension_cdxPropName, told.extension_cdxPropValue) == ("auditor:maker:country", "CN")


def test_a_model_is_no_ai_package_while_nobody_tells_its_release() -> None:
    assert not [one for one in decoded(report()) if one["type"] == "ai_AIPackage"]
    bge = packages(report())[BGE.id]
    assert bge["software_primaryPurpose"] == "model"
    assert bge["software_packageUrl"] == "pkg:huggingface/BAAI/bge-m3"
    assert not {"releaseTime", "software_packageVersion"} & set(bge)


def test_a_mention_is_no_package() -> None:
    assert not {f.id for f in MENTIONED} & set(packages(report()))


@pytest.mark.parametrize(
    ("given", "kind", "scope"),
    [
        (BGE, "dependsOn", "runtime"),
        (QWEN3, "hasOptionalDependency", "runtime"),
        (LLAMA, "dependsOn", "development"),
    ],
    ids=["runs", "offers", "trains"],
)
def test_a_product_depends_on_a_model_as_it_uses_it(given: Finding, kind: str, scope: str) -> None:
    assert related(report(), kind)["acme-search", given.id]["scope"] == scope


def test_a_root_descends_from_nothing_and_an_unknown_from_who_knows_what() -> None:
    descent = related(report(), "descendantOf")
    assert descent[QWEN3.id, NOTHING]["completeness"] == "complete"
    assert descent[ACME.id, NOBODY_KNOWS]["completeness"] == "noAssertion"


def test_parents_are_complete_only_where_the_sources_are_sure() -> None:
    descent = related(report(), "descendantOf")
    assert descent[BGE.id, "BAAI/bge-m3-retromae"]["completeness"] == "complete"
    assert descent["BAAI/bge-m3-retromae", "FacebookAI/xlm-roberta-large"]["completeness"] == "noAssertion"


def test_a_root_that_is_only_supposed_to_be_one_is_not_complete() -> None:
    supposed = replace(QWEN3, judgement=replace(QWEN3.judgement, confidence=Confidence.MEDIUM))
    descent = related(report(findings=(supposed,)), "descendantOf")
    assert descent[QWEN3.id, NOTHING]["completeness"] == "noAssertion"


@pytest.mark.parametrize(
    ("relation", "kind"),
    [(Relation.QUANTIZED, "hasVariant"), (Relation.CONVERTED, "hasVariant"), (Relation.REUPLOAD, "copiedTo")],
)
def test_the_same_weights_in_another_form_are_a_variant_and_a_descendant(relation: Relation, kind: str) -> None:
    given = report(findings=(replace(ACME, edges=(edge(ACME.id, "q/base", relation),)),))
    assert list(related(given, kind)) == [("q/base", ACME.id)]
    assert (ACME.id, "q/base") in related(given, "descendantOf")


def test_a_part_and_a_teacher_are_no_descent() -> None:
    edges = (edge(ACME.id, "o/part", Relation.COMPONENT), edge(ACME.id, "t/teacher", Relation.DISTILLED))
    given = report(findings=(replace(ACME, edges=edges),), products=())
    assert list(related(given, "contains")) == [(ACME.id, "o/part")]
    assert list(related(given, "other")) == [(ACME.id, "t/teacher")]
    assert set(related(given, "descendantOf")) == {(ACME.id, NOBODY_KNOWS), ("o/part", NOBODY_KNOWS)}


def test_a_model_that_is_also_an_ancestor_keeps_what_is_known_of_it() -> None:
    child = replace(ACME, edges=(edge(ACME.id, QWEN3.id, Relation.FINETUNE),))
    given = packages(report(findings=(child, QWEN3)))
    assert properties(given[QWEN3.id], "usage") == ["selectable"]


def test_a_lineage_in_a_circle_ends() -> None:
    circle = (edge(ACME.id, "x/a", Relation.FINETUNE), edge("x/a", ACME.id, Relation.FINETUNE))
    descent = related(report(findings=(replace(ACME, edges=circle),)), "descendantOf")
    assert set(descent) == {(ACME.id, "x/a"), ("x/a", ACME.id)}


def test_a_place_is_a_line_of_a_file_and_the_evidence_of_a_model() -> None:
    graph = decoded(report(findings=(GPT,)))
    (file,) = [one for one in graph if one["type"] == "software_File"]
    (snippet,) = [one for one in graph if one["type"] == "software_Snippet"]
    assert file["name"] == ".env"
    assert snippet["software_snippetFromFile"] == file["spdxId"]
    assert snippet["software_lineRange"]["beginIntegerRange"] == 3
    assert (GPT.id, "gpt-5") in related(report(findings=(GPT,)), "hasEvidence")


def test_who_only_offers_a_model_supplies_it() -> None:
    judged = judgement(Verdict.ROOT, "", Ancestor("q/base", "Q", ("CN",)))
    maker = replace(QWEN, kind="repackager", name="X")
    given = packages(report(findings=(finding("x/gguf", judged, place("x/gguf", Role.DEFAULT, "a", 1), maker=maker),)))
    assert "suppliedBy" in given["x/gguf"]
    assert "originatedBy" not in given["x/gguf"]


def test_a_licence_without_an_spdx_name_is_quoted_and_not_translated() -> None:
    declared = related(report(findings=(replace(QWEN3, license="qwen-research"),)), "hasDeclaredLicense")
    (told,) = declared.values()
    assert told["to"] == ["https://spdx.org/rdf/3.0.1/terms/ExpandedLicensing/NoAssertionLicense"]
    assert told["comment"] == "declared as: qwen-research"


def test_a_licence_with_an_spdx_name_is_an_expression() -> None:
    (licence,) = [one for one in decoded(report()) if one["type"] == "simplelicensing_LicenseExpression"]
    assert licence["simplelicensing_licenseExpression"] == "MIT"


def test_stacks_stand_apart_from_models() -> None:
    assert packages(report())["CUDA"]["software_primaryPurpose"] == "platform"
    assert related(report(), "dependsOn")["acme-search", "CUDA"]["comment"] == "requirements.txt:3"


def test_the_products_of_a_monorepo_need_their_own_models() -> None:
    products = (replace(SEARCH, name="a", path="apps/a"), replace(SEARCH, name="b", path="apps/b"))
    models = (replace(QWEN3, occurrences=(place(QWEN3.id, Role.DEFAULT, "apps/a/x.py", 1, product="apps/a"),)),)
    given = report(findings=models, products=products, stacks=())
    assert set(related(given, "contains")) == {("acme-search", "a"), ("acme-search", "b")}
    assert set(related(given, "dependsOn")) == {("a", QWEN3.id)}


def test_the_time_is_an_argument_and_by_itself_that_of_the_lineage_data() -> None:
    (creation,) = [one for one in decoded(report()) if one["type"] == "CreationInfo"]
    assert creation["created"] == "2026-11-20T00:00:00Z"
    assert "lineage data" in creation["comment"]
    given = datetime(2026, 11, 24, 14, 0, tzinfo=timezone(timedelta(hours=2)))
    assert '"created": "2026-11-24T12:00:00Z"' in spdx.render(report(), created=given)
    assert spdx.render(report(), created=given) == spdx.render(report(), created=given.astimezone(UTC))


def test_without_lineage_data_there_is_no_time() -> None:
    given = report()
    bare = replace(given, provenance=replace(given.provenance, snapshot=replace(given.provenance.snapshot, built="")))
    (creation,) = [one for one in decoded(bare) if one["type"] == "CreationInfo"]
    assert creation["created"] == "1970-01-01T00:00:00Z"


def test_the_same_report_gives_the_same_bytes_however_it_was_found() -> None:
    given = report()
    turned = replace(
        given,
        findings=tuple(replace(f, occurrences=f.occurrences[::-1], edges=f.edges[::-1]) for f in given.findings[::-1]),
        gaps=given.gaps[::-1],
        stacks=given.stacks[::-1],
    )
    assert spdx.render(turned) == spdx.render(given)


def test_another_report_has_other_ids() -> None:
    first, second = ({one["spdxId"] for one in decoded(r) if "spdxId" in one} for r in (report(), report(gaps=())))
    assert not first & second


@pytest.mark.parametrize("poison", POISONS, ids=ascii)
def test_whatever_a_repository_says_the_document_is_valid_and_harmless(poison: str) -> None:
    given = poisoned(report(), poison)
    graph = decoded(given)
    assert json.dumps(graph, ensure_ascii=False).isprintable()
    ids = [one["spdxId"] for one in graph if "spdxId" in one]
    assert len(set(ids)) == len(ids)
    assert read_back(given).objects
