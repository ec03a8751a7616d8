"""What is read back of a report made earlier, and what two of them differ in."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from auditor.compare import difference
from auditor.domain.inventory import Change, Difference, Inventory
from auditor.domain.model import Verdict
from auditor.domain.reference import Role, Usage
from auditor.domain.report import Decision, Finding, Outcome, ProductVerdict, Report
from auditor.errors import AuditError
from auditor.inventory import inventory, known, read
from auditor.render import json as as_json
from tests.render.reports import ACME, BGE, FINDINGS, GPT, QWEN3, SEARCH, place, report


def of(made: Report) -> Inventory:
    return inventory(json.loads(as_json.render(made)))


def changes(old: tuple[Finding, ...], new: tuple[Finding, ...]) -> tuple[Change, ...]:
    return difference(of(report(findings=old)), of(report(findings=new))).changes


def test_an_item_is_a_model_in_a_product_with_its_strongest_use() -> None:
    item = next(one for one in of(report()).items if one.model == BGE.id)
    assert (item.product, item.usage, item.roles) == (".", Usage.RUNS, (Role.DEFAULT, Role.CONFIGURED))
    assert (item.path, item.line, item.verdict) == ("src/embed.py", 14, Verdict.DERIVED)


def test_a_model_of_two_products_is_two_items() -> None:
    shared = replace(
        BGE,
        occurrences=(
            place(BGE.id, Role.DEFAULT, "shop/a.py", 1, product="shop"),
            place(BGE.id, Role.TEST, "lab/test_a.py", 1, product="lab"),
        ),
    )
    items = of(report(findings=(shared,))).items
    assert [(one.product, one.usage) for one in items] == [("lab", Usage.MENTIONS), ("shop", Usage.RUNS)]


def test_the_baseline_is_what_was_found_but_for_what_was_waived() -> None:
    assert (BGE.id, Usage.RUNS, ".") in known(of(report()))
    waived = report(decisions=(Decision(BGE.id, Outcome.WAIVED, "no-cn", "trial (approved by cto)", "why"),))
    assert {model for model, _, _ in known(of(waived))} == {one.id for one in FINDINGS} - {BGE.id}


def test_the_same_report_differs_in_nothing() -> None:
    assert changes(FINDINGS, FINDINGS) == ()


def test_models_come_and_go() -> None:
    came, went = changes((BGE, GPT), (BGE, QWEN3))
    assert (came.before, came.item.model) == (None, QWEN3.id)
    assert (went.after, went.item.model) == (None, GPT.id)


def test_a_line_that_moved_is_no_change() -> None:
    lower = replace(ACME, occurrences=(place(ACME.id, Role.DEFAULT, "src/other.py", 900),))
    assert changes((ACME,), (lower,)) == ()


def test_a_use_and_a_verdict_that_moved_are_changes() -> None:
    chosen = replace(QWEN3, occurrences=(place(QWEN3.id, Role.DEFAULT, "src/models.py", 40),))
    judged = replace(ACME, judgement=replace(ACME.judgement, verdict=Verdict.ROOT))
    use, verdict = changes((QWEN3, ACME), (chosen, judged))
    assert use.before is not None
    assert (use.before.usage, use.item.usage) == (Usage.SELECTABLE, Usage.RUNS)
    assert verdict.before is not None
    assert (verdict.before.verdict, verdict.item.verdict) == (Verdict.UNKNOWN, Verdict.ROOT)


def test_products_whose_verdict_moved_are_named() -> None:
    clean = report(products=(replace(SEARCH, verdict=ProductVerdict.NO),))
    changed: Difference = difference(of(clean), of(report()))
    assert changed.verdicts == ((".", ProductVerdict.NO, ProductVerdict.YES),)


def test_reports_that_ask_different_questions_are_not_compared() -> None:
    with pytest.raises(AuditError, match="different jurisdictions, 'chinese' and 'us'") as raised:
        difference(of(report()), replace(of(report()), jurisdiction="us"))
    assert "--jurisdiction us" in raised.value.hint


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "is not JSON"),
        (b"\xff\xfe", "is not JSON"),
        (b"[" * 100_000, "is not JSON"),
        (b"[]", "no schema_version"),
        (b'{"models": []}', "no schema_version"),
        (b'{"schema_version": "2"}', "schema version '2', and this program reads '1'"),
        (b'{"schema_version": "1"}', "no complete report"),
        (b'{"schema_version": "1", "tool": 1, "target": []}', "no complete report"),
    ],
)
def test_a_file_that_is_no_report_of_ours_is_refused(tmp_path: Path, content: bytes, message: str) -> None:
    (tmp_path / "r.json").write_bytes(content)
    with pytest.raises(AuditError) as raised:
        read(tmp_path / "r.json")
    assert message in raised.value.message
    assert "auditor scan -o" in raised.value.hint


def test_a_file_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(AuditError, match="cannot read"):
        read(tmp_path / "r.json")
