"""The life of a model in a repository: the hook denies it, a waiver lets it pass for a time, the diff
names it, the history dates it."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path

import pytest
import yaml

from tests.cli.running import run
from tests.collect.repos import commit, git, repository, write

ROOT = Path(__file__).parent.parent.parent
TOMORROW, YESTERDAY = date.today() + timedelta(days=1), date.today() - timedelta(days=1)
POLICY = """
[[policy.clause]]
id = "no-chinese-weights"
match = { jurisdiction = "chinese", verdicts = ["counted"], usage = ["runs"] }
outcome = "deny"
message = "ask the CTO first"
"""
WAIVER = """
[[waiver]]
match = {{ model = "BAAI/bge-m3", paths = ["shop/embed.py"] }}
reason = "a trial"
approved-by = "cto"
expires = {}
"""
LOADER = """
from sentence_transformers import SentenceTransformer
from shop.settings import MODEL
encoder = SentenceTransformer(MODEL)
"""


def embedding(model: str) -> str:
    return f'from sentence_transformers import SentenceTransformer\n\nencoder = SentenceTransformer("{model}")\n'


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Standing in a repository that denies Chinese weights and runs others."""
    folder = repository(
        tmp_path / "shop",
        {"auditor.toml": POLICY, "shop/embed.py": embedding("sentence-transformers/all-MiniLM-L6-v2")},
    )
    monkeypatch.chdir(folder)
    return folder


def stage(folder: Path, files: dict[str, str | bytes]) -> None:
    git(write(folder, files), "add", "-A")


def test_the_life_of_a_default(shop: Path) -> None:
    stage(shop, {"shop/embed.py": embedding("BAAI/bge-m3")})
    denied = run("scan", "--staged")
    assert denied.exit_code == 1
    assert denied.stdout.startswith("denied: this change adds 1 model against the policy\n")
    for told in (
        "where   shop/embed.py:3",
        "by no-chinese-weights: ask the CTO first",
        "auditor explain BAAI/bge-m3",
        'match = { model = "BAAI/bge-m3", paths = ["shop/embed.py"] }',
    ):
        assert told in denied.stdout

    stage(shop, {"auditor.toml": POLICY + WAIVER.format(TOMORROW)})
    waived = run("scan", "--staged")
    assert waived.exit_code == 0
    assert f"waived  BAAI/bge-m3: a trial (approved by cto, until {TOMORROW})" in waived.stdout

    stage(shop, {"auditor.toml": POLICY + WAIVER.format(YESTERDAY)})
    expired = run("scan", "--staged")
    assert expired.exit_code == 1
    assert f"expired after {YESTERDAY}: a trial (approved by cto)" in expired.stdout

    before, after = git(shop, "rev-parse", "HEAD"), commit(shop)
    changed = run("diff", before, after, "--exit-code").stdout
    assert "verdict: no → yes" in changed
    assert "+  BAAI/bge-m3  by default; derived  shop/embed.py:3" in changed
    assert "Out  1 model\n  -  sentence-transformers/all-MiniLM" in changed

    dated = json.loads(run("history", "--format", "json").stdout)
    uses = {model["id"]: [(use["since"]["commit"], use["until"]) for use in model["used"]] for model in dated["models"]}
    assert uses["BAAI/bge-m3"] == [(after, None)]
    assert [until["commit"] for _, until in uses["sentence-transformers/all-MiniLM-L6-v2"]] == [after]

    stage(shop, {"shop/prices.py": "PRICE = 3\n"})  # what is there already is the business of the whole scan
    assert run("scan", "--staged").exit_code == 0
    assert run("scan").exit_code == 1


def test_what_counts_is_staged_and_not_on_disk(shop: Path) -> None:
    write(shop, {"shop/embed.py": embedding("BAAI/bge-m3")})
    assert run("scan", "--staged").exit_code == 0
    git(shop, "add", "-A")
    write(shop, {"shop/embed.py": embedding("sentence-transformers/all-MiniLM-L6-v2")})
    assert run("scan", "--staged").exit_code == 1


def test_a_name_that_another_file_loads_is_denied_where_it_changes(shop: Path) -> None:
    write(shop, {"shop/settings.py": 'MODEL = "intfloat/e5-base-v2"\n', "shop/load.py": LOADER})
    commit(shop)
    stage(shop, {"shop/settings.py": 'MODEL = "Qwen/Qwen3-Embedding-8B"\n'})
    denied = run("scan", "--staged")
    assert denied.exit_code == 1
    assert "shop/settings.py:1" in denied.stdout


def test_a_second_place_a_moved_file_and_another_line_are_nothing_new(shop: Path) -> None:
    write(shop, {"shop/embed.py": embedding("BAAI/bge-m3")})
    commit(shop)
    stage(shop, {"shop/rank.py": "\n\n" + embedding("BAAI/bge-m3")})
    assert run("scan", "--staged").exit_code == 0
    git(shop, "mv", "shop/embed.py", "shop/vectors.py")
    assert run("scan", "--staged").exit_code == 0


def test_what_a_waiver_let_pass_in_one_place_is_denied_in_another(shop: Path) -> None:
    write(shop, {"auditor.toml": POLICY + WAIVER.format(TOMORROW), "shop/embed.py": embedding("BAAI/bge-m3")})
    commit(shop)
    stage(shop, {"shop/embed.py": "\n" + embedding("BAAI/bge-m3")})
    assert "adds no model" in run("scan", "--staged").stdout
    stage(shop, {"shop/rank.py": embedding("BAAI/bge-m3")})
    assert run("scan", "--staged").exit_code == 1


def test_before_the_first_commit_everything_is_new(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    git(tmp_path, "init", "-q")
    monkeypatch.chdir(tmp_path)
    stage(tmp_path, {"auditor.toml": POLICY, "shop/embed.py": embedding("BAAI/bge-m3")})
    assert run("scan", "--staged").exit_code == 1


def test_mentioning_a_model_in_the_policy_is_no_use_of_it(shop: Path) -> None:
    stage(shop, {"auditor.toml": POLICY + WAIVER.format(TOMORROW)})
    assert "adds no model" in run("scan", "--staged").stdout
    stage(shop, {"pyproject.toml": '[[tool.auditor.waiver]]\nmatch = { model = "BAAI/bge-m3" }\n'})
    assert "adds no model" in run("scan", "--staged").stdout


def test_since_a_revision_only_what_came_after_is_judged(shop: Path) -> None:
    write(shop, {"shop/embed.py": embedding("BAAI/bge-m3")})
    commit(shop)
    write(shop, {"shop/chat.py": 'from transformers import AutoModel\nAutoModel.from_pretrained("Qwen/Qwen3-8B")\n'})
    commit(shop)
    assert "Qwen/Qwen3-8B" in run("scan", "--since", "HEAD~1").stdout
    assert "bge-m3" not in run("scan", "--since", "HEAD~1").stdout
    assert run("scan", "--since", "HEAD~1").exit_code == 1
    assert run("scan", "--since", "HEAD").exit_code == 0
    assert run("scan", "--rev", "HEAD~1", "--since", "HEAD~2").exit_code == 1


def test_names_of_files_cannot_act_on_the_terminal(shop: Path) -> None:
    stage(shop, {"shop/a\x1b[2J\n::error::.py": embedding("BAAI/bge-m3")})
    shown = run("scan", "--staged").stdout
    assert "\x1b" not in shown
    assert "\n::error" not in shown


def test_the_hooks_on_offer_run_commands_that_there_are(shop: Path) -> None:
    offered = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text("utf-8"))
    assert [hook["id"] for hook in offered] == ["auditor", "auditor-all"]
    for hook in offered:
        program, *arguments = hook["entry"].split()
        assert program == "auditor"
        assert run(*arguments).exit_code == 0
