"""The verdict on each product of a target: from what it runs, offers and mentions to one sentence."""

from __future__ import annotations

from collections.abc import Sequence

from auditor.domain.model import Verdict
from auditor.domain.reference import Occurrence, Usage
from auditor.domain.report import Finding, Jurisdiction, Product, ProductVerdict
from auditor.domain.source import Part


def products_of(parts: Sequence[Part], findings: Sequence[Finding], jurisdiction: Jurisdiction) -> tuple[Product, ...]:
    """One product for each part, in the order of the parts."""
    return tuple(_product(part, findings, jurisdiction) for part in parts)


def _product(part: Part, findings: Sequence[Finding], jurisdiction: Jurisdiction) -> Product:
    used: dict[Usage, list[tuple[Finding, Occurrence]]] = {usage: [] for usage in Usage}
    for finding in findings:
        places = [o for o in finding.occurrences if o.product == part.path]
        if places:
            strongest = min(places, key=lambda o: (o.usage.rank, -o.confidence, o.path, o.span))
            used[strongest.usage].append((finding, strongest))
    counted = set(jurisdiction.counted)
    run, offered = ([p for p in used[u] if p[0].judgement.verdict in counted] for u in (Usage.RUNS, Usage.SELECTABLE))
    unknown = [p for p in used[Usage.RUNS] if p[0].judgement.verdict is Verdict.UNKNOWN]
    if run:
        verdict, why = ProductVerdict.YES, _sentence(run, "runs")
    elif offered:
        verdict, why = ProductVerdict.SELECTABLE, _sentence(offered, "offers")
    elif unknown:
        verdict, why = ProductVerdict.UNKNOWN, _sentence(unknown, "runs") + "; its origin is not known"
    elif used[Usage.RUNS]:
        verdict, why = ProductVerdict.NO, _sentence(used[Usage.RUNS], "runs")
    else:
        verdict, why = ProductVerdict.NO, "no model that it runs was found"
    ids = {usage: tuple(sorted(finding.id for finding, _ in used[usage])) for usage in Usage}
    return Product(
        part.name,
        part.path,
        verdict,
        why,
        ids[Usage.RUNS],
        ids[Usage.SELECTABLE],
        ids[Usage.MENTIONS],
        ids[Usage.TRAINS],
    )


def _sentence(places: Sequence[tuple[Finding, Occurrence]], verb: str) -> str:
    """The surest of the models with its place, and how many more there are."""
    finding, place = min(places, key=lambda p: (-min(p[0].judgement.confidence, p[1].confidence), p[0].id))
    more = f", and {len(places) - 1} more" if len(places) > 1 else ""
    return f"{verb} {finding.id} ({place.path}:{place.span.line}): {place.why}{more}"
