"""What a bill of materials says of a report, before it is said in any syntax: which models, from whom, made from what.

A bill lists what a product is made of. A model that the repository only mentions is no part of it and is counted, not
listed. Facts that the formats have no field for are properties, their names beginning with `auditor:`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from uuid import NAMESPACE_OID, UUID, uuid5

from packaging.licenses import InvalidLicenseExpression, canonicalize_license_expression

from auditor.domain.model import Edge, Relation
from auditor.domain.reference import Confidence, Occurrence, Scheme, Usage
from auditor.domain.report import Finding, Product, Report, Stack
from auditor.render import json, words

Property = tuple[str, str]

_TRAINS = frozenset({"developer", "fine-tuner"})


@dataclass(frozen=True, slots=True)
class Maker:
    """Who offers a model. `trained` false: nothing says that they made it as well."""

    name: str
    countries: tuple[str, ...]
    trained: bool


@dataclass(frozen=True, slots=True)
class Lineages:
    """All lineages of the models in use as one graph.

    *Shape*: parents by child, sorted; `roots` with how sure it is that their weights start there; `descending` are the
    models in use and whatever they descend from or contain, but not their teachers, whose descent is not asked.
    """

    models: tuple[str, ...]
    parents: dict[str, tuple[Edge, ...]]
    roots: dict[str, Confidence]
    descending: frozenset[str]


def document_id(report: Report, form: str) -> UUID:
    """The same for the same report in the same form, and another as soon as anything in it differs."""
    return uuid5(NAMESPACE_OID, f"{form}\n{json.render(report)}")


def used(report: Report) -> tuple[Finding, ...]:
    """The models that the target runs, offers or trains from. *Shape*: sorted by id."""
    return tuple(sorted((f for f in report.findings if f.usage is not Usage.MENTIONS), key=lambda f: f.id))


def places_of_use(finding: Finding) -> list[Occurrence]:
    """Where a model is more than mentioned, the most convincing place first; one a line of a file."""
    return words.best_places(place for place in finding.occurrences if place.usage is not Usage.MENTIONS)


def provider(place: Occurrence) -> str:
    """The id of who serves the model at a place, "" when it is not known to be served."""
    hosted = place.reference.provider if place.reference.scheme is Scheme.API else ""
    return place.served_by or hosted


def makers(report: Report) -> dict[str, Maker]:
    """Who stands behind each model of the report and its lineages, by model id; models of unknown makers are absent."""
    bases = report.jurisdiction.bases
    known = {
        made.id: Maker(made.developer, made.countries, True)
        for finding in report.findings
        for made in (*finding.judgement.makers, *finding.judgement.roots)
        if made.developer
    }
    for finding in report.findings:
        if (publisher := finding.publisher) is not None:
            known[finding.id] = Maker(publisher.name, publisher.countries(bases), publisher.kind in _TRAINS)
    return known


def in_order(edges: Iterable[Edge]) -> list[Edge]:
    """By child, then parent; the same order however the edges were found."""
    return sorted(edges, key=lambda e: (e.child, e.parent, e.relation, e.evidence.source, e.evidence.detail))


def lineages(report: Report) -> Lineages:
    """What the models in use were made from, and what that was made from."""
    findings = used(report)
    edges = in_order({edge for finding in findings for edge in finding.edges})
    parents = {child: tuple(above) for child, above in groupby(edges, key=lambda edge: edge.child)}
    roots: dict[str, Confidence] = {}
    for finding in findings:
        for root in finding.judgement.roots:
            roots[root.id] = max(finding.judgement.confidence, roots.get(root.id, Confidence.LOW))
    descending = {finding.id for finding in findings}
    descending |= {edge.parent for edge in edges if edge.relation is not Relation.DISTILLED}
    models = descending | {end for edge in edges for end in (edge.child, edge.parent)}
    return Lineages(tuple(sorted(models)), parents, roots, frozenset(descending))


def licence(name: str) -> str | None:
    """The SPDX expression that a licence name is, None when it is none: `mit` is MIT, `other` is nothing."""
    try:
        return canonicalize_license_expression(name) if name else None
    except InvalidLicenseExpression:
        return None


def hub_id(model: str) -> str | None:
    """The Hub id that an ancestor's id is; None for a closed model and for what cannot be one."""
    return model if "/" in model and json.purl(model) else None


def package_url(hub: str | None, revision: str | None = None) -> str | None:
    """The package URL of a Hub model, with the commit where just one is asked for; None for what is not on the Hub."""
    url = json.purl(hub)
    return f"{url}@{revision}" if url and revision and re.fullmatch("[0-9a-f]{40}", revision) else url


def hub_page(hub: str) -> str:
    """Where a model of the Hub is described and offered."""
    return f"https://huggingface.co/{hub}"


def version(finding: Finding) -> str | None:
    """The one revision of a Hub model that the repository asks for; None when it asks for none, or for several."""
    asked = {p.reference.version for p in finding.occurrences if p.reference.scheme is Scheme.HUGGINGFACE}
    (only,) = asked if len(asked) == 1 else ("",)
    return only or None


def about_target(report: Report) -> Iterator[Property]:
    """What the whole report rests on, and how far it goes."""
    provenance = report.provenance
    yield "auditor:jurisdiction", report.jurisdiction.id
    yield "auditor:verdict", report.verdict.value
    yield "auditor:rules", provenance.rules
    yield "auditor:snapshot", provenance.snapshot.id
    yield "auditor:snapshot:built", provenance.snapshot.built
    yield "auditor:online", str(provenance.online).lower()
    yield "auditor:files:read", str(provenance.files_read)
    yield "auditor:files:seen", str(provenance.files_seen)
    yield "auditor:models:mentioned-only", str(len(report.findings) - len(used(report)))
    for (stage, code), count in sorted(Counter((gap.stage, gap.code) for gap in report.gaps).items()):
        yield "auditor:gap", f"{stage} {code}: {count}"


def about_product(product: Product) -> Iterator[Property]:
    """What a product is made of, in one word and one sentence."""
    yield "auditor:product", product.path
    yield "auditor:verdict", product.verdict.value
    yield "auditor:why", product.why


def about_model(finding: Finding, report: Report) -> Iterator[Property]:
    """How a model is used, the judgement on it and all that hangs on that."""
    places = places_of_use(finding)
    judged = finding.judgement
    yield "auditor:usage", finding.usage.value
    for role in sorted({place.role.value for place in places}):
        yield "auditor:role", role
    for product in sorted({place.product for place in places}):
        yield "auditor:product", product
    for served_by in sorted({provider(place) for place in places} - {""}):
        yield "auditor:served-by", served_by
    yield "auditor:origin:verdict", judged.verdict.value
    yield "auditor:origin:jurisdiction", report.jurisdiction.id
    yield "auditor:origin:confidence", judged.confidence.label
    shares = (
        ("root", judged.root_countries),
        ("derived", judged.derived_countries),
        ("component", judged.component_countries),
        ("teacher", judged.teacher_countries),
    )
    for share, countries in shares:
        for country in sorted(countries):
            yield f"auditor:origin:country:{share}", country
    yield "auditor:lineage:complete", str(finding.complete).lower()
    for edge in in_order(finding.edges):
        if edge.relation is Relation.DISTILLED:
            yield "auditor:lineage:teacher", edge.parent
    yield "auditor:scheme", finding.reference.scheme.value
    yield "auditor:weights", finding.weights.value
    optional = (("modality", finding.modality), ("family", finding.family), ("license", finding.license))
    yield from ((f"auditor:{name}", value) for name, value in optional if value)
    for flag in sorted(finding.flags, key=lambda f: (f.id, f.subject)):
        yield "auditor:flag", f"{flag.id}: {flag.subject}: {flag.note} ({flag.url}, {flag.as_of})"
    decisions = {f"{one.outcome.value}: {one.clause}" for one in report.decisions if one.model == finding.id}
    for decision in sorted(decisions):
        yield "auditor:decision", decision
    mentions = sum(place.usage is Usage.MENTIONS for place in finding.occurrences)
    if mentions:
        yield "auditor:mentions", str(mentions)


def about_maker(maker: Maker | None) -> Iterator[Property]:
    """Where a maker is, each country by itself: a maker may be in several."""
    for country in maker.countries if maker else ():
        yield "auditor:maker:country", country


def about_stack(stack: Stack) -> Iterator[Property]:
    """That this is no model: an accelerator stack or a serving runtime has a maker, and no weights."""
    yield "auditor:kind", "stack"
    for country in sorted(stack.countries):
        yield "auditor:maker:country", country
