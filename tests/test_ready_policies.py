"""The policies in `examples/policies`, each on the example with the models of all the makers."""

from __future__ import annotations

import os
from datetime import date
from functools import cache
from pathlib import Path

import pytest

from auditor.audit import audit
from auditor.config import Options
from auditor.config import policy as read_policy
from auditor.domain.report import Outcome
from auditor.domain.source import Target
from auditor.policy import decide

EXAMPLES = Path(__file__).parent.parent / "examples"
READY = sorted((EXAMPLES / "policies").glob("*.toml"))
DENY, WARN, ALLOW = Outcome.DENY, Outcome.WARN, Outcome.ALLOW


@cache
def decided(name: str) -> dict[str, tuple[Outcome, str]]:
    chosen = read_policy(EXAMPLES / "policies" / f"{name}.toml", standing_in=EXAMPLES)
    studio = Target(os.fspath(EXAMPLES / "all-the-makers" / "studio"))
    report = audit(studio, Options(elsewhere=chosen.jurisdictions))
    return {one.model: (one.outcome, one.clause) for one in decide(report, chosen, today=date(2026, 11, 24))}


@pytest.mark.parametrize(
    ("policy", "model", "outcome", "clause"),
    [
        ("board", "BAAI/bge-small-en-v1.5", WARN, "runs-on-chinese-weights"),
        ("board", "meta-llama/Llama-3.1-8B-Instruct", WARN, "licence-that-binds"),
        ("eu-sovereign", "BAAI/bge-small-en-v1.5", DENY, "trained-outside-the-eu"),
        ("eu-sovereign", "meta-llama/Llama-3.1-8B-Instruct", DENY, "trained-outside-the-eu"),
        ("us-government", "BAAI/bge-small-en-v1.5", DENY, "covered-ai"),
        ("licences", "BAAI/bge-small-en-v1.5", ALLOW, "permissive"),
        ("licences", "meta-llama/Llama-3.1-8B-Instruct", WARN, "binding"),
        ("licences", "openai:gpt-5-mini", WARN, "licence-not-known"),
    ],
)
def test_a_ready_policy_decides(policy: str, model: str, outcome: Outcome, clause: str) -> None:
    assert decided(policy)[model] == (outcome, clause)


@pytest.mark.parametrize(
    ("policy", "model"),
    [
        ("board", "mistralai/Mistral-7B-Instruct-v0.3"),
        ("eu-sovereign", "mistralai/Mistral-7B-Instruct-v0.3"),
        ("us-government", "meta-llama/Llama-3.1-8B-Instruct"),
    ],
)
def test_a_ready_policy_says_nothing_of(policy: str, model: str) -> None:
    assert model not in decided(policy)


@pytest.mark.parametrize("file", READY, ids=lambda file: file.stem)
def test_a_ready_policy_begins_with_the_command_that_uses_it(file: Path) -> None:
    comment = [line for line in file.read_text("utf-8").splitlines() if line.startswith("#")]
    assert any(f"auditor scan . --policy examples/policies/{file.name}" in line for line in comment)
