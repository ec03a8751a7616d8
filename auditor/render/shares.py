"""How the models found divide among countries and modalities: counts, never percentages of a handful."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from auditor.domain.model import Verdict
from auditor.domain.report import Finding, Jurisdiction
from auditor.render.regions import UNKNOWN, Region, Stands, region_of


@dataclass(frozen=True, slots=True)
class CountryShare:
    """How many models have a hand of a region in their weights. *Shape*: `countries` those seen, sorted.

    `base`: their base weights were pretrained there; `later`: only a later training or a part inside is from there. A
    model made in several regions counts in each.
    """

    region: Region
    countries: tuple[str, ...]
    base: int
    later: int

    @property
    def models(self) -> int:
        return self.base + self.later


@dataclass(frozen=True, slots=True)
class ModalityShare:
    """How many models do one kind of work, and how many of those are counted, or of unknown origin."""

    modality: str
    models: int
    counted: int
    unknown: int


def by_country(findings: Collection[Finding], among: Sequence[Region]) -> tuple[CountryShare, ...]:
    """A share for each region with a model, in their order; the one asked and the unknown also when they have none."""
    base: Counter[Region] = Counter()
    later: Counter[Region] = Counter()
    seen: defaultdict[Region, set[str]] = defaultdict(set)
    for finding in findings:
        judged = finding.judgement
        started = {region_of(country, among) for country in judged.root_countries} or {UNKNOWN}
        changes = (*judged.derived_countries, *judged.component_countries)
        base.update(started)
        later.update({region_of(country, among) for country in changes} - started)
        for country in (*judged.root_countries, *changes):
            seen[region_of(country, among)].add(country)
    return tuple(
        CountryShare(region, tuple(sorted(seen[region])), base[region], later[region])
        for region in among
        if base[region] or later[region] or region.stands is not Stands.ELSEWHERE
    )


def by_modality(findings: Collection[Finding], jurisdiction: Jurisdiction) -> tuple[ModalityShare, ...]:
    """A share for each modality, the most frequent first."""
    grouped: defaultdict[str, list[Finding]] = defaultdict(list)
    for finding in findings:
        grouped[finding.modality or "not known"].append(finding)
    shares = [
        ModalityShare(
            modality,
            len(models),
            sum(model.judgement.verdict in jurisdiction.counted for model in models),
            sum(model.judgement.verdict is Verdict.UNKNOWN for model in models),
        )
        for modality, models in grouped.items()
    ]
    return tuple(sorted(shares, key=lambda share: (-share.models, share.modality)))
