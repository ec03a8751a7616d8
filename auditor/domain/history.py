"""When each model came into use and went out of it. Nobody's name stands here: commits and dates, not authors."""

from __future__ import annotations

from dataclasses import dataclass

from auditor.domain.model import Verdict
from auditor.domain.reference import Confidence, Usage
from auditor.domain.report import Jurisdiction


@dataclass(frozen=True, slots=True)
class Moment:
    """A commit of the history. `date` is an ISO date in UTC."""

    commit: str
    date: str


@dataclass(frozen=True, slots=True)
class Stretch:
    """A model in one usage without a break, from a commit that has it up to the first that has not.

    `place` is where it stood first, path:line, in the product of that path, and `why` what makes that a use; `until` None
    when it is there still.
    """

    usage: Usage
    since: Moment
    until: Moment | None
    place: str
    product: str
    why: str


@dataclass(frozen=True, slots=True)
class Past:
    """One model through the history. *Shape*: stretches in their order, never empty and never of a mere mention."""

    model: str
    verdict: Verdict
    confidence: Confidence
    origin: str  # why that verdict, in words
    stretches: tuple[Stretch, ...]


@dataclass(frozen=True, slots=True)
class History:
    """*Shape*: pasts by the first commit of each, then by model.

    `looks` counts the commits that were audited whole: those at which a name came into a shipped file or left one. `cut`
    where the clone does not go back to the first commit, so that what came first may be older.
    """

    name: str
    jurisdiction: Jurisdiction
    first: Moment
    last: Moment
    commits: int
    looks: int
    blobs: int
    pasts: tuple[Past, ...]
    cut: bool
