"""Reports -> what a portfolio needs of each: one row a product, its models as the report judges them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from auditor.domain.claim import Level
from auditor.domain.model import Verdict, Weights
from auditor.domain.portfolio import Audited, Frame, Holding, ModelFacts, Sample, Use
from auditor.domain.reference import Confidence, Role, Usage
from auditor.domain.report import Ancestor, Jurisdiction, ProductVerdict, SnapshotInfo
from auditor.errors import AuditError, TargetError

_CONFIDENCE = {level.label: level for level in Confidence}
_SCHEMA = "1"


@dataclass(frozen=True, slots=True)
class Origin:
    """What a report was made with. Reports are comparable when these are equal."""

    jurisdiction: Jurisdiction
    version: str
    rules: str
    snapshot: SnapshotInfo


def row(text: str | bytes, holding: Holding, key: str, name: str) -> tuple[Audited, Origin]:
    """One report as a row. `name` is what it is called in messages. *Raises*: AuditError when it is no such report."""
    try:
        document = json.loads(text)
    except ValueError as error:
        raise AuditError(f"{name} is not JSON: {error}") from error
    if not isinstance(document, dict) or "models" not in document or "summary" not in document:
        raise AuditError(f"{name} is not a report", hint="made by: auditor scan -o report.json")
    if (schema := document.get("schema_version")) != _SCHEMA:
        raise AuditError(f"{name} has the schema {schema!r}, this version reads {_SCHEMA!r}", hint="audit again")
    try:
        return _audited(document, holding, key), _origin(document)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise AuditError(f"{name} is not a whole report: {type(error).__name__} {error}", hint="audit again") from error


def sample(frame: Frame, rows: Iterable[tuple[Audited, Origin | None]]) -> Sample:
    """The rows as one sample. *Raises*: as `samples`."""
    return samples(frame, (), ((audited, origin, ()) for audited, origin in rows))[0]


def samples(
    frame: Frame, dates: Sequence[str], rows: Iterable[tuple[Audited, Origin | None, Sequence[Audited | None]]]
) -> tuple[Sample, tuple[Sample, ...]]:
    """The rows as one sample, and one for each date of the products that there were.

    Equal models become one object: memory follows the distinct models, not the products. *Raises*: TargetError when
    nothing could be audited, AuditError when reports are of different rules or questions.
    """
    models: dict[ModelFacts, ModelFacts] = {}
    products: list[Audited] = []
    before: list[list[Audited]] = [[] for _ in dates]
    origin: Origin | None = None
    for one, made_with, past in rows:
        products.append(replace(_interned(one, models), since=_since(one, dates, past)))
        for held, then in zip(before, past, strict=False):
            held += [_interned(then, models)] if then else []
        if origin is not None and made_with not in (None, origin):
            raise AuditError(
                f"the report on {one.holding.name} was made with other rules, lineage data or another jurisdiction",
                hint="reports can be counted together when they were made alike: audit them again",
            )
        origin = origin or made_with
    if origin is None:
        raise TargetError("no product could be audited" + _first(products), hint="auditor scan SOURCE shows why")
    now = Sample(frame, tuple(products), origin.jurisdiction, origin.version, origin.rules, origin.snapshot)
    return now, tuple(replace(now, products=tuple(held)) for held in before)


def _interned(one: Audited, models: dict[ModelFacts, ModelFacts]) -> Audited:
    return replace(one, uses=tuple(replace(use, model=models.setdefault(use.model, use.model)) for use in one.uses))


def _since(now: Audited, dates: Sequence[str], past: Sequence[Audited | None]) -> str:
    """The first date from which on the verdict was always that of now; "" when it was not yet at the last."""
    since = now.since
    for date, then in reversed(list(zip(dates, past, strict=False))):
        if then is None or then.error or then.verdict is not now.verdict:
            break
        since = date
    return since


def _first(products: list[Audited]) -> str:
    return f": {products[0].holding.name}: {products[0].error}" if products else ""


def _audited(document: Mapping[str, Any], holding: Holding, key: str) -> Audited:
    verdict = ProductVerdict(document["summary"]["verdict"])
    of_parts = [product for product in document["products"] if product["verdict"] == verdict]
    telling = [product["why"] for product in sorted(of_parts, key=lambda product: not product["runs"])]
    return Audited(
        holding,
        key,
        document["target"]["commit"],
        verdict,
        telling[0] if telling else "no product was found in it",
        tuple(use for model in document["models"] if (use := _use(model)).level is not Level.MENTIONED),
        len(document["gaps"]),
    )


def _use(model: Mapping[str, Any]) -> Use:
    place, level = min(
        ((place, _level(place)) for place in model["occurrences"]),
        key=lambda pair: (
            list(Level).index(pair[1]),
            -_CONFIDENCE[pair[0]["confidence"]],
            pair[0]["path"],
            pair[0]["line"],
        ),
    )
    return Use(model_facts(model), level, place["path"], place["line"])


def _level(place: Mapping[str, Any]) -> Level:
    if place["role"] == Role.IMPLIED:
        return Level.IMPLIED
    return next(level for level in Level if level.usage is Usage(place["usage"]))


def model_facts(model: Mapping[str, Any]) -> ModelFacts:
    """What a report's, or a portfolio's, entry of a model says. *Raises*: KeyError and the like when it is not whole."""
    origin, publisher = model["origin"], model["publisher"] or {"name": "", "countries": ()}
    countries = origin["countries"]
    return ModelFacts(
        id=model["id"],
        name=model["name"],
        family=model["family"] or "",
        modality="" if model["modality"] == "unknown" else model["modality"] or "",
        weights=Weights(model["weights"]),
        publisher=publisher["name"] or "",
        publisher_countries=tuple(publisher["countries"]),
        verdict=Verdict(origin["verdict"]),
        confidence=_CONFIDENCE[origin["confidence"]],
        roots=tuple(Ancestor(one["id"], one["developer"] or "", tuple(one["countries"])) for one in origin["roots"]),
        root_countries=tuple(countries["root"]),
        derived_countries=tuple(countries["derived"]),
        component_countries=tuple(countries["component"]),
        complete=bool(model["lineage"]["complete"]),
    )


def _origin(document: Mapping[str, Any]) -> Origin:
    asked, tool = document["jurisdiction"], document["tool"]
    held = tool["snapshot"]
    return Origin(
        Jurisdiction(
            asked["id"],
            asked.get("name", asked["id"]),
            asked.get("adjective", asked["id"]),
            tuple(asked["countries"]),
            tuple(asked.get("bases", ())),
            tuple(Verdict(verdict) for verdict in asked["counted"]),
            bool(asked.get("outside", False)),
        ),
        tool["version"],
        tool["rules"],
        SnapshotInfo(held["id"], held["built"] or "", held["models"], held["edges"]),
    )
