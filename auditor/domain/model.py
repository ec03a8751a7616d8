"""Models, what they were made from, and where their makers are."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from auditor.domain.reference import Confidence, Reference


class Relation(StrEnum):
    FINETUNE = "finetune"
    ADAPTER = "adapter"
    QUANTIZED = "quantized"
    MERGE = "merge"
    DISTILLED = (
        "distilled"  # weights initialised elsewhere, trained on the parent's outputs: a teacher, not an ancestor
    )
    CONVERTED = "converted"
    REUPLOAD = "reupload"
    COMPONENT = "component"
    UNSTATED = "unstated"

    @property
    def changes_weights(self) -> bool:
        """Whether the child's maker trained: repackaging does not make its maker a developer."""
        return self not in (Relation.QUANTIZED, Relation.CONVERTED, Relation.REUPLOAD)


class Weights(StrEnum):
    OPEN = "open"
    CLOSED = "closed"
    UNKNOWN = "unknown"


class Basis(StrEnum):
    HEADQUARTERS = "headquarters"
    INCORPORATION = "incorporation"
    PARENT = "parent"


class Verdict(StrEnum):
    """The answer for one jurisdiction (CONTRACT, `origin.verdict`)."""

    ROOT = "root"
    DERIVED = "derived"
    COMPONENT = "component"
    TEACHER = "teacher"
    NO = "no"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Evidence:
    """Who says so. `source` is override, curated, snapshot, hub, rule:<id>, header, inferred, fingerprint."""

    source: str
    detail: str
    url: str = ""
    as_of: str = ""


@dataclass(frozen=True, slots=True)
class Claim:
    """Where a developer is, by one basis. `country` is ISO 3166-1 alpha-2.

    `since` and `until` are ISO dates of a seat that was moved, "" where not told; one that has ended is history.
    """

    country: str
    basis: Basis
    confidence: Confidence
    evidence: Evidence
    since: str = ""
    until: str = ""

    def counts(self, bases: Collection[str]) -> bool:
        """Whether it tells where the developer is now, by a basis that counts."""
        return not self.until and self.basis.value in bases


@dataclass(frozen=True, slots=True)
class Publisher:
    """Who makes models. `pretrains`: known to train foundation models of their own (never implied by kind)."""

    id: str
    name: str
    kind: str  # developer, fine-tuner, repackager, host, unknown
    claims: tuple[Claim, ...]
    pretrains: bool = False

    def countries(self, bases: Collection[str]) -> tuple[str, ...]:
        """Where it is, by the bases that count. *Shape*: sorted, unique, empty when not known."""
        return tuple(sorted({claim.country for claim in self.claims if claim.counts(bases)}))


@dataclass(frozen=True, slots=True)
class Edge:
    child: str
    parent: str
    relation: Relation
    confidence: Confidence
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class Record:
    """What one catalogue knows of one model. *Shape*: no parents and `root` false means that it does not say."""

    id: str
    parents: tuple[Edge, ...] = ()
    root: bool = False  # the source says that its weights start here
    undisclosed: bool = False  # the source says that its base is not known: never shown as clean
    license: str = ""
    modality: str = ""
    weights: Weights = Weights.UNKNOWN
    publisher: str = ""  # id of a publisher rule, "" = by the organisation in the id
    note: str = ""
    evidence: Evidence = Evidence("", "")


@dataclass(frozen=True, slots=True)
class Lineage:
    """A model and all that it was made from: a graph without repeated edges; several roots in a merge.

    *Shape*: `ancestors` nearest first, without the model itself; `roots` those whose weights start there by some source;
    `components` reached over a component edge, `teachers` over a distilled one. `complete` false when any branch ends in
    a model that no source calls a root.
    """

    model: str
    ancestors: tuple[str, ...]
    edges: tuple[Edge, ...]
    roots: tuple[str, ...]
    components: tuple[str, ...]
    teachers: tuple[str, ...]
    complete: bool


@dataclass(frozen=True, slots=True)
class Answer:
    """One resolver's opinion of which model a reference names. `model` is `org/name`, or `provider:name` when closed."""

    model: str
    confidence: Confidence
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class Origin:
    """Who made one model of a lineage. No publisher means not known."""

    model: str
    publisher: Publisher | None
    confidence: Confidence
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class Flag:
    id: str
    subject: str
    note: str
    url: str
    as_of: str


@dataclass(frozen=True, slots=True)
class Resolution:
    """What is known of one reference. *Shape*: answers best first; empty when nothing knows it; origins by model id."""

    reference: Reference
    answers: tuple[Answer, ...]
    lineage: Lineage | None
    origins: tuple[Origin, ...]
    records: tuple[Record, ...] = ()

    @property
    def contested(self) -> bool:
        """Two answers of at least medium confidence differ."""
        return len({a.model for a in self.answers if a.confidence >= Confidence.MEDIUM}) > 1
