"""A report as a table for spreadsheets: one row a place, so that a pivot by product, country, model or folder is one step.

A row `place` says of one place in one file everything that is known of the model there, so it can be filtered without
looking anything up elsewhere; a model with four places has four rows, and counting models means counting distinct `model`.
A row `gap` is something that could not be examined: a table without it would look cleaner than the repository is.

*Shape*: RFC 4180, every cell quoted, a header; begins with a byte order mark because spreadsheets need one to read UTF-8
(in Python: `encoding="utf-8-sig"`). No cell is a formula: text that would start one, here or in a spreadsheet that
separates cells by semicolons, has an apostrophe before it.
*Source*: https://www.rfc-editor.org/rfc/rfc4180, https://owasp.org/www-community/attacks/CSV_Injection
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator
from io import StringIO

from auditor.domain.reference import Occurrence
from auditor.domain.report import Decision, Finding, Report
from auditor.render import words
from auditor.render.escape import visible
from auditor.render.order import by_relevance, by_severity

COLUMNS = (
    "row",
    "target",
    "commit",
    "product",
    "usage",
    "model",
    "verdict",
    "verdict_confidence",
    "verdict_why",
    "base_models",
    "base_developers",
    "base_countries",
    "changed_in",
    "contains_from",
    "taught_from",
    "lineage",
    "lineage_complete",
    "publisher",
    "publisher_countries",
    "modality",
    "weights",
    "license",
    "flags",
    "policy",
    "policy_clause",
    "path",
    "line",
    "column",
    "as_written",
    "role",
    "why",
    "confidence",
    "served_by",
    "rule",
    "jurisdiction",
)

_BYTE_ORDER_MARK = "\ufeff"
# Also the full-width forms, which spreadsheets of East Asian locales take for the others.
_FORMULA = re.compile(r"(^|;)(\s*)(?=[=+\-@＝＋－＠])")

Row = dict[str, str | int]


def render(report: Report) -> str:
    """The report as CSV, what the question is about first; lines end in CR LF."""
    paper = StringIO()
    paper.write(_BYTE_ORDER_MARK)
    writer = csv.DictWriter(paper, COLUMNS, restval="", quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writeheader()
    for row in _rows(report):
        writer.writerow({key: harmless(value) if isinstance(value, str) else value for key, value in row.items()})
    return paper.getvalue()


def _rows(report: Report) -> Iterator[Row]:
    common: Row = {
        "target": report.provenance.location,
        "commit": report.provenance.commit or "",
        "jurisdiction": report.jurisdiction.id,
    }
    products = {product.path: product.name for product in report.products}
    decisions = {decision.model: decision for decision in reversed(by_severity(report.decisions))}
    findings = by_relevance(report.findings, report.jurisdiction)
    for finding in sorted(findings, key=lambda f: f.usage.rank):
        model = common | _model(finding, report, decisions.get(finding.id))
        for place in sorted(finding.occurrences, key=lambda o: (o.usage.rank, o.path, o.span, o.rule)):
            yield model | _place(place, products)
    for gap in sorted(report.gaps):
        yield common | {"row": "gap", "path": gap.path, "role": gap.code, "why": gap.message, "rule": gap.stage}


def _model(finding: Finding, report: Report, decision: Decision | None) -> Row:
    judged, bases = finding.judgement, report.jurisdiction.bases
    return {
        "row": "place",
        "model": finding.id,
        "verdict": judged.verdict.value,
        "verdict_confidence": judged.confidence.label,
        "verdict_why": judged.why,
        "base_models": _several(root.id for root in judged.roots),
        "base_developers": _several(root.developer for root in judged.roots),
        "base_countries": _several(judged.root_countries) or "unknown",
        "changed_in": _several(judged.derived_countries),
        "contains_from": _several(judged.component_countries),
        "taught_from": _several(judged.teacher_countries),
        "lineage": words.lineage(finding, bases),
        "lineage_complete": "yes" if finding.complete else "no",
        "publisher": finding.publisher.name if finding.publisher else "unknown",
        "publisher_countries": _several(finding.publisher.countries(bases) if finding.publisher else ()) or "unknown",
        "modality": finding.modality or "unknown",
        "weights": finding.weights.value,
        "license": finding.license,
        "flags": _several(flag.id for flag in finding.flags),
        "policy": decision.outcome.value if decision else "",
        "policy_clause": decision.clause if decision else "",
    }


def _place(place: Occurrence, products: dict[str, str]) -> Row:
    return {
        "product": products.get(place.product, place.product),
        "usage": place.usage.value,
        "path": place.path,
        "line": place.span.line,
        "column": place.span.column,
        "as_written": place.as_written,
        "role": place.role.value,
        "why": place.why,
        "confidence": place.confidence.label,
        "served_by": place.served_by,
        "rule": place.rule,
    }


def _several(values: Iterable[str]) -> str:
    return ", ".join(sorted({value for value in values if value}))


def harmless(text: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return _FORMULA.sub(r"\1\2'", visible(text))
