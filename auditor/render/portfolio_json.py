"""A portfolio as the JSON of CONTRACT: complete enough to test further claims over it, and the same bytes each time."""

from __future__ import annotations

import json

from auditor.domain.claim import Axes, Estimate, Op, Tally, Threshold
from auditor.domain.portfolio import Audited, Claimed, ModelFacts, Portfolio, Reading, Variant

SCHEMA_VERSION = "1"
_DIGITS = 6  # significant ones of a number that was computed

Json = dict[str, object]
# As claims are written in rules and by users.
_USAGE = {"named": "named", "implied": "runs", "offered": "selectable", "trained": "trains", "mentioned": "mentions"}


def render(portfolio: Portfolio) -> str:
    """The portfolio as one JSON document, indented, ending in a line break."""
    sample = portfolio.sample
    models = {use.model.id: use.model for product in sample.products for use in product.uses}
    document: Json = {
        "schema_version": SCHEMA_VERSION,
        "tool": {
            "name": "auditor",
            "version": sample.version,
            "rules": sample.rules,
            "snapshot": {"id": sample.snapshot.id, "built": sample.snapshot.built},
        },
        "jurisdiction": {
            "id": sample.jurisdiction.id,
            "countries": sorted(sample.jurisdiction.countries),
            "counted": [verdict.value for verdict in sample.jurisdiction.counted],
            "outside": sample.jurisdiction.outside,
        },
        "portfolio": {
            "name": sample.frame.name,
            "products": len(sample.products),
            "failed": sum(bool(product.error) for product in sample.products),
            "companies": len({product.holding.company for product in sample.products}),
            "population": sample.frame.population or None,
            "sampling": sample.frame.sampling,
        },
        "products": [_product(product) for product in sample.products],
        "models": [_model(models[model]) for model in sorted(models)],
        "claims": [_claim(claim) for claim in portfolio.claims],
        "timeline": [
            {
                "date": moment.date,
                "products": moment.products,
                "readings": [
                    {"id": name, "share": number(one.value) if one else None, "interval": _interval(one)}
                    for name, one in moment.shares
                ],
            }
            for moment in portfolio.timeline
        ],
    }
    return json.dumps(document, indent=2) + "\n"


def number(value: float) -> float:
    """The number without digits that differ from one machine's library to another's."""
    return float(f"{value:.{_DIGITS}g}")


def _product(product: Audited) -> Json:
    holding = product.holding
    uses = sorted(product.uses, key=lambda use: use.model.id)
    return {
        "name": holding.name,
        "company": holding.company,
        "source": holding.source,
        "path": holding.part or None,
        "country": holding.country or None,
        "tags": list(holding.tags),
        "commit": product.commit,
        "verdict": product.verdict.value,
        "why": product.why or None,
        "since": product.since or None,
        "runs": [use.model.id for use in uses if use.level.usage == "runs"],
        "uses": [
            {"model": use.model.id, "usage": _USAGE[use.level], "path": use.path, "line": use.line} for use in uses
        ],
        "gaps": product.gaps,
        "report": f"reports/{product.key}.json" if product.key else None,
        "error": product.error or None,
    }


def _model(model: ModelFacts) -> Json:
    return {
        "id": model.id,
        "name": model.name,
        "family": model.family or None,
        "modality": model.modality or "unknown",
        "weights": model.weights.value,
        "publisher": {"name": model.publisher or None, "countries": list(model.publisher_countries)},
        "origin": {
            "verdict": model.verdict.value,
            "confidence": model.confidence.label,
            "roots": [
                {"id": root.id, "developer": root.developer or None, "countries": list(root.countries)}
                for root in model.roots
            ],
            "countries": {
                "root": list(model.root_countries),
                "derived": list(model.derived_countries),
                "component": list(model.component_countries),
            },
        },
        "lineage": {"complete": model.complete},
    }


def _claim(claim: Claimed) -> Json:
    rule = claim.rule
    return {
        "id": rule.id,
        "statement": rule.statement,
        "source": rule.source or None,
        "as_of": rule.as_of or None,
        "wordings": [{"kind": w.kind, "text": w.text, "source": w.source, "as_of": w.as_of} for w in rule.wordings],
        "note": rule.note,
        "readings": [_reading(reading) for reading in claim.readings],
    }


def _reading(reading: Reading) -> Json:
    rule = reading.rule
    return {
        "id": rule.id,
        "label": rule.label or None,
        "statement": rule.statement,
        "unit": "company",
        "count": rule.count.value,
        "of": rule.of.value,
        **_axes(rule.axes),
        **_tally(reading.tally),
        "share": None if reading.share is None else number(reading.share),
        "interval": _interval(reading.interval),
        "bounds": {"low": number(reading.bounds[0]), "high": number(reading.bounds[1])},
        "threshold": _threshold(rule.threshold),
        "p_value": None if reading.p_value is None else number(reading.p_value),
        "verdict": reading.conclusion.value,
        "needed_n": reading.needed,
        "note": "; ".join(reading.notes),
        "estimates": [
            {"quantity": e.quantity, "value": number(e.value), **(_interval(e) or {})} for e in reading.others
        ],
        "by_tag": [
            {"tag": tag, **_tally(tally), "share": number(one.value), "interval": _interval(one)}
            for tag, tally, one in reading.by_tag
        ],
        "members": [{"company": member.company, "standing": member.standing.value} for member in reading.members],
        "variants": [_variant(variant) for variant in reading.variants],
    }


def _variant(variant: Variant) -> Json:
    return {
        **_axes(variant.axes),
        **_tally(variant.tally),
        "share": None if variant.share is None else number(variant.share),
        "interval": _interval(variant.interval),
        "verdict": variant.conclusion.value,
    }


def _axes(axes: Axes) -> Json:
    return {"usage": _USAGE[axes.usage], "meaning": axes.meaning.value, "narrow": axes.narrow}


def _tally(tally: Tally) -> Json:
    return {"numerator": tally.numerator, "denominator": tally.denominator, "unknown": tally.unknown}


def _interval(one: Estimate | None) -> Json | None:
    if one is None:
        return None
    return {"method": one.method, "level": one.level, "low": number(one.low), "high": number(one.high)}


def _threshold(threshold: Threshold) -> Json:
    upper: Json = {"upper": threshold.upper} if threshold.op is Op.WITHIN else {}
    return {"op": threshold.op.value, "value": threshold.value, **upper}
