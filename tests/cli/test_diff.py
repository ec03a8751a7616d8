"""`auditor diff`: reports and revisions side by side, and an exit code on demand."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from auditor.domain.report import Report
from auditor.domain.source import Target
from auditor.render import json as as_json
from tests.cli.running import answer, empty_folder, run
from tests.render.reports import BGE, FINDINGS, GPT, MENTIONED, QWEN3, report
from tests.render.test_markdown import outside_code

__all__ = ["empty_folder"]


@pytest.fixture
def reports(empty_folder: Path) -> Path:
    """`old.json` without BGE, `new.json` with it, and `talk.json` in which less is mentioned than in `new.json`."""

    def kept(name: str, made: Report) -> None:
        (empty_folder / name).write_text(as_json.render(made))

    kept("old.json", report(findings=(GPT, QWEN3)))
    kept("new.json", report(findings=(BGE, QWEN3, *MENTIONED)))
    kept("talk.json", report(findings=(BGE, QWEN3)))
    return empty_folder


@pytest.mark.usefixtures("reports")
def test_two_reports_are_compared_in_words() -> None:
    result = run("diff", "old.json", "new.json")
    assert result.exit_code == 0
    text = result.stdout
    assert text.startswith("old.json (0123456789) → new.json (0123456789)\n")
    assert "In  1 model\n  +  BAAI/bge-m3  by default; derived  src/embed.py:14\n" in text
    assert "Out  1 model\n  -  openai:gpt-5  by configuration; no  .env:3\n" in text
    assert "only mentioned: 3 in\n" in text


@pytest.mark.usefixtures("reports")
def test_two_reports_are_compared_in_json() -> None:
    document = json.loads(run("diff", "old.json", "new.json", "--format", "json").stdout)
    assert [item["model"] for item in document["out"]] == ["openai:gpt-5"]
    assert {item["model"] for item in document["in"]} == {BGE.id, *(one.id for one in MENTIONED)}
    assert document["moved"] == []
    assert document["same_knowledge"] is True


@pytest.mark.usefixtures("reports")
def test_a_comment_tells_what_the_question_is_about_and_folds_the_rest() -> None:
    text = run("diff", "old.json", "new.json", "--format", "markdown").stdout
    assert text.startswith("<!-- auditor-diff: chinese acme-search -->\n### Models: still **yes**\n")
    shown, _, folded = text.partition("<details>")
    assert "From `old.json` (0123456789) to `new.json` (0123456789): 1 in, 1 out." in shown
    assert "**In: 1 model that the question is about, or whose origin is unknown**" in shown
    assert "| `BAAI/bge-m3` | by default | **derived**, high confidence: " in shown
    assert folded.startswith("<summary>Out: 1 model</summary>")
    assert "| `openai:gpt-5` | by configuration | **no**" in folded
    assert text.count("<details>") == text.count("</details>") == 1
    assert "Only mentioned: 3 in." in text


@pytest.mark.usefixtures("reports")
def test_a_comment_on_no_change_says_so() -> None:
    text = run("diff", "new.json", "new.json", "--format", "markdown").stdout
    assert "the same models are used in the same way, with the same verdicts" in text
    assert "|" not in text


def test_a_comment_fits_however_much_changed_and_what_is_cut_is_the_least_relevant(reports: Path) -> None:
    many = tuple(replace(GPT, id=f"openai:gpt-{n}{'x' * 300}") for n in range(2_000))
    (reports / "new.json").write_text(as_json.render(report(findings=(*many, BGE))))
    text = run("diff", "old.json", "new.json", "--format", "markdown").stdout
    assert len(text.encode()) <= 65_536
    assert "`BAAI/bge-m3`" in text
    assert "more: see the full report" in text


@pytest.mark.parametrize("poison", ["<img src=x onerror=alert(1)>", "@everyone", "a|b", "`x`<details>", "-->\n# x"])
def test_names_in_a_comment_mean_nothing_but_themselves(reports: Path, poison: str) -> None:
    text = (reports / "new.json").read_text().replace('"BAAI/bge-m3"', json.dumps(f"BAAI/{poison}"))
    (reports / "new.json").write_text(text.replace("src/embed.py", json.dumps(poison)[1:-1]))
    told = run("diff", "old.json", "new.json", "--format", "markdown").stdout
    clean = run("diff", "old.json", "old.json", "--format", "markdown").stdout
    assert "<img" not in outside_code(told)
    assert "@everyone" not in outside_code(told)
    assert told.count("<details>") == told.count("</details>")
    assert all(line.count(" | ") == 3 for line in told.splitlines() if line.startswith("| "))
    assert clean.splitlines()[0] == told.splitlines()[0]


@pytest.mark.usefixtures("reports")
def test_the_exit_code_tells_only_when_asked() -> None:
    assert run("diff", "old.json", "new.json").exit_code == 0
    assert run("diff", "old.json", "new.json", "--exit-code").exit_code == 1
    assert run("diff", "new.json", "new.json", "--exit-code").exit_code == 0


@pytest.mark.usefixtures("reports")
def test_what_is_only_mentioned_does_not_fail() -> None:
    result = run("diff", "new.json", "talk.json", "--exit-code")
    assert result.exit_code == 0
    assert "only mentioned: 3 out" in result.stdout


@pytest.mark.usefixtures("reports")
def test_quiet_leaves_the_exit_code() -> None:
    result = run("diff", "old.json", "new.json", "--exit-code", "--quiet")
    assert (result.exit_code, result.stdout, result.stderr) == (1, "", "")


def test_what_is_no_file_is_a_revision_and_the_work_tree_is_the_newer(
    reports: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = answer(monkeypatch, report(findings=FINDINGS))
    assert run("diff", "old.json", "--exit-code").exit_code == 1
    assert run("diff", "v1", "v2", "--repo", "elsewhere", "--exit-code").exit_code == 0
    targets: list[Any] = [target for target, _, _ in asked]
    assert targets == [Target(".", ""), Target("elsewhere", "v1"), Target("elsewhere", "v2")]


def test_rules_that_differ_are_said(reports: Path) -> None:
    text = (reports / "old.json").read_text().replace('"rules": "3f2a9c0d11aa"', '"rules": "other"')
    (reports / "old.json").write_text(text)
    assert "a moved verdict may be a change in these" in run("diff", "old.json", "new.json").stdout


def test_text_of_the_repository_cannot_act_on_the_terminal(reports: Path) -> None:
    text = (reports / "new.json").read_text().replace("BAAI/bge-m3", "BAAI/\\u001b[2Jbge")
    (reports / "new.json").write_text(text)
    assert "\x1b" not in run("diff", "old.json", "new.json").stdout


def test_a_report_of_another_version_is_bad_usage(reports: Path) -> None:
    (reports / "old.json").write_text('{"schema_version": "2"}')
    result = run("diff", "old.json", "new.json")
    assert result.exit_code == 2
    assert "schema version '2'" in result.stderr
