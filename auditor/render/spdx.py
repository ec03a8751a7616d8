"""A report as SPDX 3.0.1 (JSON-LD): packages of models, related to what they were made from and to where they stand.

Models are plain packages whose purpose is `model`: an AIPackage must have a release time, a version and a supplier, and
no audit of a repository knows them all. What is not known is said to be: a lineage that ends in the dark descends from
NoAssertionElement. Facts without a field of their own are properties of the extension that SPDX borrowed from CycloneDX.
*Source*: https://spdx.github.io/spdx-spec/v3.0.1/
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime

from auditor.domain.reference import Occurrence, Usage
from auditor.domain.report import Finding, Report, Stack
from auditor.render import bill, words
from auditor.render.bill import Maker, Property
from auditor.render.document import Json, written
from auditor.render.spdx_graph import CREATION, Graph
from auditor.render.spdx_lineage import relate
from auditor.render.uris import address

CONTEXT = "https://spdx.org/rdf/3.0.1/spdx-context.jsonld"
NO_LICENCE_TOLD = "https://spdx.org/rdf/3.0.1/terms/ExpandedLicensing/NoAssertionLicense"

_TARGET = "target"
_PROFILES = ["core", "software", "simpleLicensing"]
_DEPENDS = {
    Usage.RUNS: ("dependsOn", "runtime"),
    Usage.SELECTABLE: ("hasOptionalDependency", "runtime"),
    Usage.TRAINS: ("dependsOn", "development"),
}


def render(report: Report, *, created: datetime | None = None) -> str:
    """The document as one JSON object, indented, in ASCII, ending in a line break.

    SPDX demands a time of creation. By itself that is the day of the lineage data, which the document says: so the same
    report gives the same bytes.
    """
    graph = Graph(f"urn:uuid:{bill.document_id(report, 'SPDX 3.0.1')}#")
    _describe(report, graph)
    elements = sorted(graph.elements.values(), key=lambda element: str(element["spdxId"]))
    whole = [str(element["spdxId"]) for element in elements]
    sbom = {
        "type": "software_Sbom",
        "spdxId": graph.id("sbom"),
        "creationInfo": CREATION,
        "profileConformance": _PROFILES,
        "rootElement": [graph.id(_TARGET)],
        "element": whole,
        "software_sbomType": ["source"],
    }
    document = {
        "type": "SpdxDocument",
        "spdxId": graph.id("document"),
        "creationInfo": CREATION,
        "name": f"AI models of {report.provenance.location}",
        "profileConformance": _PROFILES,
        "rootElement": [graph.id("sbom")],
        "element": [graph.id("sbom"), *whole],
    }
    contents = [_creation(report, created, graph), document, sbom, *elements]
    return written({"@context": CONTEXT, "@graph": contents})


def _creation(report: Report, created: datetime | None, graph: Graph) -> Json:
    built = report.provenance.snapshot.built
    day = built if re.fullmatch("[0-9]{4}-[0-9]{2}-[0-9]{2}", built) else "1970-01-01"
    told = created.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if created else f"{day}T00:00:00Z"
    creation: Json = {
        "type": "CreationInfo",
        "@id": CREATION,
        "specVersion": "3.0.1",
        "created": told,
        "createdBy": [graph.id("auditor")],
        "createdUsing": [graph.id("auditor", report.provenance.version)],
    }
    if created is None:
        creation["comment"] = "the time is that of the lineage data; when it was asked is not part of the answer"
    return creation


def _describe(report: Report, graph: Graph) -> None:
    graph.add("SoftwareAgent", graph.id("auditor"), name="auditor")
    graph.add("Tool", graph.id("auditor", report.provenance.version), name=f"auditor {report.provenance.version}")
    makers = bill.makers(report)
    _target(report, graph)
    for finding in bill.used(report):
        about = (*bill.about_maker(makers.get(finding.id)), *bill.about_model(finding, report))
        model = _package(finding.id, makers, graph, finding=finding, about=about)
        _uses(finding, model, graph)
        _places(finding, model, graph)
        _licence(finding.license, model, graph)
    lineages = bill.lineages(report)
    for model in lineages.models:
        _package(model, makers, graph)
    relate(lineages, graph)
    for stack in report.stacks:
        _stack(stack, graph)


def _target(report: Report, graph: Graph) -> None:
    provenance = report.provenance
    parts = sorted(report.products, key=lambda product: product.path)
    about = [*bill.about_target(report), *(p for part in parts if part.path == "." for p in bill.about_product(part))]
    target = graph.add(
        "software_Package",
        graph.id(_TARGET),
        name=provenance.location or ".",
        software_primaryPurpose="application",
        software_packageVersion=provenance.commit,
        software_downloadLocation=address(provenance.repository or ""),
        extension=_extension(about),
    )
    for part in parts:
        if part.path != ".":
            product = graph.add(
                "software_Package",
                _product(part.path, graph),
                name=part.name,
                software_primaryPurpose="application",
                extension=_extension(bill.about_product(part)),
            )
            graph.relate(target, "contains", [product])


def _package(
    model: str,
    makers: Mapping[str, Maker],
    graph: Graph,
    *,
    finding: Finding | None = None,
    about: Iterable[Property] = (),
) -> str:
    hub = finding.hub_id if finding else bill.hub_id(model)
    revision = bill.version(finding) if finding else None
    url = bill.package_url(hub, revision)
    maker = makers.get(model)
    agent = _agent(maker, graph) if maker else None
    return graph.add(
        "software_Package",
        graph.id("model", model),
        name=model,
        software_primaryPurpose="model",
        software_packageUrl=url,
        software_packageVersion=revision,
        software_downloadLocation=address(bill.hub_page(hub)) if hub and url else None,
        summary=finding.judgement.why if finding else None,
        originatedBy=[agent] if agent and maker and maker.trained else [],
        suppliedBy=agent,
        extension=_extension(about),
    )


def _agent(maker: Maker, graph: Graph) -> str:
    """An organisation with its countries: SPDX knows no addresses, so they are properties."""
    return graph.add(
        "Organization",
        graph.id("organisation", maker.name, *maker.countries),
        name=maker.name,
        extension=_extension(bill.about_maker(maker)),
    )


def _uses(finding: Finding, model: str, graph: Graph) -> None:
    """Each product depends on the model as strongly as it uses it there."""
    strongest: dict[str, Occurrence] = {}
    for place in bill.places_of_use(finding):
        strongest.setdefault(place.product, place)
    for path, place in sorted(strongest.items()):
        kind, scope = _DEPENDS[place.usage]
        comment = f"{words.ROLE[place.role]}: {place.why} ({words.where(place)})"
        graph.relate(_product(path, graph), kind, [model], scope=scope, comment=comment)


def _places(finding: Finding, model: str, graph: Graph) -> None:
    snippets = []
    for place in bill.places_of_use(finding):
        file = graph.add("software_File", graph.id("file", place.path), name=place.path)
        snippet = graph.add(
            "software_Snippet",
            graph.id("place", place.path, str(place.span.line), finding.id),
            name=place.as_written,
            comment=f"{place.role.value}: {place.why}",
            software_snippetFromFile=file,
            software_lineRange={
                "type": "PositiveIntegerRange",
                "beginIntegerRange": place.span.line,
                "endIntegerRange": place.span.end_line,
            },
        )
        snippets.append(snippet)
    graph.relate(model, "hasEvidence", snippets)


def _licence(name: str, model: str, graph: Graph) -> None:
    """The licence that the model declares; one that SPDX has no name for is quoted, not translated."""
    expression = bill.licence(name)
    if expression is not None:
        licence = graph.add(
            "simplelicensing_LicenseExpression",
            graph.id("licence", expression),
            simplelicensing_licenseExpression=expression,
        )
        graph.relate(model, "hasDeclaredLicense", [licence])
    elif name:
        graph.relate(model, "hasDeclaredLicense", [NO_LICENCE_TOLD], comment=f"declared as: {name}")


def _stack(stack: Stack, graph: Graph) -> None:
    vendor = _agent(Maker(stack.vendor, stack.countries, True), graph) if stack.vendor else None
    package = graph.add(
        "software_Package",
        graph.id("stack", stack.id),
        name=stack.name,
        software_primaryPurpose="platform",
        originatedBy=[vendor] if vendor else [],
        extension=_extension(bill.about_stack(stack)),
    )
    where = ", ".join(f"{path}:{line}" for path, line in sorted(stack.places))
    graph.relate(graph.id(_TARGET), "dependsOn", [package], scope="runtime", comment=where)


def _product(path: str, graph: Graph) -> str:
    return graph.id(_TARGET) if path == "." else graph.id("product", path)


def _extension(pairs: Iterable[Property]) -> list[Json]:
    entries = [
        {"type": "extension_CdxPropertyEntry", "extension_cdxPropName": name, "extension_cdxPropValue": value}
        for name, value in pairs
    ]
    return [{"type": "extension_CdxPropertiesExtension", "extension_cdxProperty": entries}] if entries else []
