"""Statistics against published values, against each other, and against what they are defined by."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.domain.claim import Op, Tally, Threshold
from auditor.domain.portfolio import Detector
from auditor.portfolio import stats

# R. G. Newcombe, "Two-sided confidence intervals for the single proportion", Statistics in Medicine 17 (1998), table I.
NEWCOMBE = [
    (81, 263, (0.2553, 0.3662), (0.2527, 0.3676)),
    (15, 148, (0.0624, 0.1605), (0.0578, 0.1617)),
    (0, 20, (0.0000, 0.1611), (0.0000, 0.1684)),
    (1, 29, (0.0061, 0.1718), (0.0009, 0.1776)),
]


@pytest.mark.parametrize(("k", "n", "score", "exact"), NEWCOMBE)
def test_intervals_are_those_that_newcombe_published(
    k: int, n: int, score: tuple[float, float], exact: tuple[float, float]
) -> None:
    assert stats.wilson(k, n) == pytest.approx(score, abs=5e-5)
    assert stats.clopper_pearson(k, n) == pytest.approx(exact, abs=5e-5)


def test_the_exact_test_is_fishers_on_the_lady_who_tasted_tea() -> None:
    # R. A. Fisher, The Design of Experiments (1935), chapter II: all four of eight cups right by chance, 1 in 70.
    assert stats.p_above(4, 4, 0.5, population=8) == pytest.approx(1 / 70)


def test_the_exact_test_is_that_of_a_coin() -> None:
    assert stats.p_above(9, 10, 0.5) == pytest.approx(11 / 1024)
    assert stats.p_below(1, 10, 0.5) == pytest.approx(11 / 1024)


@pytest.mark.parametrize(("truth", "n", "most"), [(0.24, 7, 3), (0.5, 21, 13), (0.6, 47, 32), (0.7, 160, 119)])
def test_the_needed_sample_is_the_smallest_that_rejects_80_percent_with_power(truth: float, n: int, most: int) -> None:
    assert stats.needed(truth, 0.8, alpha=0.05) == (n, most)
    assert stats.p_below(most, n, 0.8) <= 0.05
    assert stats.p_below(most, n, truth) >= 0.9


def test_the_needed_sample_is_alike_from_above() -> None:
    upward, downward = stats.needed(0.4, 0.2), stats.needed(0.6, 0.8)
    assert upward is not None
    assert downward is not None
    assert upward[0] == downward[0]
    assert upward[1] == upward[0] - downward[1]


def test_no_sample_tells_a_share_from_itself_or_from_its_nearest_neighbour() -> None:
    assert stats.needed(0.8, 0.8) is None
    assert stats.needed(0.7999, 0.8) is None


def test_the_posterior_is_that_of_the_named_prior() -> None:
    # Beta(10.5, 0.5): A. Gelman et al., Bayesian Data Analysis, section 2.8; mean (k + 1/2) / (n + 1).
    mean, low, high = stats.credible(10, 10)
    assert mean == pytest.approx(10.5 / 11)
    assert low < mean < high <= 1
    assert stats.posterior(10, 10, Threshold(Op.AT_LEAST, 0.8)) > 0.95
    assert stats.posterior(5, 10, Threshold(Op.AT_LEAST, 0.5)) == pytest.approx(0.5)
    assert "Jeffreys" in stats.PRIOR_NAME


def test_bounds_are_the_shares_if_the_unknown_were_all_against_and_all_for() -> None:
    assert stats.manski(Tally(7, 42, unsure=3)) == pytest.approx((7 / 42, 10 / 42))
    assert stats.manski(Tally(7, 42)) == pytest.approx((7 / 42, 7 / 42))


def test_of_whom_it_is_not_known_whether_the_share_is_of_them_may_join_either_side() -> None:
    assert stats.manski(Tally(8, 10, outside=2, outside_possible=1)) == pytest.approx((8 / 12, 9 / 11))
    assert stats.manski(Tally(0, 0, outside=2, outside_possible=2)) == (0.0, 1.0)


@given(st.data())
def test_bounds_hold_every_way_in_which_the_unknown_can_turn_out(data: st.DataObject) -> None:
    n = data.draw(st.integers(1, 12))
    k = data.draw(st.integers(0, n))
    unsure = data.draw(st.integers(0, n - k))
    possible = data.draw(st.integers(0, 4))
    outside = data.draw(st.integers(possible, 6))
    low, high = stats.manski(Tally(k, n, unsure, outside, possible))
    turned = data.draw(st.integers(0, unsure))
    joined = data.draw(st.integers(0, outside))
    counted = data.draw(st.integers(0, min(joined, possible)))
    assert low - 1e-12 <= (k + turned + counted) / (n + joined) <= high + 1e-12


def test_a_finite_population_makes_a_sample_worth_more() -> None:
    # W. G. Cochran, Sampling Techniques (1977), theorem 2.2: the variance falls by (N - n) / (N - 1).
    assert stats.effective(100, population=1000) == pytest.approx(100 * 999 / 900)
    assert stats.effective(100) == 100
    assert stats.effective(100, population=100) == float("inf")


def test_repositories_of_one_company_that_are_all_alike_count_as_one() -> None:
    alike = [(4, 4)] * 10 + [(0, 4)] * 10
    assert stats.design_effect(alike) == pytest.approx(4 * 20 / 19)
    assert stats.design_effect([(1, 1), (0, 1)] * 20) == pytest.approx(40 / 39)
    assert stats.design_effect([(2, 4)] * 10) == 1.0


def test_strata_are_weighted_by_their_size_in_the_whole() -> None:
    one = stats.stratified([(9, 10, 100), (1, 10, 900)])
    assert one is not None
    assert one.value == pytest.approx(0.1 * 0.9 + 0.9 * 0.1)
    assert one.low < one.value < one.high


def test_a_stratum_that_was_not_sampled_leaves_no_share_of_the_whole() -> None:
    assert stats.stratified([(9, 10, 100), (0, 0, 900)]) is None


def test_strata_that_were_all_audited_leave_no_doubt() -> None:
    one = stats.stratified([(3, 10, 10), (5, 10, 10)])
    assert one is not None
    assert (one.low, one.value, one.high) == pytest.approx((0.4, 0.4, 0.4))


def test_the_correction_is_that_of_rogan_and_gladen() -> None:
    # W. J. Rogan and B. Gladen, American Journal of Epidemiology 107 (1978): (apparent + specificity - 1) / (Se + Sp - 1).
    one = stats.rogan_gladen(30, 100, Detector(0.9, 0.95))
    assert one.value == pytest.approx(0.25 / 0.85)
    low, high = stats.wilson(30, 100)
    assert (one.low, one.high) == pytest.approx(((low - 0.05) / 0.85, (high - 0.05) / 0.85))


def test_rates_that_were_measured_on_few_products_widen_the_interval() -> None:
    exact = stats.rogan_gladen(30, 100, Detector(0.9, 0.95))
    many = stats.rogan_gladen(30, 100, Detector(0.9, 0.95, 100_000, 100_000))
    few = stats.rogan_gladen(30, 100, Detector(0.9, 0.95, 30, 30))
    assert few.high - few.low > many.high - many.low
    assert (many.low, many.high) == pytest.approx((exact.low, exact.high), abs=0.01)


@given(st.integers(1, 300), st.data())
def test_intervals_hold_the_share_and_lie_within_0_and_1(n: int, data: st.DataObject) -> None:
    k = data.draw(st.integers(0, n))
    for low, high in (stats.wilson(k, n), stats.clopper_pearson(k, n)):
        assert 0 <= low <= k / n <= high <= 1


@given(st.integers(1, 200), st.data())
def test_the_exact_interval_and_the_exact_test_say_the_same(n: int, data: st.DataObject) -> None:
    k = data.draw(st.integers(0, n))
    share = data.draw(st.floats(0.01, 0.99))
    low, high = stats.clopper_pearson(k, n)
    if abs(share - low) > 1e-6 and abs(share - high) > 1e-6:
        assert (share > high) == (stats.p_below(k, n, share) < 0.025)
        assert (share < low) == (stats.p_above(k, n, share) < 0.025)
