"""A report as a CycloneDX bill of materials (ECMA-424): models as components, who serves them as services.

The lineage stands in `pedigree.ancestors`, a maker's country in `manufacturer.address`, the places of use in
`evidence.occurrences`, and whether a lineage is complete in `compositions`. There is no timestamp: the same report gives
the same bytes, serial number included. *Source*: bom-1.6.schema.json and bom-1.7.schema.json of the specification.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from auditor.domain.reference import Role, Usage
from auditor.domain.report import Finding, Report, Stack
from auditor.render import bill
from auditor.render.cyclonedx_model import model, model_ref, organisation, properties
from auditor.render.document import Json, written
from auditor.render.uris import address, encoded

VERSION = "1.6"

_TARGET = "target"


def render(report: Report, *, version: str = VERSION) -> str:
    """The bill as one JSON document, indented, in ASCII, ending in a line break."""
    makers = bill.makers(report)
    findings = bill.used(report)
    document: Json = {
        "$schema": f"http://cyclonedx.org/schema/bom-{version}.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": version,
        "serialNumber": f"urn:uuid:{bill.document_id(report, f'CycloneDX {version}')}",
        "version": 1,
        "metadata": _metadata(report),
        "components": [
            *(
                model(finding, report, makers) | _external(version, bundled=_is_bundled(finding))
                for finding in findings
            ),
            *(_stack(stack) | _external(version, bundled=False) for stack in sorted(report.stacks, key=lambda s: s.id)),
        ],
        "services": _services(findings, report.jurisdiction.bases),
        "dependencies": _dependencies(report, findings),
        "compositions": _compositions(report, findings),
    }
    return written(document)


def _metadata(report: Report) -> Json:
    provenance = report.provenance
    target: Json = {"type": "application", "bom-ref": _TARGET, "name": provenance.location or "."}
    if provenance.commit:
        target["version"] = provenance.commit
    repository = address(provenance.repository or "")
    if repository:
        target["externalReferences"] = [{"type": "vcs", "url": repository}]
    products = sorted(report.products, key=lambda product: product.path)
    parts: list[Json] = []
    for product in products:
        about = properties(bill.about_product(product))
        if product.path == ".":
            target["properties"] = about
        else:
            ref = _product_ref(product.path)
            parts.append({"type": "application", "bom-ref": ref, "name": product.name, "properties": about})
    if parts:
        target["components"] = parts
    tool = {"type": "application", "name": "auditor", "version": provenance.version}
    return {
        "tools": {"components": [tool]},
        "component": target,
        "properties": properties(bill.about_target(report)),
    }


def _external(version: str, *, bundled: bool) -> Json:
    """That a component is fetched when the product runs, and not delivered with it: 1.6 cannot say so."""
    return {} if version == VERSION else {"isExternal": not bundled}


def _is_bundled(finding: Finding) -> bool:
    return any(place.role is Role.BUNDLED for place in finding.occurrences)


def _stack(stack: Stack) -> Json:
    return {
        "type": "platform",
        "bom-ref": _stack_ref(stack),
        "name": stack.name,
        "manufacturer": organisation(stack.vendor, stack.countries),
        "properties": properties(bill.about_stack(stack)),
        "evidence": {
            "occurrences": [{"location": path, "line": max(line, 1)} for path, line in sorted(stack.places)],
        },
    }


def _services(findings: Iterable[Finding], bases: Sequence[str]) -> list[Json]:
    """Who serves models to the product; known by more than an id where they publish one of the models themselves."""
    usage: dict[str, Usage] = {}
    known: dict[str, Json] = {}
    for finding in findings:
        if (publisher := finding.publisher) is not None:
            known.setdefault(publisher.id.casefold(), organisation(publisher.name, publisher.countries(bases)))
        for place in bill.places_of_use(finding):
            name = bill.provider(place)
            usage[name] = min(place.usage, usage.get(name, place.usage), key=lambda one: one.rank)
    return [
        {
            "bom-ref": _service_ref(name),
            "name": name,
            "provider": known.get(name.casefold(), {"name": name}),
            "properties": properties([("auditor:usage", strongest.value)]),
        }
        for name, strongest in sorted(usage.items())
        if name
    ]


def _dependencies(report: Report, findings: Iterable[Finding]) -> list[Json]:
    """Products on models: through the service that serves them, where one does."""
    on: defaultdict[str, set[str]] = defaultdict(set)
    on[_TARGET].update(_product_ref(product.path) for product in report.products if product.path != ".")
    on[_TARGET].update(_stack_ref(stack) for stack in report.stacks)
    for finding in findings:
        ref = model_ref(finding.id)
        for place in bill.places_of_use(finding):
            provider = bill.provider(place)
            if provider:
                on[_service_ref(provider)].add(ref)
            on[_product_ref(place.product)].add(_service_ref(provider) if provider else ref)
    return [{"ref": ref, "dependsOn": sorted(needed)} for ref, needed in sorted(on.items())]


def _compositions(report: Report, findings: Iterable[Finding]) -> list[Json]:
    """How complete the lineage of each model is; and that a bill of models is not all that a product is made of."""
    known: defaultdict[str, list[str]] = defaultdict(list)
    for finding in findings:
        aggregate = "complete" if finding.complete else "incomplete" if finding.edges else "unknown"
        known[aggregate].append(model_ref(finding.id))
    products = {_product_ref(product.path) for product in report.products} | {_TARGET}
    told: list[Json] = [{"aggregate": "incomplete", "dependencies": sorted(products)}]
    told.extend({"aggregate": aggregate, "assemblies": refs} for aggregate, refs in sorted(known.items()))
    return told


def _product_ref(path: str) -> str:
    return _TARGET if path == "." else f"product:{encoded(path)}"


def _service_ref(provider: str) -> str:
    return f"service:{encoded(provider)}"


def _stack_ref(stack: Stack) -> str:
    return f"stack:{encoded(stack.id)}"
