"""What the rules say that a portfolio needs: public claims, the user's own, and the jurisdictions they ask for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from auditor.config import Options
from auditor.domain.portfolio import Moment, Portfolio, Sample
from auditor.domain.report import Jurisdiction
from auditor.portfolio import claims as claim_files
from auditor.portfolio.claims import Claims
from auditor.portfolio.readings import tested
from auditor.rulebook.load import load, shipped


def claims_and_places(files: Sequence[Path], options: Options) -> tuple[Claims, Mapping[str, Jurisdiction]]:
    """The claims of the files, else the public ones; with the jurisdictions by id. *Raises*: AuditError."""
    places = {one.id: one for one in load(extra=options.rules, cache=options.cache).jurisdictions}
    public = claim_files.shipped(shipped())
    if not files:
        return public, places
    own = [claim_files.read(file, jurisdictions=tuple(places), other=public) for file in files]
    rules = tuple(rule for claims in own for rule in claims.rules)
    return Claims(rules, own[0].generative, own[0].narrow), places


def portfolio(
    sample: Sample,
    knowledge: tuple[Claims, Mapping[str, Jurisdiction]],
    past: Sequence[tuple[str, Sample]] = (),
) -> Portfolio:
    """The sample with each claim tested over it, and over the past ones by date.

    A report tells a jurisdiction's countries; its names are the rules'.
    """
    claims, places = knowledge
    own = sample.jurisdiction
    if (named := places.get(own.id)) is not None:
        sample = replace(sample, jurisdiction=replace(own, name=named.name, adjective=named.adjective))
    sample = replace(sample, regions=tuple(places.values()))
    timeline = tuple(_moment(date, then, claims, places) for date, then in past)
    return Portfolio(sample, tested(sample, claims, places), timeline)


def _moment(date: str, then: Sample, claims: Claims, places: Mapping[str, Jurisdiction]) -> Moment:
    readings = (reading for claim in tested(then, claims, places) for reading in claim.readings)
    shares = tuple((reading.rule.label or reading.rule.id, reading.interval) for reading in readings)
    return Moment(date, len(then.products), shares)
