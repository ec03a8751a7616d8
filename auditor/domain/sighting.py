"""What detection hands to tracing: recognised names with the facts around them, file by file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from auditor.domain.fact import Alias, Call, Dependency, Fact, Import, Read, Signature
from auditor.domain.reference import Confidence, Reference
from auditor.domain.source import Gap, Scope, Span


class KnownNames(Protocol):
    """The names that somebody has on record, asked without regard to case."""

    def hub_id(self, name: str) -> str | None:
        """The canonical Hub id of a name, None when no record has it."""

    def alias_of(self, name: str) -> str | None:
        """The Hub id that another registry's or provider's name stands for, None when no catalogue says."""


@dataclass(frozen=True, slots=True)
class Name:
    """A reference recognised in a string. *Units*: start and end are code points within the string."""

    reference: Reference
    start: int
    end: int
    rule: str
    confidence: Confidence
    served_by: str = ""
    tentative: bool = False  # has the shape of a name and nothing more: dropped unless it reaches something that loads


@dataclass(frozen=True, slots=True)
class Sighting:
    """A name at one place of a file, with the fact that it stands in."""

    name: Name
    fact: Fact
    span: Span
    as_written: str


@dataclass(frozen=True, slots=True, weakref_slot=True)
class FileFacts:
    """All that was learned from one file. *Shape*: sightings in order of their spans; reads and calls may be `Rows`."""

    path: str
    scope: Scope
    language: str
    sightings: tuple[Sighting, ...]
    reads: Sequence[Read] = ()
    aliases: tuple[Alias, ...] = ()
    signatures: tuple[Signature, ...] = ()
    calls: Sequence[Call] = ()
    imports: tuple[Import, ...] = ()
    dependencies: tuple[Dependency, ...] = ()
    selectors: tuple[Fact, ...] = ()  # short strings given to names and keys that choose (`provider = "x"`)
    own_names: tuple[str, ...] = ()  # of the packages that this manifest defines
    gaps: tuple[Gap, ...] = ()
    size: int = 0  # bytes read
