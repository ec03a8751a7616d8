"""Claims: what was said, how it can be read, and the numbers that a reading comes down to."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from auditor.domain.reference import Usage


class Level(StrEnum):
    """How a product uses a model, strongest first: named and run, run because a dependency does, offered, and the rest."""

    NAMED = "named"
    IMPLIED = "implied"
    OFFERED = "offered"
    TRAINED = "trained"
    MENTIONED = "mentioned"

    @property
    def usage(self) -> Usage:
        match self:
            case Level.NAMED | Level.IMPLIED:
                return Usage.RUNS
            case Level.OFFERED:
                return Usage.SELECTABLE
            case Level.TRAINED:
                return Usage.TRAINS
            case Level.MENTIONED:
                return Usage.MENTIONS


class Op(StrEnum):
    """How a share is compared with what is claimed of it."""

    AT_LEAST = ">="
    OVER = ">"
    AT_MOST = "<="
    UNDER = "<"
    WITHIN = "within"


@dataclass(frozen=True, slots=True)
class Threshold:
    """What is claimed of a share. `upper` only for `within`."""

    op: Op
    value: float
    upper: float = 1.0


class Meaning(StrEnum):
    """When weights count as a jurisdiction's."""

    STRICT = "strict"  # pretrained there
    BROAD = "broad"  # pretrained or changed there, or with a part that was
    PUBLISHER = "publisher"  # published from there, whatever they were made from


class Group(StrEnum):
    """Whom a share is of, and which companies are counted in it."""

    AUDITED = "audited"
    AI_USERS = "ai-users"
    OPEN_WEIGHT_USERS = "open-weight-users"
    GENERATIVE_USERS = "generative-users"
    ORIGIN = "origin"  # has open weights of the jurisdiction
    ORIGIN_ANY = "origin-any"  # has a model of the jurisdiction, open or closed
    PRIMARY_ORIGIN = "primary-origin"  # its generative models are all of the jurisdiction


class Conclusion(StrEnum):
    SUPPORTED = "supported"
    REFUTED = "refuted"
    UNDECIDED = "undecided"


@dataclass(frozen=True, slots=True)
class Estimate:
    """One statistic. *Units*: shares of `n`; `level` is the coverage that the interval aims at, 0 for bounds that are sure."""

    quantity: str
    value: float
    low: float
    high: float
    n: float
    method: str
    level: float = 0.95


@dataclass(frozen=True, slots=True)
class Tally:
    """Companies by what is known of them. `outside` are those that nothing is known to keep in or out of the denominator.

    `numerator` and `unsure` are of the denominator; `outside_possible` of those outside may be in the numerator too.
    """

    numerator: int
    denominator: int
    unsure: int = 0
    outside: int = 0
    outside_possible: int = 0

    @property
    def unknown(self) -> int:
        return self.unsure + self.outside


@dataclass(frozen=True, slots=True)
class Axes:
    """The choices that a number depends on. `narrow` leaves out embeddings, rerankers and OCR."""

    usage: Level = Level.IMPLIED  # and every stronger one
    meaning: Meaning = Meaning.BROAD
    narrow: bool = False


@dataclass(frozen=True, slots=True)
class ReadingRule:
    """One precise reading of a claim: which companies, of which, how they are counted, and the share that is claimed."""

    id: str
    label: str
    statement: str
    count: Group
    of: Group
    threshold: Threshold
    axes: Axes
    jurisdiction: str = ""  # "" for the one that was audited for
    note: str = ""


@dataclass(frozen=True, slots=True)
class Wording:
    """What somebody said, when, and where it can be read. `kind` is original, clarification or became."""

    kind: str
    text: str
    source: str
    as_of: str


@dataclass(frozen=True, slots=True)
class ClaimRule:
    id: str
    statement: str
    source: str
    as_of: str
    wordings: tuple[Wording, ...]
    readings: tuple[ReadingRule, ...]
    note: str = ""
