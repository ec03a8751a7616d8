"""A portfolio as a table for spreadsheets: one row a product, then one row a reading of each claim.

*Shape*: RFC 4180, every cell quoted, a header; begins with a byte order mark. No cell is a formula.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from io import StringIO

from auditor.domain.portfolio import Audited, Claimed, Portfolio
from auditor.domain.reference import Usage
from auditor.render import portfolio_words as words
from auditor.render.csv import harmless

COLUMNS = (
    "row",
    "company",
    "product",
    "country",
    "tags",
    "source",
    "path",
    "commit",
    "verdict",
    "why",
    "since",
    "decided_by",
    "whose",
    "runs",
    "offers",
    "not_examined",
    "report",
    "error",
    "claim",
    "reading",
    "statement",
    "counted",
    "numerator",
    "denominator",
    "unknown",
    "share",
    "low",
    "high",
    "bound_low",
    "bound_high",
    "p_value",
    "needed_n",
)

Row = dict[str, str | int]


def render(portfolio: Portfolio) -> str:
    """The portfolio as CSV; lines end in CR LF."""
    paper = StringIO()
    paper.write("\ufeff")
    writer = csv.DictWriter(paper, COLUMNS, restval="", quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writeheader()
    for row in _rows(portfolio):
        writer.writerow({key: harmless(value) if isinstance(value, str) else value for key, value in row.items()})
    return paper.getvalue()


def _rows(portfolio: Portfolio) -> Iterator[Row]:
    for product in portfolio.sample.products:
        yield _product(product, portfolio)
    for claim in portfolio.claims:
        yield from _readings(claim)


def _product(product: Audited, portfolio: Portfolio) -> Row:
    holding = product.holding
    deciding = words.deciding(product, portfolio.sample.jurisdiction.counted) if not product.error else []
    return {
        "row": "product",
        "company": holding.company,
        "product": holding.name,
        "country": holding.country,
        "tags": ", ".join(holding.tags),
        "source": holding.source,
        "path": holding.part,
        "commit": product.commit or "",
        "verdict": "" if product.error else product.verdict.value,
        "why": product.why,
        "since": product.since,
        "decided_by": ", ".join(use.model.id for use in deciding),
        "whose": "; ".join(words.whose(use.model) for use in deciding),
        "runs": _models(product, Usage.RUNS),
        "offers": _models(product, Usage.SELECTABLE),
        "not_examined": product.gaps,
        "report": f"reports/{product.key}.json" if product.key else "",
        "error": product.error,
    }


def _models(product: Audited, usage: Usage) -> str:
    return ", ".join(sorted(use.model.id for use in product.uses if use.level.usage is usage))


def _readings(claim: Claimed) -> Iterator[Row]:
    for reading in claim.readings:
        for variant in words.every(reading):
            own = variant.axes == reading.rule.axes
            interval = variant.interval
            yield {
                "row": "reading" if own else "variant",
                "claim": claim.rule.id,
                "reading": reading.rule.label or reading.rule.id,
                "statement": reading.rule.statement,
                "counted": words.axes(variant.axes),
                "verdict": variant.conclusion.value,
                "numerator": variant.tally.numerator,
                "denominator": variant.tally.denominator,
                "unknown": variant.tally.unknown,
                "share": _number(variant.share),
                "low": _number(interval.low if interval else None),
                "high": _number(interval.high if interval else None),
                "bound_low": _number(reading.bounds[0]) if own else "",
                "bound_high": _number(reading.bounds[1]) if own else "",
                "p_value": _number(reading.p_value) if own else "",
                "needed_n": reading.needed or "" if own else "",
            }


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:.6g}"
