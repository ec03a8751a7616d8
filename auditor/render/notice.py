"""What a commit hook says: nothing more than what is wrong with the change, and what can be done about it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from fnmatch import fnmatchcase

from rich.console import RenderableType
from rich.text import Text

from auditor.domain.reference import Occurrence
from auditor.domain.report import Decision, Finding, Outcome, Report
from auditor.render import words
from auditor.render.console import labelled, printed
from auditor.render.escape import visible
from auditor.render.order import by_severity

_MOST_PLACES = 3
_A_QUARTER = timedelta(days=90)
_SHARED = "pyproject.toml"


def render(report: Report, *, today: date, policy: str, width: int, color: bool) -> str:
    """The decisions on a change for a terminal of `width` cells, ending in a line break.

    `policy` is the name of the file that decided, "" for the shipped policy.
    """
    return printed(_parts(report, today, policy), width=width, color=color)


def _parts(report: Report, today: date, policy: str) -> Iterator[RenderableType]:
    findings = {finding.id: finding for finding in report.findings}
    decided = by_severity(report.decisions)
    denied = [(one, findings[one.model]) for one in decided if one.outcome is Outcome.DENY]
    warned = [(one, findings[one.model]) for one in decided if one.outcome is Outcome.WARN]
    if denied:
        told = f"denied: this change adds {words.number(len(denied), 'model')} against the policy"
    elif report.findings:
        told = f"allowed: this change adds {words.number(len(report.findings), 'model')}, none against the policy"
    else:
        told = "allowed: this change adds no model"
    yield Text(told, style="bold red" if denied else "")
    for decision in decided:
        if decision.outcome is Outcome.WAIVED:
            yield Text(f"  waived  {visible(decision.model)}: {visible(decision.waiver or '')}", style="cyan")
    for decision, finding in (*denied, *warned):
        yield Text()
        yield from _decision(decision, finding, report)
    if denied:
        yield Text()
        yield from _advice([finding for _, finding in denied], today, policy or "auditor.toml")


def _decision(decision: Decision, finding: Finding, report: Report) -> Iterator[RenderableType]:
    places = words.best_places(finding.occurrences)
    style = "bold red" if decision.outcome is Outcome.DENY else "yellow"
    judged = finding.judgement
    yield Text.assemble("  ", (visible(finding.id), style))
    facts: list[tuple[str, RenderableType]] = [
        ("where", Text(_where(places))),
        ("used", Text(f"{words.ROLE[places[0].role]}: {visible(places[0].why)}")),
        ("origin", Text(f"{judged.verdict}, {words.confidence(judged.confidence)}: {visible(judged.why)}")),
        (decision.outcome.value, Text(_by(decision, finding))),
    ]
    expired = [
        one for one in report.waivers if any(fnmatchcase(finding.id.lower(), g.lower()) for g in one.model.split(", "))
    ]
    facts += [
        ("waiver", Text(f"expired after {one.expires}: {visible(one.reason)} (approved by {visible(one.approved_by)})"))
        for one in expired
    ]
    yield labelled(facts)


def _by(decision: Decision, finding: Finding) -> str:
    message = visible(decision.message)
    return f"by {visible(decision.clause)}" + (f": {message}" if decision.message != finding.judgement.why else "")


def _advice(findings: Sequence[Finding], today: date, policy: str) -> Iterator[RenderableType]:
    first = findings[0]
    place = words.best_places(first.occurrences)[0]
    table = "tool.auditor.waiver" if policy == _SHARED else "waiver"
    waiver = (
        f"in {policy}, with a reason, a name and a last day:",
        f"[[{table}]]",
        f"match = {{ model = {_quoted(first.id)}, paths = [{_quoted(place.path)}] }}",
        'reason = "why this is right all the same"',
        'approved-by = "who says so"',
        f"expires = {(today + _A_QUARTER).isoformat()}",
    )
    yield Text("What to do", style="bold")
    yield labelled(
        (
            ("change it", Text(f"name another model at {words.where(place)}")),
            ("understand it", Text(f"auditor explain {visible(first.id)}")),
            ("waive it", Text("\n".join(waiver))),
        ),
        indent=2,
    )


def _where(places: Sequence[Occurrence]) -> str:
    more = len(places) - _MOST_PLACES
    return ", ".join(map(words.where, places[:_MOST_PLACES])) + (f"  +{more} more" if more > 0 else "")


def _quoted(text: str) -> str:
    """A TOML string that stands for the text, whatever it holds; as a pattern it means itself."""
    escaped = "".join(f"[{c}]" if c in "*?[" else c for c in text)
    return '"' + visible(escaped.replace("\\", "\\\\").replace('"', '\\"')) + '"'
