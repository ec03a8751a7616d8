"""Countries in the groups that readers ask for: the jurisdiction asked first, then others that do not overlap with it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from auditor.domain.model import Verdict
from auditor.domain.report import Jurisdiction


class Stands(StrEnum):
    """What something is to the question asked."""

    ASKED = "asked"
    UNKNOWN = "unknown"
    ELSEWHERE = "elsewhere"


def stands(verdict: Verdict, asked: Jurisdiction) -> Stands:
    """What a model is to the question, by its verdict."""
    if verdict in asked.counted:
        return Stands.ASKED
    return Stands.UNKNOWN if verdict is Verdict.UNKNOWN else Stands.ELSEWHERE


@dataclass(frozen=True, slots=True)
class Region:
    """A group of countries; without a jurisdiction it is what is in no other, or what is not known."""

    name: str
    stands: Stands
    jurisdiction: Jurisdiction | None = None

    def holds(self, country: str) -> bool:
        return self.jurisdiction is not None and self.jurisdiction.holds(country)


OTHER = Region("Other countries", Stands.ELSEWHERE)
UNKNOWN = Region("Not known", Stands.UNKNOWN)


def regions(asked: Jurisdiction, known: Sequence[Jurisdiction]) -> tuple[Region, ...]:
    """The jurisdiction asked, those that share no country with an earlier one, the rest of the world, and not known."""
    chosen = [Region(asked.name, Stands.ASKED, asked)]
    for one in known:
        if not one.outside and not any(region.holds(country) for region in chosen for country in one.countries):
            chosen.append(Region(one.name, Stands.ELSEWHERE, one))
    return (*chosen, OTHER, UNKNOWN)


def region_of(country: str, among: Sequence[Region]) -> Region:
    return next((region for region in among if region.holds(country)), OTHER)


def country_name(country: str, among: Sequence[Region]) -> str:
    """`China (CN)` where a region is that country alone, otherwise the code, with the region where there is one."""
    region = region_of(country, among)
    if region.jurisdiction is None:
        return country
    alone = region.jurisdiction.countries == (country,) and not region.jurisdiction.outside
    return f"{region.name} ({country})" if alone else f"{country}, {region.name}"
