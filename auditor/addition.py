"""What a change adds: the report after it, less what was there before."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from auditor.audit import Memo, Progress, audit
from auditor.config import Options
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
    if target.staged:
        changed = audit(target, replace(options, since=since), progress=progress)
        if not changed.findings or changed.provenance.commit is None:
            return changed
    memo: Memo = {}
    after = audit(target, options, progress=progress, memo=memo)
    if not after.findings:
        return after
    before = audit(Target(target.location, since), options, progress=progress, memo=memo)
    return less(after, found(before, policy, today=today))


def less(report: Report, known: Known) -> Report:
    """A report without what is known: its places, then models without places; products are judged by what is left."""
    findings = tuple(_unknown(report, known))
    parts = [Part(product.name, product.path) for product in report.products]
    return replace(report, findings=findings, products=products_of(parts, findings, report.jurisdiction))


def _unknown(report: Report, known: Known) -> Iterator[Finding]:
    for finding in report.findings:
        places = tuple(place for place in finding.occurrences if not is_known(finding.id, place, known))
        if places:
            yield replace(finding, occurrences=places)
