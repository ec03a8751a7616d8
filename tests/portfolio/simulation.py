"""Synthetic portfolios with known truth: do the intervals cover it, and how often is a verdict false?

    python -m tests.portfolio.simulation 10000

prints a row a size. Half of the portfolios have a share drawn evenly from 0 to 1, half have one that lies at the
threshold or a hair beside it, where a false verdict is likeliest.
"""

from __future__ import annotations

import random
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from auditor.domain.claim import Conclusion, Op, Tally, Threshold
from auditor.domain.portfolio import Detector
from auditor.portfolio import stats
from auditor.portfolio.conclude import conclusion, ends

SIZES = (10, 20, 42, 100, 300)
CLAIM = Threshold(Op.AT_LEAST, 0.8)
DETECTOR = Detector(0.85, 0.97, 100, 200)
_HAIR = 1e-6


@dataclass(slots=True)
class Tallied:
    """Counts over the portfolios of one size."""

    portfolios: int = 0
    hits: Counter[str] = field(default_factory=Counter)
    at_edge: int = 0

    def rate(self, name: str, of: int = 0) -> float:
        return self.hits[name] / (of or self.portfolios)


def simulate(portfolios: int, *, seed: int, sizes: tuple[int, ...] = SIZES) -> dict[int, Tallied]:
    """What comes of that many portfolios of each size."""
    chance = random.Random(seed)
    return {n: _of_size(n, portfolios, chance) for n in sizes}


def _of_size(n: int, portfolios: int, chance: random.Random) -> Tallied:
    found = Tallied()
    for number in range(portfolios):
        edge = number % 2 == 1
        truth = chance.choice((CLAIM.value, CLAIM.value - _HAIR)) if edge else chance.random()
        _one(n, truth, edge, chance, found)
    return found


def _one(n: int, truth: float, edge: bool, chance: random.Random, found: Tallied) -> None:
    members = [chance.random() < truth for _ in range(n)]
    k = sum(members)
    hits = found.hits
    found.portfolios += 1
    found.at_edge += edge
    intervals = {
        "wilson": stats.wilson(k, n),
        "exact": stats.clopper_pearson(k, n),
        "bayes": stats.credible(k, n)[1:],
    }
    hidden = [chance.random() < 0.1 for _ in range(n)]
    known = sum(one for one, dark in zip(members, hidden, strict=True) if not dark)
    partly = Tally(known, n, sum(hidden))
    intervals["unknown"] = ends(partly, 0)
    seen = sum(chance.random() < (DETECTOR.sensitivity if one else 1 - DETECTOR.specificity) for one in members)
    intervals["uncorrected"] = stats.wilson(seen, n)
    measured = Detector(
        sum(chance.random() < DETECTOR.sensitivity for _ in range(DETECTOR.positives)) / DETECTOR.positives,
        sum(chance.random() < DETECTOR.specificity for _ in range(DETECTOR.negatives)) / DETECTOR.negatives,
        DETECTOR.positives,
        DETECTOR.negatives,
    )
    corrected = stats.rogan_gladen(seen, n, measured)
    intervals["corrected"] = (corrected.low, corrected.high)
    for name, (low, high) in intervals.items():
        hits[name] += low <= truth <= high
    whole = 2 * n
    of_whole = [chance.random() < truth for _ in range(whole)]
    drawn = sum(chance.sample(of_whole, n))
    worth = stats.effective(n, population=whole)
    low, high = stats.wilson(drawn / n * worth, worth)
    hits["finite"] += low <= sum(of_whole) / whole <= high
    for name, tally in (("", Tally(k, n)), ("unknown ", partly)):
        verdict = conclusion(tally, CLAIM, 0)
        false = verdict is (Conclusion.REFUTED if truth >= CLAIM.value else Conclusion.SUPPORTED)
        hits[f"{name}false"] += false
        hits[f"{name}false at edge"] += false and edge
        hits[f"{name}undecided"] += verdict is Conclusion.UNDECIDED and not edge
    whole_truth = sum(of_whole) / whole
    verdict = conclusion(Tally(drawn, n), CLAIM, whole)
    hits["finite false"] += verdict is (Conclusion.REFUTED if whole_truth >= CLAIM.value else Conclusion.SUPPORTED)


_COLUMNS = {
    "wilson": "Wilson",
    "exact": "exact",
    "bayes": "Bayes",
    "unknown": "10% unknown",
    "finite": "of a finite 2n",
    "corrected": "corrected",
    "uncorrected": "uncorrected",
}


def table(found: dict[int, Tallied]) -> Iterator[str]:
    """The results as Markdown."""
    yield "Coverage of the 95% intervals, by number of companies:"
    yield ""
    yield "| n | " + " | ".join(_COLUMNS.values()) + " |"
    yield "| --- |" + " --- |" * len(_COLUMNS)
    for n, one in found.items():
        yield f"| {n} | " + " | ".join(f"{100 * one.rate(name):.1f}%" for name in _COLUMNS) + " |"
    yield ""
    yield "Verdicts on `at least 80%`, as decided with all known and with 10% unknown:"
    yield ""
    yield "| n | false | false at the threshold | undecided away from it | false, unknown | false, finite | undecided, unknown |"
    yield "| --- | --- | --- | --- | --- | --- | --- |"
    for n, one in found.items():
        away = one.portfolios - one.at_edge
        yield (
            f"| {n} | {100 * one.rate('false'):.2f}% | {100 * one.rate('false at edge', one.at_edge):.2f}%"
            f" | {100 * one.rate('undecided', away):.0f}% | {100 * one.rate('unknown false'):.2f}%"
            f" | {100 * one.rate('finite false'):.2f}% | {100 * one.rate('unknown undecided', away):.0f}% |"
        )


if __name__ == "__main__":
    asked = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    print("\n".join(table(simulate(asked, seed=7))))
