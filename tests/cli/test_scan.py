"""`auditor scan`: options reach the audit, reports reach their files, and the exit code says what happened."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from auditor.config import Options
from auditor.domain.source import Target
from auditor.errors import TargetError
from tests.cli.running import answer, audited, empty_folder, run
from tests.render.reports import BGE, report

__all__ = ["audited", "empty_folder"]
pytestmark = pytest.mark.usefixtures("empty_folder")

DENY = '[[policy.clause]]\nid = "no-cn"\nmatch = { verdicts = ["counted"] }\noutcome = "deny"\n'


@pytest.mark.usefixtures("audited")
def test_the_terminal_report_goes_to_standard_output() -> None:
    result = run("scan")
    assert result.exit_code == 0
    assert result.stdout.startswith("YES  acme-search runs on Chinese-origin weights")
    assert result.stderr == ""


@pytest.mark.usefixtures("audited")
def test_json_on_standard_output_is_nothing_but_json() -> None:
    result = run("scan", "--format", "json")
    assert json.loads(result.stdout)["summary"]["verdict"] == "yes"


@pytest.mark.usefixtures("audited")
def test_the_format_of_a_file_follows_its_name_and_standard_output_stays_empty(empty_folder: Path) -> None:
    result = run("scan", "-o", "report.json", "-o", "again.json")
    assert result.stdout == ""
    assert result.stderr == "wrote report.json\nwrote again.json\n"
    assert (empty_folder / "report.json").read_bytes() == (empty_folder / "again.json").read_bytes()
    assert json.loads((empty_folder / "report.json").read_text())["schema_version"] == "1"


@pytest.mark.usefixtures("audited")
def test_a_file_and_standard_output_can_be_asked_for_together(empty_folder: Path) -> None:
    result = run("scan", "-o", "report.json", "--format", "terminal", "--quiet")
    assert result.stdout.startswith("YES")
    assert result.stderr == ""


@pytest.mark.usefixtures("audited")
def test_colour_is_for_terminals_only() -> None:
    assert "\x1b" not in run("scan").stdout


def test_options_reach_the_audit(audited: list[tuple[Any, ...]]) -> None:
    assert run("scan", "repo", "--rev", "v1", "--jobs", "3", "--no-cache", "--jurisdiction", "us").exit_code == 0
    target, options, progress = audited[0]
    assert target == Target("repo", "v1")
    assert options == Options(jurisdiction="us", jobs=3, cache=False)
    assert progress is None  # standard error is no terminal here


def test_without_a_target_the_work_tree_here_is_audited(audited: list[tuple[Any, ...]]) -> None:
    run("scan")
    assert audited[0][0] == Target(".", "", False)


def test_a_violated_policy_is_1(audited: list[tuple[Any, ...]], empty_folder: Path) -> None:
    (empty_folder / "p.toml").write_text(DENY)
    result = run("scan", "--policy", "p.toml", "-o", "r.json")
    assert result.exit_code == 1
    assert "policy violated: 5 denied by no-cn\n" in result.stderr
    decisions = json.loads((empty_folder / "r.json").read_text())["decisions"]
    assert {d["outcome"] for d in decisions} == {"deny"}


def test_a_waived_violation_is_0_and_stays_in_the_report(audited: list[tuple[Any, ...]], empty_folder: Path) -> None:
    waiver = '[[waiver]]\nmatch = { model = "*" }\nreason = "trial"\napproved-by = "cto"\nexpires = 9999-12-31\n'
    (empty_folder / "p.toml").write_text(DENY + waiver)
    result = run("scan", "--policy", "p.toml", "--format", "json")
    assert result.exit_code == 0
    assert {d["outcome"] for d in json.loads(result.stdout)["decisions"]} == {"waived"}


def test_the_policy_of_the_work_tree_here_counts_and_not_that_of_the_target(
    audited: list[tuple[Any, ...]], empty_folder: Path
) -> None:
    target = empty_folder / "target"
    target.mkdir()
    (target / "auditor.toml").write_text(DENY)
    assert run("scan", "target").exit_code == 0
    (empty_folder / "auditor.toml").write_text(DENY)
    assert run("scan", "target").exit_code == 1


def test_a_baseline_lets_through_what_it_has_and_nothing_more(
    audited: list[tuple[Any, ...]], empty_folder: Path
) -> None:
    (empty_folder / "auditor.toml").write_text(DENY)
    assert run("scan", "-o", "before.json").exit_code == 1
    result = run("scan", "--baseline", "before.json", "--format", "json")
    assert result.exit_code == 0
    assert {(d["outcome"], d["known"]) for d in json.loads(result.stdout)["decisions"]} == {("warn", True)}
    before = json.loads((empty_folder / "before.json").read_text())
    before["models"] = [model for model in before["models"] if model["id"] != BGE.id]
    (empty_folder / "before.json").write_text(json.dumps(before))
    assert run("scan", "--baseline", "before.json").exit_code == 1


def test_incomplete_is_4_only_when_strict(audited: list[tuple[Any, ...]]) -> None:
    assert run("scan").exit_code == 0
    assert run("scan", "--strict").exit_code == 4


def test_a_violation_outranks_incompleteness(audited: list[tuple[Any, ...]], empty_folder: Path) -> None:
    (empty_folder / "auditor.toml").write_text(DENY)
    assert run("scan", "--strict").exit_code == 1


def test_strict_is_satisfied_by_a_complete_audit(monkeypatch: pytest.MonkeyPatch) -> None:
    answer(monkeypatch, report(gaps=()))
    assert run("scan", "--strict").exit_code == 0


def test_exit_zero_turns_1_and_4_into_0_and_nothing_else(
    audited: list[tuple[Any, ...]], empty_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run("scan", "--strict", "--exit-zero").exit_code == 0
    (empty_folder / "auditor.toml").write_text(DENY)
    assert run("scan", "--exit-zero").exit_code == 0
    assert run("scan", "--exit-zero", "--format", "nope").exit_code == 2
    answer(monkeypatch, TargetError("no such target"))
    assert run("scan", "--exit-zero").exit_code == 3


@pytest.mark.parametrize("args", [(), ("--format", "json"), ("-o", "r.json"), ("-o", "r.cdx.json"), ("-o", "r.sarif")])
def test_no_output_format_changes_the_exit_code(
    args: tuple[str, ...], audited: list[tuple[Any, ...]], empty_folder: Path
) -> None:
    (empty_folder / "auditor.toml").write_text(DENY)
    assert run("scan", *args).exit_code == 1


@pytest.mark.parametrize(
    ("args", "error", "hint"),
    [
        (("--format", "jsn"), "no such format 'jsn'", "did you mean 'json'?"),
        (("-o", "r.txt"), "-o r.txt: the format follows the file name", "*.json"),
        (("-o", "none/r.json"), "cannot write none/r.json: there is no folder none", "make the folder first"),
        (("--baseline", "none.json"), "cannot read none.json: No such file or directory", ""),
        (("--formt", "json"), "no such option '--formt'", "did you mean --format?"),
        (("--jobs", "0"), "--jobs: 0 is not in the range x>=1", "auditor scan --help"),
        (("--rev", "v1", "--staged"), "--staged goes with neither --rev nor --since", ""),
        (("--policy", "none.toml"), "cannot read none.toml: No such file or directory", ""),
        (("a", "b"), "got unexpected extra argument (b)", ""),
    ],
)
def test_bad_usage_is_2_and_says_what_to_try(
    args: tuple[str, ...], error: str, hint: str, audited: list[tuple[Any, ...]]
) -> None:
    result = run("scan", *args)
    assert result.exit_code == 2
    assert result.stderr.startswith(f"error: {error}")
    assert hint in result.stderr
    assert not audited  # nothing was done before the mistake was seen
    assert result.stdout == ""


def test_help_offers_only_what_there_is() -> None:
    text = run("scan", "--help").stdout
    assert "terminal|json|html|markdown|csv|cyclonedx|cyclonedx-1.7|spdx|sarif" in text
    assert "--offline" in text
    assert "--online" in text


@pytest.mark.usefixtures("audited")
def test_a_report_that_cannot_be_written_leaves_nothing_behind(empty_folder: Path) -> None:
    (empty_folder / "full.json").symlink_to(Path("/proc/nothing/full.json"))
    result = run("scan", "-o", "full.json")
    assert result.exit_code == 2
    assert result.stderr.startswith("error: cannot write full.json: ")
    assert os.listdir(empty_folder) == ["full.json"]


@pytest.mark.usefixtures("audited")
def test_a_report_replaces_the_old_one_whole(empty_folder: Path) -> None:
    (empty_folder / "r.json").write_text("old " * 100_000)
    assert run("scan", "-o", "r.json").exit_code == 0
    assert json.loads((empty_folder / "r.json").read_text())["schema_version"] == "1"
    assert os.listdir(empty_folder) == ["r.json"]


@pytest.mark.usefixtures("audited")
def test_the_shipped_policy_warns(empty_folder: Path) -> None:
    decisions = json.loads(run("scan", "--format", "json").stdout)["decisions"]
    assert [(d["model"], d["outcome"]) for d in decisions] == [(BGE.id, "warn")]
