"""What people are shown of a portfolio: the numbers with their rule, and nothing that a repository could slip in."""

from __future__ import annotations

import csv
import html
import io
import json
import re
from dataclasses import replace
from importlib.resources import files
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from auditor.domain.claim import Estimate, Group, Op
from auditor.domain.portfolio import Detector, Frame, Moment, Portfolio
from auditor.portfolio.readings import tested as readings_of
from auditor.portfolio.reports import from_reports
from auditor.render import (
    portfolio_csv,
    portfolio_html,
    portfolio_json,
    portfolio_markdown,
    portfolio_terminal,
)
from auditor.render import portfolio_words as words
from tests.portfolio.world import (
    CN,
    DARK,
    EMBEDDER,
    GPT,
    LLAMA,
    PLACES,
    QWEN,
    claims,
    model,
    product,
    reading,
    sample,
)

EVIL = "<script>alert(1)</script>\x1b[31m\u202e|`=cmd()"


def portfolio(*, frame: Frame | None = None, evil: bool = False) -> Portfolio:
    products = [
        *(product(f"q{n}", QWEN, EMBEDDER, company=f"Q{n}", tags=("speech",)) for n in range(3)),
        *(product(f"l{n}", LLAMA, GPT) for n in range(8)),
        product("d", DARK),
        product("gone", error="no such host"),
    ]
    if evil:
        bad = product(EVIL, model(EVIL, root="CN"), company=EVIL, tags=(EVIL,))
        products += [replace(bad, why=EVIL), product(f"f{EVIL}", error=EVIL)]
    held = sample(*products, frame=frame)
    asked = claims(
        reading(),
        reading(Group.ORIGIN, Group.OPEN_WEIGHT_USERS, op=Op.UNDER, value=0.5),
        reading(Group.OPEN_WEIGHT_USERS, op=Op.WITHIN, value=0.2),
    )
    return Portfolio(held, readings_of(held, asked, PLACES))


def page(held: Portfolio) -> str:
    return portfolio_html.render(held, reports="work/reports")


def terminal(held: Portfolio) -> str:
    return portfolio_terminal.render(held, width=100, color=False)


def test_the_number_never_stands_without_its_rule_its_interval_and_its_unknowns() -> None:
    told = terminal(portfolio())
    assert "3 of 12, 25% (95% interval 8.9% to 53%; 2 unknown: 23% to 38%)" in told
    assert "at least 80 percent" in told
    assert "models that they run, also through a dependency; pretrained or changed there" in told
    assert "REFUTED FOR THIS SAMPLE" in told


def test_few_companies_never_confirm() -> None:
    held = sample(*(product(f"q{n}", QWEN) for n in range(20)))
    (claim,) = readings_of(held, claims(reading()), PLACES)
    assert words.concluded(claim.readings[0]) == "consistent with this sample"


def test_a_whole_portfolio_is_spoken_of_as_that() -> None:
    held = sample(product("a", QWEN), product("b", LLAMA), frame=Frame(population=2))
    (claim,) = readings_of(held, claims(reading()), PLACES)
    assert words.concluded(claim.readings[0]) == "refuted for this portfolio"
    assert words.turns(claim.readings[0]) == []


@pytest.mark.parametrize(
    ("share", "told"), [(None, "none"), (0.0, "0%"), (0.083, "8.3%"), (0.09, "9%"), (0.167, "17%"), (1.0, "100%")]
)
def test_shares_are_said_as_people_read_them(share: float | None, told: str) -> None:
    assert words.percent(share) == told


def test_the_page_tells_companies_readings_flow_and_limits_and_links_the_reports() -> None:
    shown = page(portfolio())
    for part in ("R1", "Q0", "its report", "no such host", "What would change the answer", "cannot say", "Base model"):
        assert part in shown
    assert 'href="work/reports/ab12.html"' in shown
    assert "speech" in shown


def test_the_page_loads_nothing_and_runs_nothing() -> None:
    shown = page(portfolio(evil=True))
    assert "<script" not in shown
    assert not re.search(r"(src|href)=\"(?!https://news\.example|work/reports|#)", shown)
    assert "default-src 'none'" in html.unescape(shown)
    assert " style=" not in shown.replace("<style>", "")


@pytest.mark.parametrize("written", [page, terminal, portfolio_markdown.render, portfolio_csv.render])
def test_nothing_that_a_repository_says_acts_on_what_shows_it(written: object) -> None:
    assert callable(written)
    shown = written(portfolio(evil=True))
    assert "\x1b" not in shown
    assert "\u202e" not in shown
    if written is not terminal and written is not portfolio_csv.render:
        assert "<script" not in shown


def test_no_cell_of_the_table_is_a_formula() -> None:
    held = portfolio()
    products = tuple(
        replace(one, holding=replace(one.holding, company=f"={n}+1")) for n, one in enumerate(held.sample.products)
    )
    rows = list(
        csv.DictReader(
            io.StringIO(
                portfolio_csv.render(replace(held, sample=replace(held.sample, products=products))).lstrip("\ufeff")
            )
        )
    )
    assert next(row["company"] for row in rows if row["row"] == "product") == "'=0+1"
    assert sum(row["row"] == "reading" for row in rows) == 3
    assert sum(row["row"] == "variant" for row in rows) == 3 * 17


def test_the_memo_is_a_page() -> None:
    many = sample(*(product(f"q{n}", QWEN) for n in range(80)))
    text = portfolio_markdown.render(Portfolio(many, readings_of(many, claims(reading()), PLACES)))
    assert len(text.splitlines()) < 60
    assert "and 68 more" in text


def test_the_json_is_that_of_the_contract() -> None:
    document = json.loads(portfolio_json.render(portfolio()))
    assert document["schema_version"] == "1"
    assert (document["portfolio"]["products"], document["portfolio"]["failed"]) == (13, 1)
    failed = document["products"][-1]
    assert (failed["error"], failed["report"], failed["runs"]) == ("no such host", None, [])
    found = document["claims"][0]["readings"][0]
    assert found["unit"] == "company"
    assert found["threshold"] == {"op": ">=", "value": 0.8}
    assert found["verdict"] == "refuted"
    assert set(found) >= {
        "id", "statement", "numerator", "denominator", "unknown", "share", "interval", "bounds", "p_value", "needed_n",
        "note",
    }  # fmt: skip
    assert found["interval"].keys() == {"method", "level", "low", "high"}


@pytest.mark.parametrize("evil", [False, True])
def test_the_json_keeps_to_its_schema(evil: bool) -> None:
    file = files("auditor.render").joinpath("schema", "portfolio-v1.schema.json")
    schema = json.loads(file.read_text("utf-8"))
    Draft202012Validator.check_schema(schema)
    one = Estimate("share", 0.25, 0.1, 0.5, 12, "wilson")
    held = replace(
        portfolio(frame=Frame(population=90, detector=Detector(0.9, 0.95, 50, 50)), evil=evil),
        timeline=(Moment("2025-08-01", 12, (("main", one), ("none", None))),),
    )
    assert list(Draft202012Validator(schema).iter_errors(json.loads(portfolio_json.render(held)))) == []


def test_the_json_can_be_asked_again(tmp_path: Path) -> None:
    held = portfolio()
    file = tmp_path / "portfolio.json"
    file.write_text(portfolio_json.render(held), "utf-8")
    back = from_reports([file])
    assert [replace(one, uses=()) for one in back.products] == [
        replace(one, uses=(), holding=replace(one.holding, revision="")) for one in held.sample.products
    ]
    again = readings_of(replace(back, jurisdiction=CN), claims(reading()), PLACES)
    assert again[0].readings[0].tally == held.claims[0].readings[0].tally


def test_shares_over_time_are_shown_where_they_were_asked_for() -> None:
    one = Estimate("share", 0.25, 0.1, 0.5, 12, "wilson")
    held = replace(portfolio(), timeline=(Moment("2025-08-01", 12, (("main", one), ("none", None))),))
    for shown in (page(held), terminal(held)):
        assert "2025-08-01" in shown
        assert "Over time" in shown
