"""The life of a default in a repository that has the hook, with the pre-commit tool and git as people run them."""

from __future__ import annotations

import json
import os
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.test_life import POLICY, TOMORROW, WAIVER, YESTERDAY, embedding
from tests.collect.repos import repository, write

ROOT = Path(__file__).parent.parent
MINI, BGE = "sentence-transformers/all-MiniLM-L6-v2", "BAAI/bge-m3"


class Shop:
    """A repository whose developers have auditor and pre-commit on their path, and the hook installed."""

    def __init__(self, folder: Path) -> None:
        self._home = folder
        programs = {
            "auditor": f'exec {shlex.quote(sys.executable)} -m auditor "$@"',
            "pre-commit": f'exec {shlex.quote(sys.executable)} -m pre_commit "$@"',
        }
        for name, script in programs.items():
            place = folder / "bin" / name
            place.parent.mkdir(exist_ok=True)
            place.write_text(f"#!/bin/sh\n{script}\n")
            place.chmod(0o755)
        self.root = repository(folder / "shop", {"auditor.toml": POLICY, "shop/embed.py": embedding(MINI)})
        assert "wrote .pre-commit-config.yaml" in self.run("auditor", "init").stdout
        assert self.run("pre-commit", "install").returncode == 0
        assert self.commit({}, "the hook").returncode == 0

    def run(self, *command: str) -> subprocess.CompletedProcess[str]:
        kept = {key: value for key, value in os.environ.items() if not key.startswith(("GIT_", "PRE_COMMIT"))}
        given = {
            "PATH": f"{self._home / 'bin'}{os.pathsep}{kept['PATH']}",
            "PYTHONPATH": os.fspath(ROOT),
            "HOME": os.fspath(self._home),
            "XDG_CACHE_HOME": os.fspath(self._home / "cache"),
            "GIT_CONFIG_NOSYSTEM": "1",
            **{f"GIT_{who}_{what}": f"{what.lower()}@example.com" for who in _WHO for what in ("NAME", "EMAIL")},
        }
        return subprocess.run(command, cwd=self.root, env=kept | given, capture_output=True, text=True, check=False)

    def commit(self, files: dict[str, str | bytes], message: str) -> subprocess.CompletedProcess[str]:
        """`git commit` of some files as they are now; the hook speaks on standard error."""
        write(self.root, files)
        self.run("git", "add", "-A")
        return self.run("git", "commit", "-m", message)

    def head(self) -> str:
        return self.run("git", "rev-parse", "HEAD").stdout.strip()


_WHO = ("AUTHOR", "COMMITTER")


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    return Shop(tmp_path)


def test_the_life_of_a_default_under_the_hook(shop: Shop) -> None:
    before = shop.head()

    blocked = shop.commit({"shop/embed.py": embedding(BGE)}, "better search")
    assert blocked.returncode == 1
    assert shop.head() == before
    assert "auditor (models that the commit adds)" in blocked.stderr
    assert "denied: this change adds 1 model against the policy" in blocked.stderr
    assert "by no-chinese-weights: ask the CTO first" in blocked.stderr

    expired = shop.commit({"auditor.toml": POLICY + WAIVER.format(YESTERDAY)}, "better search, allowed once")
    assert expired.returncode == 1
    assert f"expired after {YESTERDAY}" in expired.stderr

    waived = shop.commit({"auditor.toml": POLICY + WAIVER.format(TOMORROW)}, "better search, on trial")
    assert waived.returncode == 0
    after = shop.head()
    assert after != before

    changed = shop.run("auditor", "diff", before, after, "--exit-code", "--quiet", "--format", "markdown")
    assert changed.returncode == 1
    assert f"| `{BGE}` | by default | **derived**" in changed.stdout

    dated = json.loads(shop.run("auditor", "history", "--format", "json").stdout)
    uses = {model["id"]: [(use["since"]["commit"], use["until"]) for use in model["used"]] for model in dated["models"]}
    assert uses[BGE] == [(after, None)]

    # The trial is over: the commit that says so brings nothing new, and everything that looks at the whole says no.
    assert shop.commit({"auditor.toml": POLICY + WAIVER.format(YESTERDAY)}, "the trial is over").returncode == 0
    over = shop.run("auditor", "scan")
    assert over.returncode == 1
    assert "policy violated: 1 model denied" in over.stdout
    assert f"expired, until {YESTERDAY}: {BGE} (a trial)" in over.stdout


def test_a_commit_without_models_passes_in_silence(shop: Shop) -> None:
    done = shop.commit({"shop/prices.py": "PRICE = 3\n"}, "prices")
    assert done.returncode == 0
    assert "Passed" in done.stderr


def test_what_lies_on_disk_but_is_not_staged_is_not_judged(shop: Shop) -> None:
    write(shop.root, {"shop/prices.py": "PRICE = 3\n"})
    shop.run("git", "add", "-A")
    write(shop.root, {"shop/embed.py": embedding(BGE)})
    assert shop.run("git", "commit", "-m", "prices").returncode == 0
