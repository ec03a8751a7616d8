"""What the party that audits thinks of the findings. The only stage that judges; it never changes a finding.

At each place of a model the first clause that matches decides, and of its places the strictest decision is that of the
model: to allow it in one product does not allow it in another. A waiver softens a decision for a reason, by a person,
up to a day; one that no longer applies or never did is reported rather than forgotten. What a baseline knows warns.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from fnmatch import fnmatchcase

from auditor.domain.model import Verdict
from auditor.domain.reference import Confidence, Occurrence, Role, Usage
from auditor.domain.report import Decision, Finding, IdleWaiver, Judgement, Jurisdiction, Outcome, Report, WaiverState
from auditor.errors import AuditError

Known = Collection[tuple[str, Usage, str]]  # model, usage, path of the product


@dataclass(frozen=True, slots=True)
class Match:
    """What a clause speaks of. An empty condition holds for everything; all conditions must hold, at one place.

    `verdicts` are those for `jurisdiction`, "" for the one that the report asks of; `counted` stands for the verdicts
    that it counts. `countries` holds when a maker with a share in the weights (root, derived or component) is in one of
    them, `not_countries` when one is in none of them: two capital letters, or the id of a jurisdiction. Patterns are
    globs, case ignored; a product is matched by name or path, an operator by the id of the provider that serves.
    """

    jurisdiction: str = ""
    verdicts: tuple[Verdict, ...] = ()
    counted: bool = False
    countries: tuple[str, ...] = ()
    not_countries: tuple[str, ...] = ()
    usage: tuple[Usage, ...] = ()
    roles: tuple[Role, ...] = ()
    modality: tuple[str, ...] = ()
    min_confidence: Confidence = Confidence.LOW
    model: tuple[str, ...] = ()
    license: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()
    operator: tuple[str, ...] = ()
    product: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Clause:
    id: str
    match: Match
    outcome: Outcome  # allow, warn or deny
    message: str = ""


@dataclass(frozen=True, slots=True)
class Waiver:
    """Applies at the places inside `paths` and `product` (globs; empty for all)."""

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
    file: str = field(default="", compare=False)  # the name of the file that says so

    @property
    def jurisdictions(self) -> tuple[str, ...]:
        """The jurisdictions that a report must be judged for besides its own. *Shape*: sorted, unique."""
        asked = {clause.match.jurisdiction for clause in self.clauses}
        named = {name for c in self.clauses for name in (*c.match.countries, *c.match.not_countries)}
        return tuple(sorted((asked | {name for name in named if not is_country(name)}) - {""}))


SHIPPED = Policy((Clause("counted-weights-in-use", Match(counted=True, usage=(Usage.RUNS,)), Outcome.WARN),))
_STRICTEST = (Outcome.DENY, Outcome.WARN, Outcome.WAIVED, Outcome.ALLOW)


def is_country(name: str) -> bool:
    """Whether a name has the form of ISO 3166-1 alpha-2; ids of jurisdictions are written in small letters."""
    return len(name) == 2 and name.isascii() and name.isalpha() and name.isupper()


def decide(report: Report, policy: Policy, *, today: date, known: Known = ()) -> tuple[Decision, ...]:
    """What the policy says of each finding that it speaks of. *Shape*: in the order of the findings, at most one each.

    What is `known`, in the same product and used at least as much, is not denied again: it warns. *Raises*: AuditError
    when the report was not judged for a jurisdiction that a clause asks of.
    """
    return tuple(decision for decision, _ in _decided(report, policy, today, known))


def idle_waivers(report: Report, policy: Policy, *, today: date) -> tuple[IdleWaiver, ...]:
    """The waivers that have expired, and those that nothing needed. *Shape*: in the order of the policy."""
    used = {waiver for _, waivers in _decided(report, policy, today, ()) for waiver in waivers}
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


def found(report: Report, policy: Policy, *, today: date) -> Known:
    """What a report found, as known to a later decision; what a waiver let pass is left out, or it would outlive it."""
    waived = {decision.model for decision, waivers in _decided(report, policy, today, ()) if waivers}
    return {
        (finding.id, place.usage, place.product)
        for finding in report.findings
        for place in finding.occurrences
        if finding.id not in waived
    }


def is_known(model: str, place: Occurrence, known: Known) -> bool:
    """Whether the same product used the model at least as much already."""
    return any((model, usage, place.product) in known for usage in Usage if usage.rank <= place.usage.rank)


def _decided(
    report: Report, policy: Policy, today: date, known: Known
) -> Iterator[tuple[Decision, Collection[Waiver]]]:
    """Each decision with the waivers that softened it, at whichever place."""
    asked = _Asked(report)
    live = tuple(waiver for waiver in policy.waivers if waiver.expires >= today)
    clauses = (*policy.clauses, *_unknown_clause(policy))
    for finding in report.findings:
        speaking = [clause for clause in clauses if asked.speaks_of(clause.match, finding)]
        made: list[Decision] = []
        used: list[Waiver] = []
        for place in finding.occurrences:
            clause = next((clause for clause in speaking if asked.holds_at(clause.match, finding, place)), None)
            if clause is None:
                continue
            message = clause.message or asked.judgement(clause.match, finding).why
            decision = Decision(finding.id, clause.outcome, clause.id, None, message)
            waiver = next((one for one in live if asked.waives(one, finding, place)), None)
            if clause.outcome is not Outcome.ALLOW and waiver is not None:
                used.append(waiver)
                told = f"{waiver.reason} (approved by {waiver.approved_by}, until {waiver.expires.isoformat()})"
                decision = replace(decision, outcome=Outcome.WAIVED, waiver=told)
            elif clause.outcome is Outcome.DENY and is_known(finding.id, place, known):
                decision = replace(decision, outcome=Outcome.WARN, known=True)
            made.append(decision)
        if made:
            yield min(made, key=lambda decision: _STRICTEST.index(decision.outcome)), used


def _unknown_clause(policy: Policy) -> tuple[Clause, ...]:
    if policy.unknown is Outcome.ALLOW:
        return ()
    return (Clause("unknown-origin", Match(verdicts=(Verdict.UNKNOWN,), usage=(Usage.RUNS,)), policy.unknown),)


class _Asked:
    """A clause's questions to one report."""

    def __init__(self, report: Report) -> None:
        self._products = {product.path: product.name for product in report.products}
        self._own = report.jurisdiction
        self._jurisdictions = {one.jurisdiction.id: one.jurisdiction for one in report.elsewhere}
        self._jurisdictions[self._own.id] = self._own
        self._elsewhere = {one.jurisdiction.id: one.judgements for one in report.elsewhere}

    def judgement(self, match: Match, finding: Finding) -> Judgement:
        """The judgement that a clause is about."""
        if match.jurisdiction in ("", self._own.id):
            return finding.judgement
        self._known_jurisdiction(match.jurisdiction)
        return self._elsewhere[match.jurisdiction][finding.id]

    def speaks_of(self, match: Match, finding: Finding) -> bool:
        """Whether the conditions on the model itself hold."""
        verdict = self.judgement(match, finding).verdict
        jurisdiction = self._known_jurisdiction(match.jurisdiction) if match.jurisdiction else self._own
        wanted = {*match.verdicts, *(jurisdiction.counted if match.counted else ())}
        shares = {*finding.judgement.root_countries, *finding.judgement.derived_countries}
        shares |= {*finding.judgement.component_countries}
        return (
            (not (match.verdicts or match.counted) or verdict in wanted)
            and (not match.countries or any(self._among(match.countries, country) for country in shares))
            and (not match.not_countries or any(not self._among(match.not_countries, country) for country in shares))
            and _any(match.modality, finding.modality or _UNKNOWN)
            and _any(match.license, finding.license or _UNKNOWN)
            and _any(match.model, finding.id, finding.hub_id or "")
            and (not match.flags or any(_any(match.flags, flag.id) for flag in finding.flags))
        )

    def holds_at(self, match: Match, finding: Finding, place: Occurrence) -> bool:
        """Whether the conditions on the place hold."""
        return (
            (not match.usage or place.usage in match.usage)
            and (not match.roles or place.role in match.roles)
            and min(place.confidence, self.judgement(match, finding).confidence) >= match.min_confidence
            and (not match.operator or (place.served_by != "" and _any(match.operator, place.served_by)))
            and _any(match.product, place.product, self._products.get(place.product, ""))
        )

    def waives(self, waiver: Waiver, finding: Finding, place: Occurrence) -> bool:
        """Whether a waiver covers a model at a place."""
        return (
            _any(waiver.model, finding.id, finding.hub_id or "")
            and _any(waiver.paths, place.path)
            and _any(waiver.product, place.product, self._products.get(place.product, ""))
        )

    def _among(self, names: tuple[str, ...], country: str) -> bool:
        return any(
            country == name if is_country(name) else self._known_jurisdiction(name).holds(country) for name in names
        )

    def _known_jurisdiction(self, name: str) -> Jurisdiction:
        if name not in self._jurisdictions:
            raise AuditError(f"a clause of the policy asks of {name!r}, and the report was not judged for it")
        return self._jurisdictions[name]


_UNKNOWN = "unknown"  # what a pattern finds where a licence or a modality is not known


def _any(globs: tuple[str, ...], *texts: str) -> bool:
    """Whether a glob matches one of the texts; no globs match everything."""
    return not globs or any(fnmatchcase(text.lower(), glob.lower()) for glob in globs for text in texts)
