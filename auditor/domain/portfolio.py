"""Many products, what claims say of them, and how far the sample bears each claim out."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from auditor.domain.claim import Axes, ClaimRule, Conclusion, Estimate, Level, ReadingRule, Tally
from auditor.domain.model import Verdict, Weights
from auditor.domain.reference import Confidence
from auditor.domain.report import Ancestor, Jurisdiction, ProductVerdict, SnapshotInfo


@dataclass(frozen=True, slots=True)
class Holding:
    """One product as the manifest names it. *Shape*: `part` "" for the whole repository; tags sorted; `company` never ""."""

    name: str
    source: str
    revision: str = ""
    part: str = ""
    company: str = ""
    country: str = ""
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Detector:
    """How often the audit is right, as measured on labelled products. *Units*: shares; the sizes count products, 0 when exact."""

    sensitivity: float
    specificity: float
    positives: int = 0
    negatives: int = 0


@dataclass(frozen=True, slots=True)
class Frame:
    """What the products are a sample of. `population` counts companies, 0 when not known; `strata` by tag likewise."""

    name: str = ""
    population: int = 0
    sampling: str = ""
    strata: tuple[tuple[str, int], ...] = ()
    detector: Detector | None = None


@dataclass(frozen=True, slots=True)
class ModelFacts:
    """What the reports say of one model. *Shape*: countries sorted, by the bases of the jurisdiction that was asked."""

    id: str
    name: str
    family: str
    modality: str
    weights: Weights
    publisher: str
    publisher_countries: tuple[str, ...]
    verdict: Verdict
    confidence: Confidence
    roots: tuple[Ancestor, ...]
    root_countries: tuple[str, ...]
    derived_countries: tuple[str, ...]
    component_countries: tuple[str, ...]
    complete: bool


@dataclass(frozen=True, slots=True)
class Use:
    """One model in one product, at its strongest place."""

    model: ModelFacts
    level: Level
    path: str
    line: int


@dataclass(frozen=True, slots=True)
class Audited:
    """One product with its result. *Shape*: `error` "" when it was audited; without a result the verdict is unknown.

    Of its models only those that it uses; `key` names its report in the store; `since` is the first date at which its verdict was seen, "" when not asked.
    """

    holding: Holding
    key: str = ""
    commit: str | None = None
    verdict: ProductVerdict = ProductVerdict.UNKNOWN
    why: str = ""
    uses: tuple[Use, ...] = ()
    gaps: int = 0
    error: str = ""
    since: str = ""


@dataclass(frozen=True, slots=True)
class Variant:
    """The same reading under other choices."""

    axes: Axes
    tally: Tally
    share: float | None
    interval: Estimate | None
    conclusion: Conclusion


class Standing(StrEnum):
    """Where a company stands in a reading."""

    COUNTED = "counted"
    NOT = "not"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Member:
    """One company that a reading is, or may be, about."""

    company: str
    standing: Standing


@dataclass(frozen=True, slots=True)
class Reading:
    """One reading tested. *Shape*: no share and no interval when the denominator is empty.

    `bounds` are the shares if all unknown companies were against the claim or for it; `needed` counts members of the
    denominator, None when no sample would decide; `others` are further estimates of the same share.
    """

    rule: ReadingRule
    tally: Tally
    share: float | None
    interval: Estimate | None
    bounds: tuple[float, float]
    p_value: float | None
    conclusion: Conclusion
    needed: int | None
    others: tuple[Estimate, ...]
    variants: tuple[Variant, ...]
    notes: tuple[str, ...]
    by_tag: tuple[tuple[str, Tally, Estimate], ...] = ()
    members: tuple[Member, ...] = ()


@dataclass(frozen=True, slots=True)
class Claimed:
    rule: ClaimRule
    readings: tuple[Reading, ...]


@dataclass(frozen=True, slots=True)
class Moment:
    """The portfolio at one date. *Shape*: `shares` by reading id, with the interval."""

    date: str
    products: int
    shares: tuple[tuple[str, Estimate | None], ...]


@dataclass(frozen=True, slots=True)
class Sample:
    """The products with their results, in the order of the manifest, and what the results rest on."""

    frame: Frame
    products: tuple[Audited, ...]
    jurisdiction: Jurisdiction
    version: str
    rules: str
    snapshot: SnapshotInfo
    regions: tuple[Jurisdiction, ...] = ()  # to group countries by


@dataclass(frozen=True, slots=True)
class Portfolio:
    sample: Sample
    claims: tuple[Claimed, ...]
    timeline: tuple[Moment, ...] = ()
