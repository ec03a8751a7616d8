"""A report as the JSON of CONTRACT: complete, sorted, and the same bytes for the same findings.

Output is pure ASCII, so no text of the audited repository can act on a terminal that shows it.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Sequence

from auditor.domain.reference import Occurrence, Usage
from auditor.domain.report import (
    Decision,
    Explained,
    Finding,
    Jurisdiction,
    Product,
    Provenance,
    Report,
    Stack,
)
from auditor.domain.source import Gap
from auditor.render.json_model import UNKNOWN, Json, model, purl, unheard_of

SCHEMA_VERSION = "1"

__all__ = ["SCHEMA_VERSION", "UNKNOWN", "Json", "purl", "render", "render_explained"]


def render(report: Report) -> str:
    """The report as one JSON document, indented, ending in a line break."""
    bases = report.jurisdiction.bases
    document: Json = {
        "schema_version": SCHEMA_VERSION,
        "tool": _tool(report.provenance),
        "target": _target(report.provenance),
        "jurisdiction": _jurisdiction(report.jurisdiction),
        "products": [_product(product) for product in sorted(report.products, key=lambda p: (p.path, p.name))],
        "models": [_used_model(finding, bases) for finding in sorted(report.findings, key=lambda f: f.id)],
        "decisions": [_decision(d) for d in sorted(report.decisions, key=lambda d: (d.model, d.clause, d.outcome))],
        "waivers": [
            {
                "model": waiver.model,
                "reason": waiver.reason,
                "approved_by": waiver.approved_by,
                "expires": waiver.expires,
                "state": waiver.state.value,
            }
            for waiver in sorted(report.waivers, key=lambda w: (w.model, w.expires, w.reason))
        ],
        "stacks": [_stack(stack) for stack in sorted(report.stacks, key=lambda s: s.id)],
        "gaps": [_gap(gap) for gap in sorted(report.gaps)],
        "summary": _summary(report),
    }
    return json.dumps(document, indent=2) + "\n"


def render_explained(explained: Iterable[Explained], *, bases: Sequence[str]) -> str:
    """One JSON object a line, in the order asked. A name that nothing knows has the verdict unknown."""
    return "".join(
        json.dumps(
            {
                "query": one.query,
                "model": model(one.finding, bases) if one.finding else unheard_of(one.query),
                "candidates": sorted(one.candidates),
            }
        )
        + "\n"
        for one in explained
    )


def _tool(provenance: Provenance) -> Json:
    snapshot = provenance.snapshot
    return {
        "name": "auditor",
        "version": provenance.version,
        "rules": provenance.rules,
        "snapshot": {"id": snapshot.id, "built": snapshot.built, "models": snapshot.models, "edges": snapshot.edges},
        "online": provenance.online,
    }


def _target(provenance: Provenance) -> Json:
    return {
        "kind": provenance.kind.value,
        "location": provenance.location,
        "repository": provenance.repository,
        "commit": provenance.commit,
        "files_seen": provenance.files_seen,
        "files_read": provenance.files_read,
        "bytes_read": provenance.bytes_read,
    }


def _jurisdiction(jurisdiction: Jurisdiction) -> Json:
    return {
        "id": jurisdiction.id,
        "name": jurisdiction.name,
        "countries": sorted(jurisdiction.countries),
        "outside": jurisdiction.outside,
        "bases": sorted(jurisdiction.bases),
        "counted": [verdict.value for verdict in jurisdiction.counted],
    }


def _product(product: Product) -> Json:
    return {
        "name": product.name,
        "path": product.path,
        "verdict": product.verdict.value,
        "why": product.why,
        "runs": sorted(product.runs),
        "selectable": sorted(product.selectable),
        "trains": sorted(product.trains),
        "mentions": sorted(product.mentions),
    }


def _used_model(finding: Finding, bases: Sequence[str]) -> Json:
    described = model(finding, bases)
    described["usage"] = finding.usage.value
    places = sorted(finding.occurrences, key=lambda o: (o.path, o.span, o.rule, o.as_written))
    described["occurrences"] = [_occurrence(place) for place in places]
    return described


def _occurrence(occurrence: Occurrence) -> Json:
    span = occurrence.span
    return {
        "path": occurrence.path,
        "line": span.line,
        "column": span.column,
        "end_line": span.end_line,
        "end_column": span.end_column,
        "text": _text(occurrence),
        "as_written": occurrence.as_written,
        "product": occurrence.product,
        "role": occurrence.role.value,
        "usage": occurrence.usage.value,
        "rule": occurrence.rule,
        "confidence": occurrence.confidence.label,
        "why": occurrence.why,
        "served_by": occurrence.served_by or None,
    }


def _text(occurrence: Occurrence) -> str:
    """What stands at the span: the reference where the span covers just that, else the whole value."""
    span, name = occurrence.span, occurrence.reference.name
    covers_name = span.line == span.end_line and span.end_column - span.column == len(name)
    return name if covers_name and name in occurrence.as_written else occurrence.as_written


def _decision(decision: Decision) -> Json:
    return {
        "model": decision.model,
        "outcome": decision.outcome.value,
        "clause": decision.clause,
        "waiver": decision.waiver,
        "message": decision.message,
        "known": decision.known,
    }


def _stack(stack: Stack) -> Json:
    return {
        "id": stack.id,
        "name": stack.name,
        "vendor": stack.vendor,
        "countries": sorted(stack.countries),
        "places": [{"path": path, "line": line} for path, line in sorted(stack.places)],
    }


def _gap(gap: Gap) -> Json:
    return {"stage": gap.stage, "path": gap.path, "code": gap.code, "message": gap.message}


def _summary(report: Report) -> Json:
    usage = Counter(finding.usage for finding in report.findings)
    countries: Counter[str] = Counter()
    for finding in report.findings:
        countries.update(set(finding.judgement.root_countries) or {UNKNOWN})
    modality = Counter(finding.modality or UNKNOWN for finding in report.findings)
    return {
        "verdict": report.verdict.value,
        "models": len(report.findings),
        **{kind.value: usage[kind] for kind in Usage},
        "by_country": dict(sorted(countries.items())),
        "by_modality": dict(sorted(modality.items())),
    }
