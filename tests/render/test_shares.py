"""Countries in groups that do not overlap, and shares that keep the unknown in sight."""

from __future__ import annotations

from dataclasses import replace

from auditor.domain.report import Jurisdiction
from auditor.render.regions import OTHER, UNKNOWN, country_name, region_of, regions
from auditor.render.shares import ModalityShare, by_country, by_modality
from tests.render.reports import ACME, BGE, CHINESE, GPT, MENU, QWEN3


def jurisdiction(id_: str, name: str, *countries: str, outside: bool = False) -> Jurisdiction:
    return replace(CHINESE, id=id_, name=name, countries=countries, outside=outside)


US = jurisdiction("us", "United States", "US")
EU = jurisdiction("eu", "European Union", "DE", "FR")
KNOWN = (CHINESE, jurisdiction("wider", "China and more", "CN", "HK"), US, EU)
AMONG = regions(CHINESE, KNOWN)


def test_the_one_asked_comes_first_and_none_overlaps() -> None:
    assert [region.name for region in AMONG] == ["China", "United States", "European Union", OTHER.name, UNKNOWN.name]


def test_all_but_a_set_of_countries_can_be_asked_for() -> None:
    among = regions(jurisdiction("foreign", "Outside the US", "US", outside=True), KNOWN)
    assert [region.name for region in among] == ["Outside the US", "United States", OTHER.name, UNKNOWN.name]
    assert region_of("CN", among).name == "Outside the US"


def test_a_country_is_named_as_well_as_the_rules_allow() -> None:
    assert [country_name(code, AMONG) for code in ("CN", "FR", "IL")] == ["China (CN)", "FR, European Union", "IL"]


def test_a_model_counts_in_every_region_that_had_a_hand_in_it() -> None:
    shares = {share.region.name: (share.base, share.later) for share in by_country([BGE, QWEN3, GPT], AMONG)}
    assert shares == {"China": (1, 1), "United States": (2, 0), "Not known": (0, 0)}


def test_what_is_not_known_is_a_share_of_its_own() -> None:
    shares = {share.region.name: share.base for share in by_country([ACME], AMONG)}
    assert shares == {"China": 0, "Not known": 1}


def test_a_region_tells_which_of_its_countries_were_seen() -> None:
    (europe,) = [share for share in by_country(MENU, AMONG) if share.region.name == "European Union"]
    assert (europe.base, europe.countries) == (14, ("FR",))


def test_modalities_are_counted_with_what_is_counted_and_what_is_not_known() -> None:
    assert by_modality([BGE, QWEN3, GPT, ACME], CHINESE) == (
        ModalityShare("text", 2, 1, 0),
        ModalityShare("embedding", 1, 1, 0),
        ModalityShare("not known", 1, 0, 1),
    )
