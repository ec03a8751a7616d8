"""One model as JSON: what a report and an explanation say of it alike."""

from __future__ import annotations

import re
from collections.abc import Sequence

from packageurl import PackageURL

from auditor.domain.model import Claim, Edge, Flag, Publisher
from auditor.domain.report import Ancestor, Finding, Judgement
from auditor.render import words

UNKNOWN = "unknown"

Json = dict[str, object]

_HUB_ID = re.compile(r"(?:[\w.-]+/)?[\w.-]+", re.ASCII)  # what the Hub lets an id be, roughly


def model(finding: Finding, bases: Sequence[str]) -> Json:
    """One model with its origin, lineage and flags, without where it is used."""
    return {
        "id": finding.id,
        "scheme": finding.reference.scheme.value,
        "hub_id": finding.hub_id,
        "purl": purl(finding.hub_id),
        "name": finding.name,
        "family": finding.family or None,
        "modality": finding.modality or UNKNOWN,
        "weights": finding.weights.value,
        "license": finding.license or None,
        "publisher": _publisher(finding.publisher, bases),
        "origin": _origin(finding.judgement),
        "lineage": {
            "complete": finding.complete,
            "edges": [
                _edge(edge)
                for edge in sorted(finding.edges, key=lambda e: (e.child, e.parent, e.relation, e.evidence.source))
            ],
        },
        "flags": [_flag(flag) for flag in sorted(finding.flags, key=lambda f: (f.id, f.subject))],
    }


def unheard_of(query: str) -> Json:
    """The same of a name that nothing is known of."""
    return {
        "id": query,
        "scheme": None,
        "hub_id": None,
        "purl": None,
        "name": query,
        "family": None,
        "modality": UNKNOWN,
        "weights": UNKNOWN,
        "license": None,
        "publisher": None,
        "origin": {
            "verdict": UNKNOWN,
            "confidence": "low",
            "roots": [],
            "countries": {"root": [], "derived": [], "component": [], "teacher": []},
            "why": "nothing is known of this name",
            "claims": [],
        },
        "lineage": {"complete": False, "edges": []},
        "flags": [],
    }


def purl(hub_id: str | None) -> str | None:
    """The package URL of a Hub model; None for what is not on the Hub. Organisation and name keep their case."""
    if not hub_id or not _HUB_ID.fullmatch(hub_id):
        return None
    namespace, _, name = hub_id.rpartition("/")
    return PackageURL(type="huggingface", namespace=namespace or None, name=name).to_string()


def _publisher(publisher: Publisher | None, bases: Sequence[str]) -> Json | None:
    if publisher is None:
        return None
    return {"id": publisher.id, "name": publisher.name, "countries": list(publisher.countries(bases))}


def _origin(judgement: Judgement) -> Json:
    return {
        "verdict": judgement.verdict.value,
        "confidence": judgement.confidence.label,
        "roots": [_root(root) for root in sorted(judgement.roots, key=lambda r: r.id)],
        "countries": {
            "root": sorted(judgement.root_countries),
            "derived": sorted(judgement.derived_countries),
            "component": sorted(judgement.component_countries),
            "teacher": sorted(judgement.teacher_countries),
        },
        "why": judgement.why,
        "claims": [_claim(name, claim) for name, claim in words.seats(judgement)],
    }


def _claim(developer: str, claim: Claim) -> Json:
    return {
        "developer": developer,
        "country": claim.country,
        "basis": claim.basis.value,
        "confidence": claim.confidence.label,
        "detail": claim.evidence.detail or None,
        "url": claim.evidence.url if claim.evidence.url.startswith("https:") else None,
        "as_of": claim.evidence.as_of or None,
        "since": claim.since or None,
        "until": claim.until or None,
    }


def _root(root: Ancestor) -> Json:
    return {"id": root.id, "developer": root.developer or None, "countries": sorted(root.countries)}


def _edge(edge: Edge) -> Json:
    return {
        "child": edge.child,
        "parent": edge.parent,
        "relation": edge.relation.value,
        "source": edge.evidence.source,
        "detail": edge.evidence.detail,
        "url": edge.evidence.url or None,
        "as_of": edge.evidence.as_of or None,
        "confidence": edge.confidence.label,
    }


def _flag(flag: Flag) -> Json:
    return {"id": flag.id, "subject": flag.subject, "note": flag.note, "url": flag.url, "as_of": flag.as_of}
