"""The result of one audit: what a renderer is given, and all that it is given."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from auditor.domain.model import Claim, Edge, Evidence, Flag, Publisher, Verdict, Weights
from auditor.domain.reference import Confidence, Occurrence, Reference, Usage
from auditor.domain.source import Gap, TargetKind


class Outcome(StrEnum):
    ALLOW = "allow"
    WARN = "warn"
    DENY = "deny"
    WAIVED = "waived"


class ProductVerdict(StrEnum):
    YES = "yes"
    SELECTABLE = "selectable"
    UNKNOWN = "unknown"
    NO = "no"


@dataclass(frozen=True, slots=True)
class Ancestor:
    """A model of the lineage with its developer. `countries` by the bases that count, sorted; empty when not known.

    `claims` are all that is said of where the developer is, by whatever basis.
    """

    id: str
    developer: str
    countries: tuple[str, ...]
    claims: tuple[Claim, ...] = ()


@dataclass(frozen=True, slots=True)
class Judgement:
    """The origin verdict for the jurisdiction asked, in words, with the roots and the countries by kind of share.

    `makers` are the models of the lineage, roots or not, whose makers have a share in the weights.
    """

    verdict: Verdict
    confidence: Confidence
    why: str
    roots: tuple[Ancestor, ...]
    root_countries: tuple[str, ...]
    derived_countries: tuple[str, ...]
    component_countries: tuple[str, ...]
    teacher_countries: tuple[str, ...]
    makers: tuple[Ancestor, ...] = ()


@dataclass(frozen=True, slots=True)
class Finding:
    """One distinct model of the target with all its places. *Shape*: occurrences sorted by path and span."""

    id: str  # hub id, or provider:name, or file:path, or family:name
    reference: Reference
    hub_id: str | None
    name: str
    family: str
    modality: str
    weights: Weights
    license: str
    publisher: Publisher | None
    judgement: Judgement
    edges: tuple[Edge, ...]
    complete: bool
    flags: tuple[Flag, ...]
    occurrences: tuple[Occurrence, ...]
    told: tuple[Evidence, ...] = ()  # what was written down of the model itself, beside its parents

    @property
    def usage(self) -> Usage:
        return min((o.usage for o in self.occurrences), key=lambda u: u.rank, default=Usage.MENTIONS)


@dataclass(frozen=True, slots=True)
class Decision:
    model: str
    outcome: Outcome
    clause: str
    waiver: str | None
    message: str
    known: bool = False  # would be a denial, but the baseline has it


@dataclass(frozen=True, slots=True)
class Product:
    """One product of the target. *Shape*: model ids sorted; `why` is one sentence with its place."""

    name: str
    path: str
    verdict: ProductVerdict
    why: str
    runs: tuple[str, ...]
    selectable: tuple[str, ...]
    mentions: tuple[str, ...]
    trains: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Stack:
    """An accelerator stack or serving runtime that the target depends on: reported apart from weights."""

    id: str
    name: str
    vendor: str
    countries: tuple[str, ...]
    places: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class SnapshotInfo:
    id: str
    built: str
    models: int
    edges: int


@dataclass(frozen=True, slots=True)
class Provenance:
    """What the result depends on. Together with the target's bytes it fixes the report."""

    version: str
    rules: str
    snapshot: SnapshotInfo
    online: bool
    kind: TargetKind
    location: str
    repository: str | None
    commit: str | None
    files_seen: int
    files_read: int
    bytes_read: int


@dataclass(frozen=True, slots=True)
class Jurisdiction:
    """A named set of countries. `countries` sorted; `counted` are the verdicts that mean yes.

    With `outside` it is every other country than these.
    """

    id: str
    name: str
    adjective: str
    countries: tuple[str, ...]
    bases: tuple[str, ...]
    counted: tuple[Verdict, ...]
    outside: bool = False

    def holds(self, country: str) -> bool:
        """Whether a country belongs to it."""
        return (country in self.countries) is not self.outside


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """What the findings of a report are for another jurisdiction than that asked. *Shape*: judgements by finding id."""

    jurisdiction: Jurisdiction
    judgements: Mapping[str, Judgement]


class WaiverState(StrEnum):
    """Why a waiver of the policy had no effect."""

    UNUSED = "unused"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True)
class IdleWaiver:
    """A waiver that changed nothing, so that nobody believes it does. `expires` is an ISO date."""

    model: str
    reason: str
    approved_by: str
    expires: str
    state: WaiverState


@dataclass(frozen=True, slots=True)
class Explained:
    """What is known of one name somebody asked about. *Shape*: no finding means nothing; candidates are near names."""

    query: str
    finding: Finding | None
    candidates: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Report:
    provenance: Provenance
    jurisdiction: Jurisdiction
    products: tuple[Product, ...]
    findings: tuple[Finding, ...]
    decisions: tuple[Decision, ...]
    gaps: tuple[Gap, ...]
    stacks: tuple[Stack, ...] = ()
    waivers: tuple[IdleWaiver, ...] = ()
    elsewhere: tuple[Elsewhere, ...] = ()  # for the policy alone
    regions: tuple[Jurisdiction, ...] = ()  # the named sets of countries that the rules know, in their order

    @property
    def verdict(self) -> ProductVerdict:
        """The verdict of the whole target: of its products' verdicts the one that matters most; no without products."""
        return min((p.verdict for p in self.products), key=list(ProductVerdict).index, default=ProductVerdict.NO)
