"""What CI runs: the scripts of the GitHub action and the job for GitLab, each on a real repository as far as that goes here."""

from __future__ import annotations

import json
import os
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.cli.test_life import POLICY, TOMORROW, WAIVER, embedding
from tests.collect.repos import commit, git, repository, write

ROOT = Path(__file__).parent.parent
pytestmark = pytest.mark.skipif(shutil.which("bash") is None, reason="the scripts are for bash")


class Job:
    """A runner's folder and variables around a checkout."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.checkout = repository(folder / "shop", {"auditor.toml": POLICY, "shop/embed.py": embedding("x/y-small")})
        self.base = git(self.checkout, "rev-parse", "HEAD")
        self.program("auditor", f'exec {shlex.quote(sys.executable)} -m auditor "$@"')

    def program(self, name: str, script: str) -> None:
        place = self.folder / "bin" / name
        place.parent.mkdir(exist_ok=True)
        place.write_text(f"#!/bin/sh\n{script}\n")
        place.chmod(0o755)

    def run(self, *command: str, **variables: str) -> subprocess.CompletedProcess[str]:
        given = {
            "PATH": f"{self.folder / 'bin'}{os.pathsep}{os.environ['PATH']}",
            "PYTHONPATH": os.fspath(ROOT),
            "AUDITOR": "auditor",
            "TARGET": ".",
            "JURISDICTION": "chinese",
            "RUNNER_TEMP": os.fspath(self.folder),
            "GITHUB_OUTPUT": os.fspath(self.folder / "output"),
            "GITHUB_STEP_SUMMARY": os.fspath(self.folder / "summary"),
            "GITHUB_REPOSITORY": "acme/shop",
        }
        environment = {key: value for key, value in os.environ.items() if not key.startswith("GIT_")}
        return subprocess.run(
            command, cwd=self.checkout, env=environment | given | variables, capture_output=True, text=True, check=False
        )

    def scan(self, **variables: str) -> dict[str, str]:
        (self.folder / "output").unlink(missing_ok=True)
        done = self.run("bash", os.fspath(ROOT / "ci" / "scan.sh"), **variables)
        assert done.returncode == 0, done.stderr
        lines = (self.folder / "output").read_text().splitlines()
        return dict(line.split("=", 1) for line in lines)


@pytest.fixture
def job(tmp_path: Path) -> Job:
    return Job(tmp_path)


def bring(job: Job, *, waived: bool = False) -> None:
    """A pull request that makes a Chinese model the default."""
    write(job.checkout, {"shop/embed.py": embedding("BAAI/bge-m3")})
    if waived:
        write(job.checkout, {"auditor.toml": POLICY + WAIVER.format(TOMORROW)})
    commit(job.checkout)


def test_a_push_is_audited_whole(job: Job) -> None:
    bring(job)
    told = job.scan()
    assert (told["exit-code"], told["verdict"]) == ("1", "yes")
    assert json.loads(Path(told["report"]).read_text())["summary"]["verdict"] == "yes"
    assert json.loads(Path(told["sarif"]).read_text())["version"] == "2.1.0"
    assert (job.folder / "summary").read_text() == Path(told["comment"]).read_text()


def test_two_targets_of_one_repository_do_not_overwrite_each_other(job: Job) -> None:
    write(job.checkout, {"apps/a b/embed.py": embedding("BAAI/bge-m3"), "apps/web/chat.py": embedding("Qwen/Qwen3-8B")})
    commit(job.checkout)
    web, spaced, whole = (job.scan(TARGET=target) for target in ("apps/web", "./apps/a b/", "."))
    for key in ("report", "sarif", "comment", "category"):
        assert len({web[key], spaced[key], whole[key]}) == 3
    markers = [Path(told["comment"]).read_text().splitlines()[0] for told in (web, spaced, whole)]
    assert markers == [
        "<!-- auditor-report: chinese web apps-web -->",
        "<!-- auditor-report: chinese a-b apps-a-b -->",
        "<!-- auditor-report: chinese shop -->",
    ]


def test_alerts_stand_at_paths_from_the_root_of_the_checkout(job: Job) -> None:
    write(job.checkout, {"apps/a b/embed.py": embedding("BAAI/bge-m3")})
    commit(job.checkout)
    for target, path in (("apps/a b", "apps/a%20b/embed.py"), (".", "apps/a%20b/embed.py")):
        (run,) = json.loads(Path(job.scan(TARGET=target)["sarif"]).read_text())["runs"]
        places = [result["locations"][0]["physicalLocation"]["artifactLocation"] for result in run["results"]]
        assert {"uri": path, "uriBaseId": "%SRCROOT%"} in places


def test_a_pull_request_fails_for_what_it_adds(job: Job) -> None:
    bring(job)
    assert job.scan(BASE=job.base)["exit-code"] == "1"


def test_a_pull_request_does_not_fail_for_what_was_there(job: Job) -> None:
    bring(job)
    base = git(job.checkout, "rev-parse", "HEAD")
    write(job.checkout, {"shop/prices.py": "PRICE = 3\n"})
    commit(job.checkout)
    told = job.scan(BASE=base)
    assert (told["exit-code"], told["verdict"]) == ("0", "yes")


def test_a_pull_request_cannot_waive_what_it_adds_unless_told_so(job: Job) -> None:
    bring(job, waived=True)
    assert job.scan(BASE=job.base)["exit-code"] == "1"
    assert job.scan(BASE=job.base, POLICY_FROM="head")["exit-code"] == "0"


def test_a_pull_request_that_drops_the_policy_is_audited_by_it(job: Job) -> None:
    (job.checkout / "auditor.toml").unlink()
    bring(job)
    assert job.scan(BASE=job.base)["exit-code"] == "1"
    assert job.scan(BASE=job.base, POLICY_FROM="head")["exit-code"] == "0"


def test_a_checkout_of_the_last_commit_fetches_the_base(job: Job, tmp_path: Path) -> None:
    bring(job)
    git(tmp_path, "clone", "-q", "--depth", "1", f"file://{job.checkout}", "short")
    git(job.checkout, "config", "uploadpack.allowAnySHA1InWant", "true")
    job.checkout = tmp_path / "short"
    assert job.scan(BASE=job.base)["exit-code"] == "1"


def comment(job: Job, there: list[dict[str, Any]]) -> list[str]:
    """The requests that a comment makes, where those comments are there."""
    if shutil.which("jq") is None:
        pytest.skip("needs jq in the place of gh's own")
    (job.folder / "there.json").write_text(json.dumps(there))
    (job.folder / "report.md").write_text("<!-- auditor-report: chinese -->\n### YES\n")
    log = shlex.quote(os.fspath(job.folder / "log"))
    job.program(
        "gh",
        f"""printf '%s\\n' "$*" >>{log}
for last; do :; done
case "$*" in *--jq*) jq -r "$last" {shlex.quote(os.fspath(job.folder / "there.json"))} ;; esac""",
    )
    done = job.run(
        "bash", os.fspath(ROOT / "ci" / "comment.sh"), COMMENT=os.fspath(job.folder / "report.md"), NUMBER="7"
    )
    assert done.returncode == 0, done.stderr
    return [
        line.partition(" repos/")[2] for line in (job.folder / "log").read_text().splitlines() if "--silent" in line
    ]


def test_the_first_comment_is_a_new_one(job: Job) -> None:
    other = {"id": 1, "user": {"type": "User"}, "body": "<!-- auditor-report: chinese -->\nmine, says a stranger"}
    assert comment(job, [other]) == [f"acme/shop/issues/7/comments -F body=@{job.folder}/report.md"]


def test_a_comment_that_is_there_is_updated(job: Job) -> None:
    ours = {"id": 42, "user": {"type": "Bot"}, "body": "<!-- auditor-report: chinese -->\nold"}
    assert comment(job, [ours]) == [f"acme/shop/issues/comments/42 -F body=@{job.folder}/report.md"]


def test_the_action_hands_no_expression_to_a_shell() -> None:
    action = yaml.safe_load((ROOT / "action.yml").read_text("utf-8"))
    scripts = [step["run"] for step in action["runs"]["steps"] if "run" in step]
    assert scripts
    assert not [script for script in scripts if "${{" in script]


@pytest.mark.parametrize("request_", [False, True], ids=["branch", "merge request"])
def test_the_job_for_gitlab_fails_for_what_is_denied(job: Job, request_: bool) -> None:
    bring(job, waived=request_)
    (script,) = yaml.safe_load((ROOT / "ci" / "gitlab.yml").read_text("utf-8"))["auditor"]["script"]
    variables = {
        "CI_PROJECT_DIR": os.fspath(job.checkout),
        "AUDITOR_JURISDICTION": "chinese",
        "AUDITOR_OPTIONS": "",
        "CI_MERGE_REQUEST_DIFF_BASE_SHA": job.base if request_ else "",
    }
    done = job.run("sh", "-c", script, **variables)
    assert done.returncode == 1, done.stderr
    assert "BAAI/bge-m3" in done.stdout
    assert (job.checkout / "auditor.cdx.json").is_file()
