"""Claims x companies -> readings: numbers with everything that they depend on, and a conclusion only where it holds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import product

from auditor.domain.claim import Axes, ClaimRule, Conclusion, Estimate, Group, Meaning, ReadingRule, Tally
from auditor.domain.portfolio import Claimed, Frame, Member, Reading, Sample, Standing, Variant
from auditor.domain.report import Jurisdiction
from auditor.portfolio import stats
from auditor.portfolio.claims import USAGE, Claims
from auditor.portfolio.conclude import conclusion, limit, p_value, sampled
from auditor.portfolio.standing import Company, Question, companies, standing, tally

_FEW = 30  # members of a denominator, under which a claim is at most "consistent with" what was found


@dataclass(frozen=True, slots=True)
class _Asked:
    sample: Sample
    companies: tuple[Company, ...]
    jurisdictions: Mapping[str, Jurisdiction]
    claims: Claims

    @property
    def frame(self) -> Frame:
        return self.sample.frame

    def question(self, rule: ReadingRule, axes: Axes) -> Question:
        own = self.sample.jurisdiction
        wanted = own if rule.jurisdiction in ("", own.id) else self.jurisdictions[rule.jurisdiction]
        return Question(wanted, own, axes, self.claims)

    def tally(self, rule: ReadingRule, axes: Axes) -> Tally:
        return tally(self.companies, rule.count, rule.of, self.question(rule, axes))


def tested(sample: Sample, claims: Claims, jurisdictions: Mapping[str, Jurisdiction]) -> tuple[Claimed, ...]:
    """Each claim with its readings, in the order of their file."""
    asked = _Asked(sample, companies(sample.products), jurisdictions, claims)
    return tuple(_claimed(rule, asked) for rule in claims.rules)


def _claimed(rule: ClaimRule, asked: _Asked) -> Claimed:
    return Claimed(rule, tuple(_reading(one, asked) for one in rule.readings))


def _reading(rule: ReadingRule, asked: _Asked) -> Reading:
    found = asked.tally(rule, rule.axes)
    k, n = found.numerator, found.denominator
    share = k / n if n else None
    size = _population(rule, asked, n)
    others = tuple(_others(rule, asked, found, size)) if n else ()
    corrected = next((one for one in others if one.method.startswith("rogan-gladen")), None)
    decided = conclusion(found, rule.threshold, size, corrected)
    by_chance = share is not None and sampled(n, size)
    needed = stats.needed(share, limit(share, rule.threshold)) if by_chance and share is not None else None
    return Reading(
        rule=rule,
        tally=found,
        share=share,
        interval=_interval(k, n, size) if n else None,
        bounds=stats.manski(found),
        p_value=p_value(found, rule.threshold, size),
        conclusion=decided,
        needed=needed[0] if needed else None,
        others=others,
        variants=tuple(_variants(rule, asked)),
        notes=tuple(_notes(rule, asked, found, size, decided)),
        by_tag=tuple(_by_tag(rule, asked)),
        members=tuple(_members(rule, asked)),
    )


def _population(rule: ReadingRule, asked: _Asked, n: int) -> int:
    """How many the denominator has in the whole: known for all companies, in proportion for a part of them; 0 unknown."""
    whole, audited = asked.frame.population, len(asked.companies)
    if not whole:
        return 0
    if audited >= whole:
        return max(n, 1)
    return whole if rule.of is Group.AUDITED else max(n, round(whole * n / audited)) if audited else 0


def _interval(k: int, n: int, size: int) -> Estimate:
    if sampled(n, size):
        worth = stats.effective(n, population=size)
        low, high = stats.wilson(k / n * worth, worth)
        return Estimate("share", k / n, low, high, n, "wilson, finite population" if size else "wilson", stats.LEVEL)
    return Estimate("share", k / n, k / n, k / n, n, "all were audited", 1.0)


def _others(rule: ReadingRule, asked: _Asked, found: Tally, size: int) -> list[Estimate]:
    """The same share by other methods, each for another doubt."""
    k, n = found.numerator, found.denominator
    given = [Estimate("share", k / n, *stats.clopper_pearson(k, n), n, "clopper-pearson")]
    mean, low, high = stats.credible(k, n)
    given.append(Estimate("share", mean, low, high, n, f"posterior, {stats.PRIOR_NAME}"))
    held = stats.posterior(k, n, rule.threshold)
    given.append(Estimate("probability of the claim", held, held, held, n, f"posterior, {stats.PRIOR_NAME}", 0.0))
    if asked.frame.detector:
        given.append(stats.rogan_gladen(k, n, asked.frame.detector))
    if asked.frame.strata:
        weighted = _weighted(rule, asked)
        given += [weighted] if weighted else []
    clustered = _by_product(rule, asked)
    return [*given, clustered] if clustered else given


def _weighted(rule: ReadingRule, asked: _Asked) -> Estimate | None:
    """The share as in the whole, where some kinds of company were sampled more than others."""
    strata = []
    for tag, size in asked.frame.strata:
        held = [company for company in asked.companies if tag in company.tags]
        found = tally(held, rule.count, rule.of, asked.question(rule, rule.axes))
        strata.append((found.numerator, found.denominator, size))
    return stats.stratified(strata)


def _by_product(rule: ReadingRule, asked: _Asked) -> Estimate | None:
    """The share of products, whose companies are clusters; None where every company has one."""
    question = asked.question(rule, rule.axes)
    clusters = []
    for company in asked.companies:
        found = tally([one for each in company.products for one in companies([each])], rule.count, rule.of, question)
        if found.denominator:
            clusters.append((found.numerator, found.denominator))
    n = sum(size for _, size in clusters)
    if n <= len(clusters) or not n:
        return None
    k, worth = sum(counted for counted, _ in clusters), n / stats.design_effect(clusters)
    low, high = stats.wilson(k / n * worth, worth)
    return Estimate("share of products", k / n, low, high, worth, "wilson, companies as clusters", stats.LEVEL)


def _variants(rule: ReadingRule, asked: _Asked) -> list[Variant]:
    """Every other choice of usage, meaning and modalities."""
    every = (Axes(*choice) for choice in product(USAGE.values(), Meaning, (False, True)))
    return [_variant(rule, axes, asked) for axes in every if axes != rule.axes]


def _variant(rule: ReadingRule, axes: Axes, asked: _Asked) -> Variant:
    found = asked.tally(rule, axes)
    k, n = found.numerator, found.denominator
    size = _population(rule, asked, n)
    detector = asked.frame.detector
    corrected = stats.rogan_gladen(k, n, detector) if detector and n else None
    return Variant(
        axes,
        found,
        k / n if n else None,
        _interval(k, n, size) if n else None,
        conclusion(found, rule.threshold, size, corrected),
    )


def _by_tag(rule: ReadingRule, asked: _Asked) -> list[tuple[str, Tally, Estimate]]:
    tags = sorted({tag for company in asked.companies for tag in company.tags})
    parts = []
    for tag in tags:
        held = [company for company in asked.companies if tag in company.tags]
        found = tally(held, rule.count, rule.of, asked.question(rule, rule.axes))
        if found.denominator:
            parts.append((tag, found, _interval(found.numerator, found.denominator, 0)))
    return parts


def _members(rule: ReadingRule, asked: _Asked) -> list[Member]:
    question = asked.question(rule, rule.axes)
    members = []
    for company in asked.companies:
        inside = standing(company, rule.of, question)
        if inside is not Standing.NOT:
            held = standing(company, rule.count, question)
            members.append(Member(company.name, held if inside is Standing.COUNTED else Standing.UNKNOWN))
    return members


def _notes(rule: ReadingRule, asked: _Asked, found: Tally, size: int, decided: Conclusion) -> list[str]:
    notes = [rule.note] if rule.note else []
    n = found.denominator
    if not n:
        return [*notes, "no company here is one that this reading is about"]
    if not sampled(n, size):
        notes.append(
            "every company of the portfolio was audited: nothing is left to chance, only to what a scan can see"
        )
    elif n < _FEW and decided is Conclusion.SUPPORTED:
        notes.append(f"{n} companies are few: read 'supported' as 'consistent with'")
    if size and rule.of is not Group.AUDITED and sampled(n, size):
        notes.append("how many of the whole this reading is about is taken in proportion to those audited")
    return notes
