"""What a reader should see first, the same in every format that people read."""

from __future__ import annotations

from collections.abc import Iterable

from auditor.domain.model import Verdict
from auditor.domain.report import Decision, Finding, Jurisdiction, Outcome, Product, ProductVerdict

_SEVERITY = [Outcome.DENY, Outcome.WARN, Outcome.WAIVED, Outcome.ALLOW]


def by_relevance(findings: Iterable[Finding], jurisdiction: Jurisdiction) -> list[Finding]:
    """What the question is about first: counted, then unknown, then taught, then the rest; surest first."""

    def key(finding: Finding) -> tuple[int, int, str]:
        verdict = finding.judgement.verdict
        order = [verdict in jurisdiction.counted, verdict is Verdict.UNKNOWN, verdict is Verdict.TEACHER, True]
        return order.index(True), -finding.judgement.confidence, finding.id

    return sorted(findings, key=key)


def by_verdict(products: Iterable[Product]) -> list[Product]:
    """The products whose verdict matters most first, then by path."""
    verdicts = list(ProductVerdict)
    return sorted(products, key=lambda product: (verdicts.index(product.verdict), product.path))


def by_severity(decisions: Iterable[Decision]) -> list[Decision]:
    """What is denied first, what is allowed last; each clause's decisions beside each other."""
    return sorted(decisions, key=lambda d: (_SEVERITY.index(d.outcome), d.clause, d.model))
