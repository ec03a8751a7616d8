"""What a tally says of a threshold: supported, refuted, or undecided wherever chance or the unknown could turn it."""

from __future__ import annotations

from auditor.domain.claim import Conclusion, Estimate, Op, Tally, Threshold
from auditor.portfolio import stats

ALPHA = (1 - stats.LEVEL) / 2
_UPWARD = (Op.AT_LEAST, Op.OVER)


def conclusion(found: Tally, threshold: Threshold, population: int, corrected: Estimate | None = None) -> Conclusion:
    """Decided only where the interval, the bounds, the exact test and the corrected share all fall on one side.

    `population` is the size of what the denominator was drawn from, 0 when not known; at most the denominator's own size
    means that all were audited, and chance has no part.
    """
    n = found.denominator
    if not n:
        return Conclusion.UNDECIDED
    low, high = ends(found, population)
    if corrected is not None:
        low, high = min(low, corrected.low), max(high, corrected.high)
    chance = sampled(n, population)

    def below(value: float, *, strictly: bool) -> bool:
        outside = high < value if strictly else high <= value
        return outside and (not chance or _few(found, value, population) <= ALPHA)

    def above(value: float, *, strictly: bool) -> bool:
        outside = low > value if strictly else low >= value
        return outside and (not chance or _many(found, value, population) <= ALPHA)

    match threshold.op:
        case Op.AT_LEAST | Op.OVER:
            strictly = threshold.op is Op.OVER
            holds = above(threshold.value, strictly=strictly)
            fails = below(threshold.value, strictly=not strictly)
        case Op.AT_MOST | Op.UNDER:
            strictly = threshold.op is Op.UNDER
            holds = below(threshold.value, strictly=strictly)
            fails = above(threshold.value, strictly=not strictly)
        case Op.WITHIN:
            holds = above(threshold.value, strictly=False) and below(threshold.upper, strictly=False)
            fails = below(threshold.value, strictly=True) or above(threshold.upper, strictly=True)
    return Conclusion.SUPPORTED if holds else Conclusion.REFUTED if fails else Conclusion.UNDECIDED


def ends(found: Tally, population: int) -> tuple[float, float]:
    """The interval over both chance and the unknown: its ends are those of the two worst cases."""
    low_n, most, high_n = _worst(found)
    if not sampled(found.denominator, population):
        return stats.manski(found)
    low = stats.wilson(*_worth(found.numerator, low_n, population))[0]
    high = stats.wilson(*_worth(most, high_n, population))[1]
    return low, high


def p_value(found: Tally, threshold: Threshold, population: int) -> float | None:
    """The chance of a share at least as far from the threshold as seen, were it true: in the worst case of the unknown.

    None when chance has no part, or a share lies within what is claimed.
    """
    n = found.denominator
    if not n or not sampled(n, population):
        return None
    share = found.numerator / n
    value = limit(share, threshold)
    if threshold.op is Op.WITHIN and threshold.value <= share <= threshold.upper:
        return None
    return _few(found, value, population) if share < value else _many(found, value, population)


def limit(share: float | None, threshold: Threshold) -> float:
    """The end of what is claimed that a share is nearest to."""
    if threshold.op is not Op.WITHIN or share is None:
        return threshold.value
    return min((threshold.value, threshold.upper), key=lambda end: abs(end - share))


def sampled(n: int, population: int) -> bool:
    """Whether there is more than what was audited."""
    return not population or n < population


def _few(found: Tally, value: float, population: int) -> float:
    _, most, high_n = _worst(found)
    return stats.p_below(most, high_n, value, population=population)


def _many(found: Tally, value: float, population: int) -> float:
    low_n, _, _ = _worst(found)
    return stats.p_above(found.numerator, low_n, value, population=population)


def _worst(found: Tally) -> tuple[int, int, int]:
    """The denominator when the unknown are against the claim; numerator and denominator when they are for it."""
    most = found.numerator + found.unsure + found.outside_possible
    return found.denominator + found.outside, most, found.denominator + found.outside_possible


def _worth(k: int, n: int, population: int) -> tuple[float, float]:
    if not n:
        return 0.0, 0.0
    worth = stats.effective(n, population=max(population, n + 1) if population else 0)
    return k / n * worth, worth
