"""From companies to readings: the numbers of CONTRACT, and what they depend on."""

from __future__ import annotations

import pytest

from auditor.domain.claim import Axes, Conclusion, Group, Level, Meaning, Op
from auditor.domain.portfolio import Audited, Detector, Frame, Member, Reading, Sample, Standing
from auditor.portfolio.readings import tested as readings_of
from tests.portfolio.world import (
    CLOSED_CN,
    DARK,
    EMBEDDER,
    GPT,
    LLAMA,
    MISTRAL,
    PLACES,
    QWEN,
    claims,
    product,
    reading,
    sample,
)


def forty_two(frame: Frame | None = None) -> Sample:
    """7 of 42 that use open weights are counted, 3 are unknown; 10 more use closed models only."""
    return sample(
        *(product(f"q{n}", QWEN, tags=("speech",)) for n in range(7)),
        *(product(f"l{n}", LLAMA) for n in range(32)),
        *(product(f"d{n}", DARK) for n in range(3)),
        *(product(f"g{n}", GPT) for n in range(10)),
        frame=frame,
    )


def one(held: Sample, **choices: object) -> Reading:
    (claimed,) = readings_of(held, claims(reading(**choices)), PLACES)  # type: ignore[arg-type]
    return claimed.readings[0]


def test_a_reading_is_the_one_that_the_contract_shows() -> None:
    found = one(forty_two(), of=Group.OPEN_WEIGHT_USERS)
    assert (found.tally.numerator, found.tally.denominator, found.tally.unknown) == (7, 42, 3)
    assert found.share == pytest.approx(0.167, abs=5e-4)
    assert found.interval is not None
    assert (found.interval.low, found.interval.high) == pytest.approx((0.083, 0.306), abs=5e-4)
    assert found.bounds == pytest.approx((0.167, 0.238), abs=5e-4)
    assert found.conclusion is Conclusion.REFUTED
    assert found.p_value is not None
    assert found.p_value < 1e-12


def test_the_same_companies_give_other_numbers_under_other_readings() -> None:
    held = forty_two()
    assert one(held).tally.denominator == 52
    assert one(held, of=Group.AI_USERS).tally.denominator == 52
    assert one(held, of=Group.OPEN_WEIGHT_USERS).tally.denominator == 42
    assert one(held, count=Group.OPEN_WEIGHT_USERS, op=Op.AT_MOST).share == pytest.approx(42 / 52)


def test_every_other_choice_of_usage_meaning_and_modalities_is_shown() -> None:
    held = sample(product("a", EMBEDDER), product("b", QWEN, level=Level.OFFERED), product("c", LLAMA))
    found = one(held)
    assert len(found.variants) == 17
    told = {v.axes: v.tally.numerator for v in found.variants}
    assert found.tally.numerator == 1
    assert told[Axes(Level.IMPLIED, Meaning.BROAD, narrow=True)] == 0
    assert told[Axes(Level.OFFERED, Meaning.BROAD)] == 2
    assert told[Axes(Level.OFFERED, Meaning.STRICT)] == 1


def test_repositories_of_one_company_are_counted_once_and_shown_as_clusters() -> None:
    held = sample(
        *(product(f"a{n}", QWEN, company="A") for n in range(6)),
        product("b", LLAMA, company="B"),
        product("c", LLAMA, company="C"),
    )
    found = one(held)
    assert (found.tally.numerator, found.tally.denominator) == (1, 3)
    (by_product,) = [e for e in found.others if e.quantity == "share of products"]
    assert by_product.value == pytest.approx(6 / 8)
    assert by_product.n < 8


def test_a_whole_portfolio_leaves_nothing_to_chance() -> None:
    found = one(sample(product("a", QWEN), product("b", LLAMA), frame=Frame(population=2)), op=Op.UNDER, value=0.6)
    assert found.conclusion is Conclusion.SUPPORTED
    assert found.interval is not None
    assert found.interval.method == "all were audited"
    assert found.p_value is None
    assert any("nothing is left to chance" in note for note in found.notes)


def test_products_that_could_not_be_audited_widen_the_bounds() -> None:
    held = sample(product("a", QWEN), product("b", LLAMA), product("c", error="no such host"))
    found = one(held)
    assert (found.tally.denominator, found.tally.unknown) == (2, 1)
    assert found.bounds == pytest.approx((1 / 3, 2 / 3))


def test_the_audits_own_errors_and_the_strata_are_accounted_for() -> None:
    frame = Frame(population=400, strata=(("speech", 40),), detector=Detector(0.9, 0.95, 100, 100))
    methods = {e.method for e in one(forty_two(frame)).others}
    assert "rogan-gladen, lang-reiczigel" in methods
    assert "stratified" in methods
    assert any("Jeffreys" in method for method in methods)


def test_shares_by_tag_are_of_the_companies_that_have_it() -> None:
    ((tag, tally, share),) = one(forty_two()).by_tag
    assert (tag, tally.numerator, tally.denominator) == ("speech", 7, 7)
    assert share.value == 1


def test_a_claim_about_another_jurisdiction_is_tested_by_countries() -> None:
    held = sample(product("a", MISTRAL), product("b", QWEN), product("c", CLOSED_CN))
    assert one(held, jurisdiction="eu").tally.numerator == 1
    assert one(held, jurisdiction="eu", count=Group.ORIGIN_ANY).tally.numerator == 1
    assert one(held, count=Group.ORIGIN_ANY).tally.numerator == 2


def test_a_reading_about_nobody_has_no_share_and_is_undecided() -> None:
    found = one(sample(product("a")), of=Group.OPEN_WEIGHT_USERS)
    assert found.share is None
    assert found.interval is None
    assert found.conclusion is Conclusion.UNDECIDED
    assert any("no company here" in note for note in found.notes)


def test_a_reading_names_those_that_it_counts() -> None:
    found = one(sample(product("a", QWEN), product("b", LLAMA), product("c", DARK), product("d", GPT)))
    assert found.members == (
        Member("a", Standing.COUNTED),
        Member("b", Standing.NOT),
        Member("c", Standing.UNKNOWN),
        Member("d", Standing.NOT),
    )


def test_the_order_of_products_changes_no_number() -> None:
    products: list[Audited] = [product("a", QWEN), product("b", LLAMA), product("c", DARK)]
    forward, backward = one(sample(*products)), one(sample(*reversed(products)))
    assert (forward.tally, forward.bounds, forward.p_value) == (backward.tally, backward.bounds, backward.p_value)
