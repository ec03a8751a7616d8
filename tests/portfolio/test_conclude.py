"""When a claim is decided, and everything that leaves it open."""

from __future__ import annotations

import pytest

from auditor.domain.claim import Conclusion, Op, Tally, Threshold
from auditor.domain.portfolio import Detector
from auditor.portfolio import stats
from auditor.portfolio.conclude import conclusion, ends, p_value
from tests.portfolio.simulation import simulate

AT_LEAST = Threshold(Op.AT_LEAST, 0.8)
UNDER = Threshold(Op.UNDER, 0.1)
WITHIN = Threshold(Op.WITHIN, 0.16, 0.24)


@pytest.mark.parametrize(
    ("tally", "threshold", "expected"),
    [
        (Tally(7, 42), AT_LEAST, Conclusion.REFUTED),
        (Tally(30, 42), AT_LEAST, Conclusion.UNDECIDED),
        (Tally(42, 42), AT_LEAST, Conclusion.SUPPORTED),
        (Tally(0, 60), UNDER, Conclusion.SUPPORTED),
        (Tally(20, 60), UNDER, Conclusion.REFUTED),
        (Tally(200, 1000), WITHIN, Conclusion.SUPPORTED),
        (Tally(20, 100), WITHIN, Conclusion.UNDECIDED),
        (Tally(0, 60), WITHIN, Conclusion.REFUTED),
        (Tally(60, 100), WITHIN, Conclusion.REFUTED),
        (Tally(0, 0), AT_LEAST, Conclusion.UNDECIDED),
        (Tally(3, 3), AT_LEAST, Conclusion.UNDECIDED),
    ],
)
def test_a_claim_is_decided_where_the_interval_lies_on_one_side(
    tally: Tally, threshold: Threshold, expected: Conclusion
) -> None:
    assert conclusion(tally, threshold, 0) is expected


def test_what_is_unknown_can_keep_open_what_chance_would_decide() -> None:
    assert conclusion(Tally(20, 42), AT_LEAST, 0) is Conclusion.REFUTED
    assert conclusion(Tally(20, 42, unsure=15), AT_LEAST, 0) is Conclusion.UNDECIDED


def test_companies_that_could_not_be_audited_can_keep_a_claim_open() -> None:
    assert conclusion(Tally(20, 42, outside=60, outside_possible=60), AT_LEAST, 0) is Conclusion.UNDECIDED


def test_an_audit_that_misses_much_can_keep_a_claim_open() -> None:
    tally = Tally(20, 42)
    blind = stats.rogan_gladen(20, 42, Detector(0.6, 0.99))
    sharp = stats.rogan_gladen(20, 42, Detector(0.99, 0.99))
    assert conclusion(tally, AT_LEAST, 0, blind) is Conclusion.UNDECIDED
    assert conclusion(tally, AT_LEAST, 0, sharp) is Conclusion.REFUTED


def test_a_portfolio_that_was_audited_whole_leaves_nothing_to_chance() -> None:
    assert conclusion(Tally(1, 12), UNDER, 0) is Conclusion.UNDECIDED
    assert conclusion(Tally(1, 12), UNDER, 12) is Conclusion.SUPPORTED
    assert conclusion(Tally(2, 12), UNDER, 12) is Conclusion.REFUTED
    assert conclusion(Tally(1, 12, unsure=1), UNDER, 12) is Conclusion.UNDECIDED
    assert p_value(Tally(1, 12), UNDER, 12) is None


def test_at_the_threshold_itself_at_least_holds_and_under_does_not() -> None:
    assert conclusion(Tally(8, 10), AT_LEAST, 10) is Conclusion.SUPPORTED
    assert conclusion(Tally(8, 10), Threshold(Op.OVER, 0.8), 10) is Conclusion.REFUTED
    assert conclusion(Tally(1, 10), UNDER, 10) is Conclusion.REFUTED
    assert conclusion(Tally(1, 10), Threshold(Op.AT_MOST, 0.1), 10) is Conclusion.SUPPORTED


def test_a_large_part_of_a_small_population_decides_more() -> None:
    assert conclusion(Tally(13, 20), AT_LEAST, 0) is Conclusion.UNDECIDED
    assert conclusion(Tally(13, 20), AT_LEAST, 24) is Conclusion.REFUTED


def test_the_p_value_is_of_the_worst_that_the_unknown_can_be() -> None:
    assert p_value(Tally(7, 42, unsure=3), AT_LEAST, 0) == pytest.approx(stats.p_below(10, 42, 0.8))
    assert p_value(Tally(20, 100), WITHIN, 0) is None


def test_the_interval_grows_with_the_unknown() -> None:
    low, high = ends(Tally(7, 42), 0)
    assert (low, high) == pytest.approx(stats.wilson(7, 42))
    assert ends(Tally(7, 42, unsure=3), 0) == pytest.approx((low, stats.wilson(10, 42)[1]))


def test_in_simulated_portfolios_intervals_cover_and_few_verdicts_are_false() -> None:
    for one in simulate(400, seed=1, sizes=(20, 60)).values():
        assert one.rate("exact") > 0.93
        assert one.rate("wilson") > 0.91
        assert one.rate("unknown") > 0.93
        assert one.rate("corrected") > 0.91
        assert one.rate("uncorrected") < 0.9
        assert one.rate("false") < 0.04
        assert one.rate("unknown false") < 0.04
        assert one.rate("finite false") < 0.04
