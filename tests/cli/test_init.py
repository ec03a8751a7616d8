"""`auditor init`: a policy that can be read, an entry that pre-commit can read, and nothing overwritten."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from auditor.config import policy as read_policy
from auditor.domain.report import Outcome
from tests.cli.running import empty_folder, run

__all__ = ["empty_folder"]
CONFIGURED = "repos: []\n"


def test_the_policy_to_start_from_is_one_that_only_warns(empty_folder: Path) -> None:
    assert run("init").exit_code == 0
    made = read_policy(empty_folder / "auditor.toml", standing_in=empty_folder)
    assert {clause.outcome for clause in made.clauses} == {Outcome.WARN}
    assert made.unknown is Outcome.WARN


def test_the_entry_for_pre_commit_calls_the_hook(empty_folder: Path) -> None:
    run("init")
    (repo,) = yaml.safe_load((empty_folder / ".pre-commit-config.yaml").read_text("utf-8"))["repos"]
    (hook,) = repo["hooks"]
    assert (repo["repo"], hook["language"], hook["entry"]) == ("local", "system", "auditor scan --staged")


def test_everything_goes_to_the_root_of_the_work_tree(empty_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (empty_folder / ".git").mkdir()
    (empty_folder / "deep" / "er").mkdir(parents=True)
    monkeypatch.chdir(empty_folder / "deep" / "er")
    run("init")
    assert {file.name for file in empty_folder.iterdir()} == {".git", "deep", "auditor.toml", ".pre-commit-config.yaml"}


def test_what_is_there_stays(empty_folder: Path) -> None:
    (empty_folder / "auditor.toml").write_text("[policy]\n")
    (empty_folder / ".pre-commit-config.yaml").write_text(CONFIGURED)
    result = run("init")
    assert result.exit_code == 0
    assert (empty_folder / "auditor.toml").read_text() == "[policy]\n"
    assert (empty_folder / ".pre-commit-config.yaml").read_text() == CONFIGURED
    assert "auditor.toml has a policy already" in result.stdout
    assert yaml.safe_load(result.stdout.partition("`repos:`\n")[2].rpartition("see what")[0])[0]["repo"] == "local"


def test_a_policy_in_the_project_file_is_one_as_well(empty_folder: Path) -> None:
    (empty_folder / "pyproject.toml").write_text("[tool.auditor.policy]\n")
    assert "pyproject.toml has a policy already" in run("init", "--no-hook").stdout
    assert not (empty_folder / "auditor.toml").exists()


def test_a_folder_that_cannot_be_written_is_an_error(empty_folder: Path) -> None:
    (empty_folder / "auditor.toml").symlink_to("/proc/nothing/auditor.toml")
    result = run("init")
    assert result.exit_code == 2
    assert "cannot write auditor.toml" in result.stderr


def test_quiet_says_nothing(empty_folder: Path) -> None:
    assert run("init", "--quiet").stdout == ""
