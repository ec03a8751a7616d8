"""Counts -> estimates: how far a sample bears out a share. Pure functions over numbers, scipy underneath.

Counts may be fractions where a sample is worth more or less than its size (finite population, clusters, strata): the
intervals are then those of a sample of that effective size.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from scipy.special import ndtri
from scipy.stats import beta, binom, hypergeom

from auditor.domain.claim import Estimate, Op, Tally, Threshold
from auditor.domain.portfolio import Detector

LEVEL = 0.95
PRIOR = (0.5, 0.5)
PRIOR_NAME = "Jeffreys prior, Beta(0.5, 0.5)"
_SEARCHED = 5000  # members of a sample, beyond which nobody audits by hand what decides


def wilson(k: float, n: float, *, level: float = LEVEL) -> tuple[float, float]:
    """The score interval of a share. *Source*: Wilson 1927, as in Brown, Cai and DasGupta 2001, formula (4)."""
    if n <= 0:
        return 0.0, 1.0
    z = float(ndtri(0.5 + level / 2))
    p = k / n
    middle = (p + z * z / (2 * n)) / (1 + z * z / n)
    half = z / (1 + z * z / n) * math.sqrt(max(0.0, p * (1 - p) / n + z * z / (4 * n * n)))
    return (0.0 if k <= 0 else max(0.0, middle - half)), (1.0 if k >= n else min(1.0, middle + half))


def clopper_pearson(k: float, n: float, *, level: float = LEVEL) -> tuple[float, float]:
    """The exact interval: never covers less than its level. *Source*: Clopper and Pearson 1934, by beta quantiles."""
    if n <= 0:
        return 0.0, 1.0
    tail = (1 - level) / 2
    low = 0.0 if k <= 0 else float(beta.ppf(tail, k, n - k + 1))
    high = 1.0 if k >= n else float(beta.ppf(1 - tail, k + 1, n - k))
    return low, high


def credible(k: float, n: float, *, level: float = LEVEL) -> tuple[float, float, float]:
    """Mean and equal-tailed interval of the posterior under the prior named `PRIOR_NAME`."""
    a, b = k + PRIOR[0], n - k + PRIOR[1]
    tail = (1 - level) / 2
    return a / (a + b), float(beta.ppf(tail, a, b)), float(beta.ppf(1 - tail, a, b))


def posterior(k: float, n: float, threshold: Threshold) -> float:
    """The probability, given the sample and the prior, that the share is what is claimed."""
    a, b = k + PRIOR[0], n - k + PRIOR[1]
    if threshold.op in (Op.AT_LEAST, Op.OVER):
        return float(beta.sf(threshold.value, a, b))
    if threshold.op is Op.WITHIN:
        return float(beta.cdf(threshold.upper, a, b) - beta.cdf(threshold.value, a, b))
    return float(beta.cdf(threshold.value, a, b))


def p_below(k: int, n: int, share: float, *, population: int = 0) -> float:
    """How likely so few (`k` of `n` or fewer) are when the true share is at least `share`: small refutes "at least".

    Exact: binomial, or hypergeometric when the `n` are of a known finite population.
    """
    if population > n:
        return float(hypergeom.cdf(k, population, math.ceil(share * population - 1e-9), n))
    return float(binom.cdf(k, n, share))


def p_above(k: int, n: int, share: float, *, population: int = 0) -> float:
    """How likely so many (`k` of `n` or more) are when the true share is at most `share`: small refutes "at most"."""
    if population > n:
        return float(hypergeom.sf(k - 1, population, math.floor(share * population + 1e-9), n))
    return float(binom.sf(k - 1, n, share))


def manski(tally: Tally) -> tuple[float, float]:
    """The share if every unknown company were against it, and if every one were for it: sure, whatever the sample.

    *Source*: Manski 1989; here also for companies of which it is unknown whether the share is of them.
    """
    k, n = tally.numerator, tally.denominator
    low_n = n + tally.outside
    most = k + tally.unsure + tally.outside_possible
    high_n = n + tally.outside_possible
    return (k / low_n if low_n else 0.0), (most / high_n if high_n else 1.0)


def effective(n: float, *, population: int = 0) -> float:
    """The size of an infinite population's sample that tells as much as `n` of a finite one. *Source*: Cochran 1977, 2.6."""
    if population <= 1 or n <= 0:
        return n
    return math.inf if n >= population else n * (population - 1) / (population - n)


def design_effect(clusters: Sequence[tuple[int, int]]) -> float:
    """How many times more a share over clusters varies than one over independent units; at least 1.

    `clusters` are (counted, size). *Source*: ratio estimator, Cochran 1977, formula (11.7) against simple sampling.
    """
    c, n = len(clusters), sum(size for _, size in clusters)
    p = sum(k for k, _ in clusters) / n if n else 0.0
    if c < 2 or p in (0.0, 1.0):
        return 1.0
    variance = c / (c - 1) * sum((k - p * size) ** 2 for k, size in clusters) / n**2
    return max(1.0, variance / (p * (1 - p) / n))


def stratified(strata: Sequence[tuple[int, int, int]], *, level: float = LEVEL) -> Estimate | None:
    """The share of the whole from samples of its strata, each (counted, sampled, size); None when one was not sampled.

    *Source*: Cochran 1977, 5.3; the interval is Wilson's at the effective size, which holds at shares near 0 and 1.
    """
    total = sum(size for _, _, size in strata)
    if not total or any(n == 0 for _, n, _ in strata):
        return None
    share, variance = 0.0, 0.0
    for k, n, size in strata:
        weight, p = size / total, k / n
        smooth = (k + 0.5) / (n + 1)  # a stratum of which all or none count still varies
        share += weight * p
        variance += weight**2 * smooth * (1 - smooth) / effective(n, population=size)
    spread = (share * (1 - share)) or (0.5 / (sum(n for _, n, _ in strata) + 1))
    n_effective = spread / variance if variance else math.inf
    low, high = wilson(share * n_effective, n_effective, level=level) if variance else (share, share)
    return Estimate("share, weighted by strata", share, low, high, n_effective, "stratified", level)


def rogan_gladen(k: float, n: float, detector: Detector, *, level: float = LEVEL) -> Estimate:
    """The true share behind a share that an imperfect detector saw.

    *Source*: Rogan and Gladen 1978; the interval for rates measured on samples is that of Lang and Reiczigel 2014.
    """
    youden = detector.sensitivity + detector.specificity - 1
    measured = bool(detector.positives and detector.negatives)
    if not measured:
        low, high = wilson(k, n, level=level)
        ends = [(share + detector.specificity - 1) / youden for share in (k / n, low, high)]
        value, low, high = (min(1.0, max(0.0, end)) for end in ends)
        return Estimate("share, corrected for the audit's errors", value, low, high, n, "rogan-gladen", level)
    z = float(ndtri(0.5 + level / 2))
    grown = n + z * z
    seen = (k + z * z / 2) / grown
    n_se, n_sp = detector.positives + 2, detector.negatives + 2
    se = (detector.positives * detector.sensitivity + 1) / n_se
    sp = (detector.negatives * detector.specificity + 1) / n_sp
    youden = se + sp - 1
    share = (seen + sp - 1) / youden
    shift = 2 * z * z * (share * se * (1 - se) / n_se - (1 - share) * sp * (1 - sp) / n_sp)
    variance = seen * (1 - seen) / grown + share**2 * se * (1 - se) / n_se + (1 - share) ** 2 * sp * (1 - sp) / n_sp
    half = z * math.sqrt(variance) / youden
    plain = (k / n + detector.specificity - 1) / (detector.sensitivity + detector.specificity - 1)
    value, low, high = (min(1.0, max(0.0, end)) for end in (plain, share + shift - half, share + shift + half))
    return Estimate(
        "share, corrected for the audit's errors", value, low, high, n, "rogan-gladen, lang-reiczigel", level
    )


@lru_cache(maxsize=4096)
def needed(truth: float, share: float, *, alpha: float = 0.025, power: float = 0.9) -> tuple[int, int] | None:
    """The smallest sample that tells a true share `truth` from `share`, and the most (or fewest) that still do so.

    An exact one-sided test at `alpha` rejects with at least `power`. None when no sample up to 5000 does.
    """
    if truth == share:
        return None
    sizes = np.arange(1, _SEARCHED + 1)
    if truth < share:
        edge = np.asarray(binom.ppf(alpha, sizes, share))
        edge = edge - (binom.cdf(edge, sizes, share) > alpha)  # the quantile is the first that is too likely
        able = (binom.cdf(edge, sizes, truth) >= power) & (edge >= 0)
    else:
        edge = np.asarray(binom.isf(alpha, sizes, share))
        edge = edge + (binom.sf(edge - 1, sizes, share) > alpha)
        able = (binom.sf(edge - 1, sizes, truth) >= power) & (edge <= sizes)
    enough = np.flatnonzero(able)
    return (int(sizes[enough[0]]), int(edge[enough[0]])) if enough.size else None
