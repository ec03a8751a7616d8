"""What a change adds: the report after it, less what was there before."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import ExitStack
from dataclasses import replace
from datetime import date

from auditor.audit import Auditor, Progress, few_collections, hub, knowledge
from auditor.collect import opened
from auditor.config import Options
from auditor.domain.reference import Occurrence
from auditor.domain.report import Finding, Report
from auditor.domain.source import Part, Target
from auditor.policy import Known, Policy, found, is_known
from auditor.products import products_of


def addition(
    target: Target,
    since: str,
    options: Options,
    policy: Policy,
    *,
    today: date,
    progress: Progress | None = None,
) -> Report:
    """The report on what a target has and the revision `since` has not, without decisions.

    A model is there already where the same product used it at least as much, and no waiver had to let it pass. Roles
    are those of the whole target: a name in a changed file may be read in another. What is staged must be looked at
    fast, so there all else is read only where a changed file names a model. *Raises*: as `audit`.
    """
    tell = progress or (lambda stage, done, total: None)
    with ExitStack() as stack:
        stack.enter_context(few_collections())
        rulebook, snapshot = stack.enter_context(knowledge(options))
        auditor = Auditor(rulebook, snapshot, options, {}, stack.enter_context(hub(options)))

        def report(of: Target, changed_since: str = "") -> Report:
            with opened(of, since=changed_since) as collection:
                return auditor.report(collection, tell)

        if target.staged:
            changed = report(target, since)
            if not changed.findings or changed.provenance.commit is None:
                return changed
        after = report(target)
        if not after.findings:
            return after
        before = report(Target(target.location, since, part=target.part))
        return less(after, before, found(before, policy, today=today))


def less(report: Report, before: Report, known: Known) -> Report:
    """A report without what is known or stood in the same file before; products are judged by what is left."""
    stood = {_standing(finding, place) for finding in before.findings for place in finding.occurrences}
    findings = tuple(_fresh(report, stood, known))
    parts = [Part(product.name, product.path) for product in report.products]
    return replace(report, findings=findings, products=products_of(parts, findings, report.jurisdiction))


def _fresh(report: Report, stood: Collection[tuple[str, ...]], known: Known) -> Iterator[Finding]:
    for finding in report.findings:
        places = tuple(
            place
            for place in finding.occurrences
            if not is_known(finding.id, place, known) and _standing(finding, place) not in stood
        )
        if places:
            yield replace(finding, occurrences=places)


def _standing(finding: Finding, place: Occurrence) -> tuple[str, ...]:
    return finding.id, place.usage, place.product, place.path
