"""A report as one HTML file to open, print and hand on: no remote asset, readable without its script.

Everything that a template puts in passes `visible` and is escaped; style and script are allowed by their digests alone, so
markup that got in all the same could neither run nor load anything.
*Source*: https://www.w3.org/TR/CSP3/
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from operator import attrgetter

from jinja2 import Environment

from auditor.domain.model import Flag, Verdict
from auditor.domain.reference import Occurrence, Usage
from auditor.domain.report import Finding, ProductVerdict, Report
from auditor.render import headline, shares, words
from auditor.render.ancestry import ancestry
from auditor.render.flowpicture import Picture, flow
from auditor.render.order import by_relevance, by_severity, by_verdict
from auditor.render.pages import digest, templates
from auditor.render.regions import Region, Stands, regions, stands

_HUB_NAME = re.compile(r"[a-z0-9][\w.-]*(/[\w.-]+)?", re.ASCII | re.IGNORECASE)
_ADDRESS = re.compile(r"https://[a-z0-9]", re.ASCII | re.IGNORECASE)
_DRAWN = {  # what a product does with the models of a picture, and which they are
    Usage.RUNS: ("runs", attrgetter("runs")),
    Usage.SELECTABLE: ("offers", attrgetter("selectable")),
    Usage.TRAINS: ("trains from", attrgetter("trains")),
}


@dataclass(frozen=True, slots=True)
class Group:
    """The models of one usage. *Shape*: findings most relevant first; `asked` those that the answer is about."""

    usage: Usage
    findings: tuple[Finding, ...]
    asked: tuple[Finding, ...]
    cleared: tuple[Finding, ...]
    told: str
    picture: Picture | None


def render(report: Report) -> str:
    """The report as an HTML document, ending in a line break."""
    environment = _environment()
    among = regions(report.jurisdiction, report.regions)
    groups = {usage: _group(report, usage, among) for usage in Usage}
    ordered = [finding for group in groups.values() for finding in group.findings]
    page = environment.get_template("report.html").render(
        report=report,
        jurisdiction=report.jurisdiction,
        content_policy="; ".join(
            (
                "default-src 'none'",
                f"style-src {digest(environment.get_template('report.css').render())}",
                f"script-src {digest(environment.get_template('report.js').render())}",
                "base-uri 'none'",
                "form-action 'none'",
            )
        ),
        products=by_verdict(report.products),
        product_names={product.path: product.name for product in report.products},
        makers=lambda given: _makers(given, report),
        flags=_flags(groups[Usage.RUNS].findings),
        decisions=by_severity(report.decisions),
        groups=groups,
        findings=ordered,
        numbers={finding.id: n for n, finding in enumerate(ordered, 1)},
        running_shares=shares.by_country(groups[Usage.RUNS].findings, among),
        all_shares=shares.by_country(report.findings, among),
        modalities=shares.by_modality(report.findings, report.jurisdiction),
        running_modalities=shares.by_modality(groups[Usage.RUNS].findings, report.jurisdiction),
        stands=lambda finding: stands(finding.judgement.verdict, report.jurisdiction),
        product_stands=lambda product: _verdict_stands(product.verdict, report),
        verdict_stands=_verdict_stands(report.verdict, report),
    )
    return page.rstrip() + "\n"


@cache
def _environment() -> Environment:
    """The templates, compiled once a process."""
    environment = templates()
    environment.globals.update(
        words=words,
        headline=headline,
        ancestry=ancestry,
        places=_places,
        card=_card,
        Usage=Usage,
        Verdict=Verdict,
    )
    environment.tests["address"] = _is_address
    environment.tests["contains"] = lambda container, item: item in container
    return environment


def _is_address(url: str) -> bool:
    """Whether a link may lead there: nothing but the web, so that no `javascript:` gets in."""
    return _ADDRESS.match(url) is not None


def _card(finding: Finding) -> str:
    """Where the Hub shows the model; "" for what is not there, or has no name that the Hub could give."""
    known = finding.hub_id and _HUB_NAME.fullmatch(finding.hub_id)
    return f"https://huggingface.co/{finding.hub_id}" if known else ""


def _group(report: Report, usage: Usage, among: tuple[Region, ...]) -> Group:
    findings = by_relevance((f for f in report.findings if f.usage is usage), report.jurisdiction)
    return Group(
        usage,
        tuple(findings),
        tuple(finding for finding in findings if finding.judgement.verdict is not Verdict.NO),
        tuple(finding for finding in findings if finding.judgement.verdict is Verdict.NO),
        words.origin_counts(findings, report.jurisdiction),
        _picture(report, usage, findings, among) if usage in _DRAWN else None,
    )


def _makers(findings: Iterable[Finding], report: Report) -> dict[str, int]:
    """Whose weights these are, with how many models each, in the order of the findings; without what is not known."""
    whose = (words.whose(finding, report.jurisdiction.bases) for finding in findings)
    return Counter(maker for maker in whose if maker != words.NOT_KNOWN)


def _flags(findings: Iterable[Finding]) -> list[Flag]:
    """Every flag once, however many models carry it."""
    return sorted({flag for finding in findings for flag in finding.flags}, key=lambda flag: (flag.id, flag.subject))


def _picture(report: Report, usage: Usage, findings: list[Finding], among: tuple[Region, ...]) -> Picture | None:
    verb, models = _DRAWN[usage]
    having = [(product, models(product)) for product in report.products]
    return flow(having, findings, report.jurisdiction, among, verb=verb)


def _places(finding: Finding, usage: Usage | None = None) -> list[Occurrence]:
    """The places of a model, of one usage or of all, in the order in which they convince."""
    return words.best_places(place for place in finding.occurrences if usage in (None, place.usage))


def _verdict_stands(verdict: ProductVerdict, report: Report) -> str:
    """The colour of a verdict; a no is clean only where everything could be examined."""
    if verdict is ProductVerdict.YES:
        return Stands.ASKED
    if verdict is not ProductVerdict.NO:
        return Stands.UNKNOWN
    return Stands.ELSEWHERE if report.gaps else "clean"
