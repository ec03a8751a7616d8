"""CycloneDX: valid by the official schemas, read back by the official library, and nothing in it invented."""

from __future__ import annotations

import csv
import gzip
import json
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

from auditor.domain.model import Edge, Relation, Verdict
from auditor.domain.reference import Confidence, Role, Scheme
from auditor.domain.report import Ancestor, Finding, Report
from auditor.render import cyclonedx, cyclonedx17
from tests.render.poison import POISONS, poisoned
from tests.render.reports import (
    ACME,
    BGE,
    CARD,
    CHINESE,
    GPT,
    LLAMA,
    MENTIONED,
    QWEN,
    QWEN3,
    SEARCH,
    finding,
    judgement,
    place,
    publisher,
    report,
)

ROOT = Path(__file__).parents[2]
FORMS: dict[str, tuple[Callable[[Report], str], SchemaVersion]] = {
    "1.6": (cyclonedx.render, SchemaVersion.V1_6),
    "1.7": (cyclonedx17.render, SchemaVersion.V1_7),
}


@cache
def schema(form: str) -> jsonschema_rs.Draft7Validator:
    """The official schema in a fast validator."""
    folder = files("cyclonedx.schema").joinpath("_res")

    def fetched(uri: str) -> Any:
        name = uri.rpartition("/")[2].removesuffix(".schema.json").removesuffix(".SNAPSHOT")
        return json.loads(folder.joinpath(f"{name}.SNAPSHOT.schema.json").read_text("utf-8"))

    return jsonschema_rs.Draft7Validator(fetched(f"bom-{form}.schema.json"), retriever=fetched, validate_formats=True)


def decoded(given: Report, form: str = "1.6") -> Any:
    document = json.loads(FORMS[form][0](given))
    schema(form).validate(document)
    return document


def component(given: Report, model: str, form: str = "1.6") -> Any:
    (found,) = [c for c in decoded(given, form)["components"] if c["bom-ref"] == f"model:{model}"]
    return found


def only(given: Finding, form: str = "1.6") -> Any:
    """The component of the one model of a report."""
    (found,) = decoded(report(findings=(given,), stacks=()), form)["components"]
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


def dependencies(given: Report) -> dict[str, list[str]]:
    return {one["ref"]: one["dependsOn"] for one in decoded(given)["dependencies"]}


def edge(child: str, parent: str, relation: Relation = Relation.FINETUNE) -> Edge:
    return Edge(child, parent, relation, Confidence.HIGH, CARD)


@pytest.mark.parametrize("form", FORMS)
def test_a_report_is_valid_for_the_official_validator(form: str) -> None:
    render, version = FORMS[form]
    assert JsonStrictValidator(version).validate_str(render(report())) is None
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
    assert country(bge) == "CN"
    assert bge.pedigree is not None
    assert {a.name: country(a) for a in bge.pedigree.ancestors} == {"bge-m3-retromae": None, "xlm-roberta-large": "US"}


def country(of: Component) -> str | None:
    address = of.manufacturer.address if of.manufacturer else None
    return address.country if address else None


def test_the_library_reads_the_places_back() -> None:
    bge = named(read_back(report()), "bge-m3")
    assert bge.evidence is not None
    assert ("src/embed.py", 14) in {(o.location, o.line) for o in bge.evidence.occurrences}


def test_a_mention_is_neither_a_component_nor_a_place() -> None:
    document = decoded(report())
    assert not {f"model:{f.id}" for f in MENTIONED} & {c["bom-ref"] for c in document["components"]}
    assert properties(document["metadata"], "models:mentioned-only") == ["3"]
    bge = component(report(), BGE.id)
    assert "README.md" not in {one["location"] for one in bge["evidence"]["occurrences"]}
    assert properties(bge, "mentions") == ["1"]


@pytest.mark.parametrize(
    ("given", "scope"), [(BGE, "required"), (QWEN3, "optional"), (LLAMA, "excluded")], ids=["runs", "offers", "trains"]
)
def test_what_runs_is_required_and_what_is_trained_from_is_not_in_the_product(given: Finding, scope: str) -> None:
    assert component(report(), given.id)["scope"] == scope


def test_ancestors_come_nearest_first_with_the_relation_and_its_source() -> None:
    first, second = component(report(), BGE.id)["pedigree"]["ancestors"]
    assert (first["name"], second["name"]) == ("bge-m3-retromae", "xlm-roberta-large")
    assert properties(second, "lineage:relation") == ["finetune"]
    assert properties(second, "lineage:child") == ["BAAI/bge-m3-retromae"]
    assert properties(second, "lineage:as-of") == ["2026-10-05"]
    assert {"type": "evidence", "url": CARD.url} in second["externalReferences"]


def test_whoever_trained_on_the_way_is_named_with_their_country() -> None:
    between = Ancestor("BAAI/bge-m3-retromae", "BAAI", ("CN",))
    first, _ = only(replace(BGE, judgement=replace(BGE.judgement, makers=(between,))))["pedigree"]["ancestors"]
    assert first["manufacturer"] == {"name": "BAAI", "address": {"country": "CN"}}


def test_a_part_lies_inside_the_model_with_a_lineage_of_its_own() -> None:
    edges = (edge("m/eye", "o/clip", Relation.COMPONENT), edge("o/clip", "o/clip-base"))
    judged = judgement(Verdict.NO, "", Ancestor("m/eye", "M", ("FR",)))
    model = only(replace(finding("m/eye", judged, place("m/eye", Role.DEFAULT, "a.py", 1)), edges=edges))
    (part,) = model["components"]
    assert (part["group"], part["name"]) == ("o", "clip")
    assert [ancestor["name"] for ancestor in part["pedigree"]["ancestors"]] == ["clip-base"]
    assert "pedigree" not in model


def test_a_teacher_is_no_ancestor() -> None:
    taught = only(replace(BGE, edges=(edge(BGE.id, "x/teacher", Relation.DISTILLED),)))
    assert "pedigree" not in taught
    assert properties(taught, "lineage:teacher") == ["x/teacher"]


def test_a_name_that_no_source_knows_is_given_no_address() -> None:
    nameless = only(replace(ACME, hub_id=None))
    assert nameless["name"] == "ranker-7b"
    assert not {"purl", "group", "externalReferences"} & set(nameless)
    assert nameless["evidence"]["identity"][0]["field"] == "name"


@pytest.mark.parametrize(
    ("revision", "url"),
    [("c0" * 20, f"pkg:huggingface/BAAI/bge-m3@{'c0' * 20}"), ("main", "pkg:huggingface/BAAI/bge-m3")],
)
def test_a_pinned_revision_is_the_version(revision: str, url: str) -> None:
    pinned = tuple(replace(o, reference=replace(o.reference, version=revision)) for o in BGE.occurrences)
    model = only(replace(BGE, occurrences=pinned))
    assert (model["version"], model["purl"]) == (revision, url)


def test_revisions_that_differ_are_no_version() -> None:
    first, *rest = BGE.occurrences
    pinned = replace(first, reference=replace(first.reference, version="v2"))
    assert "version" not in only(replace(BGE, occurrences=(pinned, *rest)))


def test_a_lineage_in_a_circle_ends() -> None:
    circle = replace(BGE, edges=(edge(BGE.id, "x/a"), edge("x/a", "x/b"), edge("x/b", BGE.id)))
    assert [a["name"] for a in only(circle)["pedigree"]["ancestors"]] == ["a", "b"]


def test_how_complete_each_lineage_is_stands_in_the_compositions() -> None:
    partly = replace(BGE, complete=False)
    told = decoded(report(findings=(partly, ACME, QWEN3)))["compositions"]
    assert {one["aggregate"]: one["assemblies"] for one in told if "assemblies" in one} == {
        "complete": ["model:Qwen/Qwen3-8B"],
        "incomplete": ["model:BAAI/bge-m3"],
        "unknown": ["model:acme/ranker-7b"],
    }


def test_a_hosted_model_is_reached_through_its_service() -> None:
    needs = dependencies(report(findings=(BGE, GPT)))
    assert needs["target"] == ["model:BAAI/bge-m3", "service:openai", "stack:cuda"]
    assert needs["service:openai"] == ["model:openai%3Agpt-5"]
    (service,) = decoded(report())["services"]
    assert service["provider"] == {"name": "OpenAI", "address": {"country": "US"}}


def test_open_weights_that_somebody_serves_are_reached_through_the_service_too() -> None:
    served = place(QWEN3.id, Role.DEFAULT, "a.py", 1, served_by="together")
    given = report(findings=(replace(QWEN3, occurrences=(served,)),))
    assert dependencies(given)["service:together"] == ["model:Qwen/Qwen3-8B"]
    (service,) = decoded(given)["services"]
    assert service["provider"] == {"name": "together"}  # nothing in the report says more


def test_a_maker_in_two_countries_is_not_given_one_of_them() -> None:
    twice = replace(QWEN, claims=(*QWEN.claims, *publisher("q", "Q", "SG").claims))
    model = only(replace(QWEN3, publisher=twice))
    assert "address" not in model["manufacturer"]
    assert properties(model, "maker:country") == ["CN", "SG"]


@pytest.mark.parametrize("kind", ["repackager", "host", "unknown"])
def test_who_only_offers_a_model_did_not_make_it(kind: str) -> None:
    judged = judgement(Verdict.ROOT, "", Ancestor("q/base", "Q", ("CN",)))
    offered = finding(
        "x/gguf", judged, place("x/gguf", Role.DEFAULT, "a.py", 1), maker=replace(QWEN, kind=kind, name="X")
    )
    model = only(offered)
    assert model["supplier"]["name"] == "X"
    assert "manufacturer" not in model


def test_a_model_of_nobody_known_names_nobody() -> None:
    assert not {"manufacturer", "supplier", "publisher", "authors"} & set(only(ACME))


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("mit", {"license": {"id": "MIT", "acknowledgement": "declared"}}),
        ("qwen-research", {"license": {"name": "qwen-research", "acknowledgement": "declared"}}),
        ("mit or apache-2.0", {"expression": "MIT OR Apache-2.0", "acknowledgement": "declared"}),
    ],
)
def test_a_licence_keeps_the_name_that_it_was_declared_by(name: str, written: dict[str, Any]) -> None:
    assert only(replace(BGE, license=name))["licenses"] == [written]


def test_every_licence_of_the_lineage_data_is_valid() -> None:
    with gzip.open(ROOT / "rules" / "snapshot" / "models.tsv.gz", "rt", encoding="utf-8") as file:
        names = sorted({row["license"] for row in csv.DictReader(file, delimiter="\t")} - {""})
    assert len(names) > 20
    given = tuple(
        replace(finding(f"m/{n}", QWEN3.judgement, QWEN3.occurrences[0]), license=x) for n, x in enumerate(names)
    )
    for form in FORMS:
        assert all(c["licenses"] for c in decoded(report(findings=given, stacks=()), form)["components"])


def test_stacks_stand_apart_from_models() -> None:
    (stack,) = [c for c in decoded(report())["components"] if c["type"] != "machine-learning-model"]
    assert (stack["name"], stack["manufacturer"]["name"]) == ("CUDA", "NVIDIA")
    assert properties(stack, "kind") == ["stack"]
    assert "modelCard" not in stack


@pytest.mark.parametrize(("role", "external"), [(Role.DEFAULT, True), (Role.BUNDLED, False)])
def test_version_1_7_says_what_is_not_delivered(role: Role, external: bool) -> None:
    given = replace(BGE, occurrences=(place(BGE.id, role, "a.bin", 1),))
    assert only(given, "1.7")["isExternal"] is external
    assert "isExternal" not in only(given)


def test_weights_in_the_repository_are_named_by_their_digest() -> None:
    digest = "ab" * 32
    weights = place("w", Role.BUNDLED, "model.gguf", 1, scheme=Scheme.FILE)
    weights = replace(weights, reference=replace(weights.reference, digest=digest))
    model = only(finding("file:w", judgement(Verdict.UNKNOWN, "?"), weights))
    assert model["hashes"] == [{"alg": "SHA-256", "content": digest}]


def test_the_products_of_a_monorepo_are_parts_that_need_their_own_models() -> None:
    first, second = replace(SEARCH, name="a", path="apps/a"), replace(SEARCH, name="b", path="apps/b b")
    given = report(
        findings=(
            replace(BGE, occurrences=(place(BGE.id, Role.DEFAULT, "apps/a/x.py", 1, product="apps/a"),)),
            replace(QWEN3, occurrences=(place(QWEN3.id, Role.DEFAULT, "y.py", 1, product="apps/b b"),)),
        ),
        products=(first, second),
        stacks=(),
    )
    parts = decoded(given)["metadata"]["component"]["components"]
    assert [part["bom-ref"] for part in parts] == ["product:apps/a", "product:apps/b%20b"]
    assert dependencies(given) == {
        "target": ["product:apps/a", "product:apps/b%20b"],
        "product:apps/a": ["model:BAAI/bge-m3"],
        "product:apps/b%20b": ["model:Qwen/Qwen3-8B"],
    }


def test_the_address_of_the_repository_is_told_only_where_it_is_a_uri() -> None:
    given = report()
    assert decoded(given)["metadata"]["component"]["externalReferences"][0]["type"] == "vcs"
    elsewhere = replace(given, provenance=replace(given.provenance, repository="git@example.com:acme/search.git"))
    assert "externalReferences" not in decoded(elsewhere)["metadata"]["component"]


def test_the_same_report_gives_the_same_bytes_however_it_was_found() -> None:
    given = report()
    turned = replace(
        given,
        findings=tuple(replace(f, occurrences=f.occurrences[::-1], edges=f.edges[::-1]) for f in given.findings[::-1]),
        gaps=given.gaps[::-1],
        stacks=given.stacks[::-1],
    )
    assert cyclonedx.render(turned) == cyclonedx.render(given)
    assert "timestamp" not in cyclonedx.render(given)


def test_another_report_is_another_document() -> None:
    serials = {decoded(given)["serialNumber"] for given in (report(), report(gaps=()), report(findings=(BGE,)))}
    assert len(serials) == 3


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("poison", POISONS, ids=ascii)
def test_whatever_a_repository_says_the_bill_is_valid_and_harmless(poison: str, form: str) -> None:
    document = decoded(poisoned(report(), poison), form)
    assert json.dumps(document, ensure_ascii=False).isprintable()
    refs = [c["bom-ref"] for c in document["components"]]
    assert len(set(refs)) == len(refs)


def test_bases_that_do_not_count_place_no_maker() -> None:
    given = replace(report(findings=(QWEN3,)), jurisdiction=replace(CHINESE, bases=("incorporation",)))
    assert component(given, QWEN3.id)["manufacturer"] == {"name": QWEN.name}
