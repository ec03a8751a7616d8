"""Where a company stands: in a group, not in it, or not known. What could not be established is never counted as a no."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import assert_never

from auditor.domain.claim import Axes, Group, Level, Meaning, Tally
from auditor.domain.model import Verdict, Weights
from auditor.domain.portfolio import Audited, ModelFacts, Standing
from auditor.domain.report import Jurisdiction
from auditor.portfolio.claims import Claims

YES, NO, UNKNOWN = Standing.COUNTED, Standing.NOT, Standing.UNKNOWN


@dataclass(frozen=True, slots=True)
class Company:
    """A company with its products. *Shape*: `failed` of them could not be audited; models by their strongest use."""

    name: str
    products: tuple[Audited, ...]
    failed: int
    models: tuple[tuple[ModelFacts, Level], ...]
    tags: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Question:
    """Whose weights are asked for, by which of the choices. `audited_for` is what the reports' verdicts are about."""

    jurisdiction: Jurisdiction
    audited_for: Jurisdiction
    axes: Axes
    claims: Claims


def companies(products: Iterable[Audited]) -> tuple[Company, ...]:
    """The companies of the products, in the order of their first."""
    grouped: dict[str, list[Audited]] = {}
    for one in products:
        grouped.setdefault(one.holding.company, []).append(one)
    return tuple(_company(name, tuple(held)) for name, held in grouped.items())


def standing(company: Company, group: Group, question: Question) -> Standing:
    """Whether a company belongs to a group."""
    if len(company.products) == company.failed:
        return UNKNOWN
    open_to_more = UNKNOWN if company.failed else NO  # what could not be audited may use anything
    models = _used(company, question)
    match group:
        case Group.AUDITED:
            return YES
        case Group.AI_USERS:
            return YES if models else open_to_more
        case Group.OPEN_WEIGHT_USERS:
            return _any((_open(model) for model in models), open_to_more)
        case Group.GENERATIVE_USERS:
            return _any((_generative(model, question.claims) for model in models), open_to_more)
        case Group.ORIGIN:
            return _any((_both(_open(model), counted(model, question)) for model in models), open_to_more)
        case Group.ORIGIN_ANY:
            return _any((counted(model, question) for model in models), open_to_more)
        case Group.PRIMARY_ORIGIN:
            return _all([counted(m, question) for m in models if _generative(m, question.claims) is YES], open_to_more)
        case _:
            assert_never(group)


def tally(companies: Sequence[Company], count: Group, of: Group, question: Question) -> Tally:
    """How many of a group are counted, and what is not known about how many."""
    k = n = unsure = outside = possible = 0
    for company in companies:
        inside, held = standing(company, of, question), standing(company, count, question)
        if inside is YES:
            n += 1
            k += held is YES
            unsure += held is UNKNOWN
        elif inside is UNKNOWN:
            outside += 1
            possible += held is not NO
    return Tally(k, n, unsure, outside, possible)


def counted(model: ModelFacts, question: Question) -> Standing:
    """Whether a model's weights are the jurisdiction's in the meaning asked."""
    asked = question.jurisdiction
    if question.axes.meaning is Meaning.PUBLISHER:
        return _held(model.publisher_countries, asked) or (NO if model.publisher_countries else UNKNOWN)
    verdict = model.verdict if asked.id == question.audited_for.id else verdict_for(model, asked)
    if verdict is Verdict.UNKNOWN:
        return UNKNOWN
    wanted = (Verdict.ROOT,) if question.axes.meaning is Meaning.STRICT else asked.counted
    return YES if verdict in wanted else NO


def verdict_for(model: ModelFacts, asked: Jurisdiction) -> Verdict:
    """The verdict for another jurisdiction than the audit's, by the countries that the report gives.

    A teacher is not told apart there; where anything is missing it is unknown.
    """
    if _held(model.root_countries, asked):
        return Verdict.ROOT
    if _held(model.derived_countries, asked):
        return Verdict.DERIVED
    if _held(model.component_countries, asked):
        return Verdict.COMPONENT
    known = model.complete and bool(model.roots) and all(root.countries for root in model.roots)
    return Verdict.NO if known and model.verdict is not Verdict.UNKNOWN else Verdict.UNKNOWN


def _company(name: str, products: tuple[Audited, ...]) -> Company:
    order = list(Level)
    strongest: dict[ModelFacts, Level] = {}
    for product in products:
        for use in product.uses:
            held = strongest.get(use.model)
            if held is None or order.index(use.level) < order.index(held):
                strongest[use.model] = use.level
    tags = sorted({tag for product in products for tag in product.holding.tags})
    failed = sum(bool(product.error) for product in products)
    return Company(name, products, failed, tuple(sorted(strongest.items(), key=lambda pair: pair[0].id)), tuple(tags))


def _used(company: Company, question: Question) -> list[ModelFacts]:
    order = list(Level)
    weakest = order.index(question.axes.usage)
    left_out = question.claims.narrow if question.axes.narrow else frozenset()
    return [m for m, level in company.models if order.index(level) <= weakest and m.modality not in left_out]


def _open(model: ModelFacts) -> Standing:
    match model.weights:
        case Weights.OPEN:
            return YES
        case Weights.CLOSED:
            return NO
        case Weights.UNKNOWN:
            return UNKNOWN
        case _:
            assert_never(model.weights)


def _generative(model: ModelFacts, claims: Claims) -> Standing:
    if not model.modality:
        return UNKNOWN
    return YES if model.modality in claims.generative else NO


def _held(countries: Iterable[str], asked: Jurisdiction) -> Standing | None:
    return YES if any(asked.holds(country) for country in countries) else None


def _both(one: Standing, other: Standing) -> Standing:
    if NO in (one, other):
        return NO
    return YES if one is other is YES else UNKNOWN


def _any(standings: Iterable[Standing], otherwise: Standing) -> Standing:
    found = set(standings)
    return YES if YES in found else UNKNOWN if UNKNOWN in found else otherwise


def _all(standings: Sequence[Standing], otherwise: Standing) -> Standing:
    """Of the main one among several: sure only where they all agree."""
    found = set(standings)
    if not found:
        return otherwise
    if otherwise is UNKNOWN or len(found) > 1:
        return UNKNOWN
    return found.pop()
