"""What the party that audits thinks of the findings. The only stage that judges; it never changes a finding.

Clauses are read in order and the first that matches decides. A waiver softens a decision for a reason, by a person, up
to a day; one that no longer applies or never did is reported rather than forgotten.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from datetime import date
from fnmatch import fnmatchcase

from auditor.domain.model import Verdict
from auditor.domain.reference import Confidence, Occurrence, Role, Usage
from auditor.domain.report import Decision, Finding, IdleWaiver, Outcome, Report, WaiverState


@dataclass(frozen=True, slots=True)
class Match:
    """What a clause speaks of. An empty condition holds for everything; all conditions must hold, at one place.

    `counted` stands for the verdicts that the jurisdiction of the report counts, in addition to `verdicts`; patterns are
    globs, case ignored; a product is matched by name or path.
    """

    jurisdiction: str = ""
    verdicts: tuple[Verdict, ...] = ()
    counted: bool = False
    usage: tuple[Usage, ...] = ()
    roles: tuple[Role, ...] = ()
    modality: tuple[str, ...] = ()
    min_confidence: Confidence = Confidence.LOW
    model: tuple[str, ...] = ()
    license: tuple[str, ...] = ()
    product: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Clause:
    id: str
    match: Match
    outcome: Outcome  # allow, warn or deny
    message: str = ""


@dataclass(frozen=True, slots=True)
class Waiver:
    """Applies where all places that a decision rests on lie inside `paths` and `product` (globs; empty for all)."""

    model: tuple[str, ...]
    reason: str
    approved_by: str
    expires: date  # the last day on which it applies
    paths: tuple[str, ...] = ()
    product: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Policy:
    """`unknown` decides for a model that runs, whose origin is not known, and of which no clause speaks."""

    clauses: tuple[Clause, ...] = ()
    unknown: Outcome = Outcome.ALLOW
    waivers: tuple[Waiver, ...] = ()


SHIPPED = Policy((Clause("counted-weights-in-use", Match(counted=True, usage=(Usage.RUNS,)), Outcome.WARN),))


def decide(report: Report, policy: Policy, *, today: date) -> tuple[Decision, ...]:
    """What the policy says of each finding that it speaks of. *Shape*: in the order of the findings, at most one each."""
    return tuple(decision for decision, _ in _decided(report, policy, today))


def idle_waivers(report: Report, policy: Policy, *, today: date) -> tuple[IdleWaiver, ...]:
    """The waivers that have expired, and those that nothing needed. *Shape*: in the order of the policy."""
    used = {waiver for _, waiver in _decided(report, policy, today) if waiver}
    return tuple(
        IdleWaiver(
            ", ".join(waiver.model),
            waiver.reason,
            waiver.approved_by,
            waiver.expires.isoformat(),
            WaiverState.EXPIRED if waiver.expires < today else WaiverState.UNUSED,
        )
        for waiver in policy.waivers
        if waiver not in used
    )


def _decided(report: Report, policy: Policy, today: date) -> Iterator[tuple[Decision, Waiver | None]]:
    products = {product.path: product.name for product in report.products}
    live = tuple(waiver for waiver in policy.waivers if waiver.expires >= today)
    for finding in report.findings:
        for clause in (*policy.clauses, *_unknown_clause(policy)):
            places = _places(clause.match, finding, report, products)
            if places:
                yield _decision(finding, clause, places, live, products)
                break


def _unknown_clause(policy: Policy) -> tuple[Clause, ...]:
    if policy.unknown is Outcome.ALLOW:
        return ()
    return (Clause("unknown-origin", Match(verdicts=(Verdict.UNKNOWN,), usage=(Usage.RUNS,)), policy.unknown),)


def _places(match: Match, finding: Finding, report: Report, products: dict[str, str]) -> tuple[Occurrence, ...]:
    """The occurrences at which every condition holds; empty when the clause does not speak of this finding."""
    verdict = finding.judgement.verdict
    wanted = {*match.verdicts, *(report.jurisdiction.counted if match.counted else ())}
    if match.jurisdiction and match.jurisdiction != report.jurisdiction.id:
        return ()
    if (match.verdicts or match.counted) and verdict not in wanted:
        return ()
    if not (
        _any(match.modality, finding.modality)
        and _any(match.license, finding.license)
        and _any(match.model, finding.id, finding.hub_id or "")
    ):
        return ()
    return tuple(
        place
        for place in finding.occurrences
        if (not match.usage or place.usage in match.usage)
        and (not match.roles or place.role in match.roles)
        and min(place.confidence, finding.judgement.confidence) >= match.min_confidence
        and _any(match.product, place.product, products.get(place.product, ""))
    )


def _decision(
    finding: Finding,
    clause: Clause,
    places: Collection[Occurrence],
    waivers: tuple[Waiver, ...],
    products: dict[str, str],
) -> tuple[Decision, Waiver | None]:
    message = clause.message or finding.judgement.why
    decision = Decision(finding.id, clause.outcome, clause.id, None, message)
    if clause.outcome is Outcome.ALLOW:
        return decision, None
    for waiver in waivers:
        if _waives(waiver, finding, places, products):
            told = f"{waiver.reason} (approved by {waiver.approved_by}, until {waiver.expires.isoformat()})"
            return replace(decision, outcome=Outcome.WAIVED, waiver=told), waiver
    return decision, None


def _waives(waiver: Waiver, finding: Finding, places: Collection[Occurrence], products: dict[str, str]) -> bool:
    return _any(waiver.model, finding.id, finding.hub_id or "") and all(
        _any(waiver.paths, place.path) and _any(waiver.product, place.product, products.get(place.product, ""))
        for place in places
    )


def _any(globs: tuple[str, ...], *texts: str) -> bool:
    """Whether a glob matches one of the texts; no globs match everything."""
    return not globs or any(fnmatchcase(text.lower(), glob.lower()) for glob in globs for text in texts)
