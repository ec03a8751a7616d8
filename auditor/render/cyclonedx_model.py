"""One model as a component of CycloneDX: who made it, from what, where it is used, and how that is known."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from auditor.domain.model import Edge, Evidence, Relation
from auditor.domain.reference import Confidence, Occurrence, Role, Usage
from auditor.domain.report import Finding, Report
from auditor.render import bill, words
from auditor.render.bill import Maker, Property
from auditor.render.document import Json
from auditor.render.uris import address, encoded

_MODEL = "machine-learning-model"
# The format wants a number where an audit has three levels: evenly spread, and the level itself stands beside it.
_CONFIDENCE = {Confidence.LOW: 0.3, Confidence.MEDIUM: 0.6, Confidence.HIGH: 0.9}
_SCOPE = {Usage.RUNS: "required", Usage.SELECTABLE: "optional", Usage.TRAINS: "excluded", Usage.MENTIONS: "excluded"}
_TECHNIQUE = {Role.IMPLIED: "manifest-analysis", Role.BUNDLED: "binary-analysis"}
_ASIDE = frozenset({Relation.COMPONENT, Relation.DISTILLED})


def model(finding: Finding, report: Report, makers: Mapping[str, Maker]) -> Json:
    """The component. *Shape*: its places are those of use, never mentions."""
    places = bill.places_of_use(finding)
    revision = bill.version(finding)
    component = _named(finding.id, finding.hub_id, makers, revision)
    component["bom-ref"] = model_ref(finding.id)
    component["name"] = finding.name or finding.id
    if finding.hub_id is None and finding.reference.provider:
        component["group"] = finding.reference.provider
    component["description"] = finding.judgement.why
    component["scope"] = _SCOPE[finding.usage]
    if finding.license:
        component["licenses"] = [_licence(finding.license)]
    if re.fullmatch("[0-9a-f]{64}", finding.reference.digest):
        component["hashes"] = [{"alg": "SHA-256", "content": finding.reference.digest}]
    component |= _lineage(finding, makers, report.jurisdiction.bases)
    component["modelCard"] = _card(finding)
    component["evidence"] = _evidence(finding, places)
    about = (*bill.about_maker(makers.get(finding.id)), *bill.about_model(finding, report))
    component["properties"] = properties(about)
    return component


def _named(model: str, hub: str | None, makers: Mapping[str, Maker], revision: str | None = None) -> Json:
    """A model by its name, its address and who stands behind it."""
    component: Json = {"type": _MODEL, "name": model}
    url = bill.package_url(hub, revision)
    if hub and url:
        group, _, component["name"] = hub.rpartition("/")
        component |= {"group": group} if group else {}
        component["purl"] = url
        component["externalReferences"] = [{"type": "model-card", "url": address(bill.hub_page(hub))}]
    if revision:
        component["version"] = revision
    maker = makers.get(model)
    if maker is not None:
        component["supplier"] = organisation(maker.name, maker.countries)
        if maker.trained:
            component["manufacturer"] = component["supplier"]
    return component


def organisation(name: str, countries: tuple[str, ...]) -> Json:
    """An organisation with its country where it has just one: the format holds one, and to choose would be to invent."""
    return {"name": name, "address": {"country": countries[0]}} if len(countries) == 1 else {"name": name}


def _licence(name: str) -> Json:
    """A licence by its SPDX id, an expression of several, or the name as it was declared."""
    expression = bill.licence(name)
    if expression is None:
        return {"license": {"name": name, "acknowledgement": "declared"}}
    if " " in expression or expression.startswith("LicenseRef-"):
        return {"expression": expression, "acknowledgement": "declared"}
    return {"license": {"id": expression, "acknowledgement": "declared"}}


def _lineage(finding: Finding, makers: Mapping[str, Maker], bases: Sequence[str]) -> Json:
    """What a model was made from, and the models that ship inside it with what those were made from."""
    parents: defaultdict[str, list[Edge]] = defaultdict(list)
    for edge in bill.in_order(finding.edges):
        parents[edge.child].append(edge)
    told: Json = {}
    pedigree = _pedigree(finding.id, parents, makers)
    if pedigree:
        told["pedigree"] = {**pedigree, "notes": words.lineage(finding, bases)}
    inside = {edge.parent: edge for edge in finding.edges if edge.relation is Relation.COMPONENT}
    if inside:
        told["components"] = [
            _named(part, bill.hub_id(part), makers)
            | {"properties": properties(_about_edge(edge))}
            | ({"pedigree": pedigree} if (pedigree := _pedigree(part, parents, makers)) else {})
            for part, edge in sorted(inside.items())
        ]
    return told


def _pedigree(model: str, parents: Mapping[str, list[Edge]], makers: Mapping[str, Maker]) -> Json:
    """All ancestors, nearest first, each with the edge that leads to it; empty without any."""
    ancestors: list[Json] = []
    reached = {model}
    level = [model]
    while level:
        edges = [e for child in level for e in parents.get(child, ()) if e.relation not in _ASIDE]
        level = []
        for edge in edges:
            if edge.parent not in reached:
                reached.add(edge.parent)
                level.append(edge.parent)
                ancestors.append(_ancestor(edge, makers))
    return {"ancestors": ancestors} if ancestors else {}


def _ancestor(edge: Edge, makers: Mapping[str, Maker]) -> Json:
    ancestor = _named(edge.parent, bill.hub_id(edge.parent), makers)
    references = [*_list(ancestor.get("externalReferences")), *_reference(edge.evidence)]
    if references:
        ancestor["externalReferences"] = references
    about = (*bill.about_maker(makers.get(edge.parent)), *_about_edge(edge))
    return ancestor | {"properties": properties(about)}


def _list(value: object) -> list[object]:
    return list(value) if isinstance(value, list) else []


def _about_edge(edge: Edge) -> Iterator[Property]:
    yield "auditor:lineage:relation", edge.relation.value
    yield "auditor:lineage:child", edge.child
    yield "auditor:lineage:confidence", edge.confidence.label
    yield "auditor:lineage:source", f"{edge.evidence.source}: {edge.evidence.detail}"
    if edge.evidence.as_of:
        yield "auditor:lineage:as-of", edge.evidence.as_of


def _reference(evidence: Evidence) -> list[Json]:
    url = address(evidence.url)
    return [{"type": "evidence", "url": url}] if url else []


def _card(finding: Finding) -> Json:
    """What is known of the model itself. Architecture, data and metrics are not looked at, and not told."""
    card: Json = {"properties": properties([("auditor:weights", finding.weights.value)])}
    if finding.modality:
        card["modelParameters"] = {"task": finding.modality}
    return card


def _evidence(finding: Finding, places: list[Occurrence]) -> Json:
    url = bill.package_url(finding.hub_id, bill.version(finding))
    methods: dict[str, Occurrence] = {}
    for place in places:
        methods.setdefault(_TECHNIQUE.get(place.role, "source-code-analysis"), place)
    return {
        "identity": [
            {
                "field": "purl" if url else "name",
                "confidence": _CONFIDENCE[max(place.confidence for place in places)],
                "concludedValue": url or finding.id,
                "methods": [
                    {
                        "technique": technique,
                        "confidence": _CONFIDENCE[place.confidence],
                        "value": f"{place.confidence.label}: {place.as_written}",
                    }
                    for technique, place in sorted(methods.items())
                ],
            }
        ],
        "occurrences": [
            {
                "location": place.path,
                "line": place.span.line,
                "additionalContext": f"{place.role.value}: {place.why}",
            }
            for place in sorted(places, key=lambda p: (p.path, p.span))
        ],
    }


def model_ref(model: str) -> str:
    """How a model is referred to within the bill. No two models share it."""
    return f"model:{encoded(model)}"


def properties(pairs: Iterable[Property]) -> list[Json]:
    """Names and values as the format writes them."""
    return [{"name": name, "value": value} for name, value in pairs]
