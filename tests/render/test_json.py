"""The JSON that others depend on: complete by its schema, sorted, deterministic, and harmless to print."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import cache
from importlib.resources import files
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator, ValidationError

from auditor.domain.reference import Role
from auditor.domain.report import Explained, Finding, Report
from auditor.render import json as as_json
from tests.render.reports import ACME, BGE, CHINESE, FINDINGS, GPT, SEARCH, finding, judgement, place, report


@cache
def schema(name: str) -> Draft202012Validator:
    document = json.loads(files("auditor.render").joinpath("schema", f"{name}-v1.schema.json").read_text("utf-8"))
    Draft202012Validator.check_schema(document)
    return Draft202012Validator(document)


def decoded(given: Report) -> Any:
    document = json.loads(as_json.render(given))
    schema("report").validate(document)
    return document


def test_a_report_satisfies_the_schema() -> None:
    decoded(report())


def test_an_empty_report_satisfies_the_schema() -> None:
    empty = report(findings=(), products=(), decisions=(), gaps=(), stacks=(), waivers=())
    assert decoded(empty)["summary"]["verdict"] == "no"


@pytest.mark.parametrize("key", ["schema_version", "tool", "target", "jurisdiction", "products", "models", "summary"])
def test_the_schema_refuses_a_report_without(key: str) -> None:
    document = decoded(report())
    del document[key]
    with pytest.raises(ValidationError):
        schema("report").validate(document)


def test_the_schema_refuses_an_unknown_role() -> None:
    document = decoded(report())
    document["models"][0]["occurrences"][0]["role"] = "guess"
    with pytest.raises(ValidationError):
        schema("report").validate(document)


def test_keys_come_in_the_order_of_the_contract() -> None:
    keys = list(decoded(report()))
    contract = [
        "schema_version",
        "tool",
        "target",
        "jurisdiction",
        "products",
        "models",
        "decisions",
        "gaps",
        "summary",
    ]
    assert [key for key in keys if key in contract] == contract


def test_order_of_discovery_does_not_show() -> None:
    given = report()
    turned = replace(
        given,
        findings=tuple(replace(f, occurrences=f.occurrences[::-1], edges=f.edges[::-1]) for f in given.findings[::-1]),
        gaps=given.gaps[::-1],
    )
    assert as_json.render(turned) == as_json.render(given)


def test_it_ends_in_one_line_break() -> None:
    text = as_json.render(report())
    assert text.endswith("}\n")


def test_a_hub_model_has_a_package_url_that_keeps_its_case() -> None:
    models = {m["id"]: m for m in decoded(report())["models"]}
    assert models["BAAI/bge-m3"]["purl"] == "pkg:huggingface/BAAI/bge-m3"
    assert models["openai:gpt-5"]["purl"] is None


def test_the_summary_counts_every_model_once_by_usage() -> None:
    summary = decoded(report())["summary"]
    assert summary["models"] == len(FINDINGS)
    assert summary["runs"] + summary["selectable"] + summary["trains"] + summary["mentions"] == len(FINDINGS)
    assert (summary["runs"], summary["trains"], summary["mentions"]) == (3, 1, 3)


def test_a_model_of_unknown_roots_is_counted_as_unknown() -> None:
    summary = decoded(report())["summary"]
    assert summary["by_country"] == {"CN": 4, "FR": 14, "US": 3, "unknown": 1}
    assert summary["by_modality"] == {"embedding": 1, "text": 20, "unknown": 1}


def test_the_text_of_an_occurrence_is_what_stands_at_its_span() -> None:
    inner = place("BAAI/bge-m3", Role.DEFAULT, "a.py", 1)
    whole = replace(inner, as_written="huggingface/BAAI/bge-m3")
    model = decoded(report(findings=(replace(BGE, occurrences=(whole,)),)))["models"][0]
    (only,) = model["occurrences"]
    assert (only["text"], only["as_written"]) == ("BAAI/bge-m3", "huggingface/BAAI/bge-m3")


def test_bases_that_do_not_count_do_not_place_a_publisher() -> None:
    given = replace(report(), jurisdiction=replace(CHINESE, bases=("incorporation",)))
    models = {m["id"]: m for m in decoded(given)["models"]}
    assert models["BAAI/bge-m3"]["publisher"]["countries"] == []


@given(st.text(min_size=1), st.text())
def test_any_text_of_the_repository_survives_and_stays_printable(path: str, why: str) -> None:
    hostile = replace(BGE, occurrences=(place("BAAI/bge-m3", Role.DEFAULT, path, 1, why=why),))
    text = as_json.render(report(findings=(hostile,)))
    assert text.replace("\n", "").isascii()
    assert text.replace("\n", "").isprintable()
    (only,) = json.loads(text)["models"][0]["occurrences"]
    assert (only["path"], only["why"]) == (path, why)


def explained(*asked: Explained) -> list[Any]:
    lines = as_json.render_explained(asked, bases=CHINESE.bases).splitlines()
    documents = [json.loads(line) for line in lines]
    for document in documents:
        schema("explain").validate(document)
    return documents


def test_explanations_come_one_a_line_in_the_order_asked() -> None:
    got = explained(Explained("gpt-5", GPT), Explained("bge", BGE, ("BAAI/bge-m3", "BAAI/bge-base-en")))
    assert [one["query"] for one in got] == ["gpt-5", "bge"]
    assert got[1]["candidates"] == ["BAAI/bge-base-en", "BAAI/bge-m3"]


def test_an_explanation_speaks_of_the_model_and_not_of_places() -> None:
    (one,) = explained(Explained("bge", BGE))
    assert not {"usage", "occurrences"} & set(one["model"])


def test_a_name_that_nothing_knows_still_gets_its_line() -> None:
    (one,) = explained(Explained("nobody/nothing", None))
    assert one["model"]["origin"]["verdict"] == "unknown"


def test_several_products_give_the_strongest_verdict() -> None:
    others = tuple(replace(SEARCH, path=f"p{n}", verdict=v) for n, v in enumerate(type(SEARCH.verdict)))
    assert decoded(report(products=others[::-1]))["summary"]["verdict"] == "yes"
    assert decoded(report(products=others[2:]))["summary"]["verdict"] == "unknown"


def test_an_unknown_model_is_never_given_a_country() -> None:
    nameless: Finding = finding("x/y", judgement(ACME.judgement.verdict, "?"), ACME.occurrences[0])
    assert decoded(report(findings=(nameless,)))["summary"]["by_country"] == {"unknown": 1}
