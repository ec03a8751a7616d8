"""A report as a comment on a pull request: the verdict, what it rests on, and the rest folded away.

The first line is a hidden marker that stays the same for a jurisdiction and a target: who posts the comment looks for it
and updates what is there instead of adding another.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from auditor.domain.model import Verdict
from auditor.domain.reference import Occurrence, Usage
from auditor.domain.report import Finding, Outcome, Report
from auditor.render import words
from auditor.render.gfm import bold, code, fitted, folded, marker, more, said, spaced, table
from auditor.render.headline import incomplete, reason, sentence, violated, what_was_read
from auditor.render.order import by_relevance, by_severity, by_verdict


def render(report: Report) -> str:
    """The report as GitHub Flavored Markdown. *Shape*: at most 65,536 bytes of UTF-8, begins with the marker."""
    return fitted(lambda most: _lines(report, most))


def _lines(report: Report, most: int) -> Iterator[str]:
    yield marker("report", report.jurisdiction.id, report.provenance.location)
    yield f"### {report.verdict.value.upper()}: {said(sentence(report))}"
    yield ""
    yield from spaced(said(reason(report)), bold(violated(report)))
    yield from _denied(report, most)
    yield from spaced(bold(incomplete(report)))
    yield from _products(report, most)
    yield from _running(report, most)
    yield from _policy(report, most)
    yield from _listed(report, Usage.SELECTABLE, "Can be selected", most)
    yield from _listed(report, Usage.TRAINS, "Is trained from", most)
    yield from _mentioned(report)
    yield from _flags(report, most)
    yield from _stacks(report, most)
    yield from _gaps(report, most)
    provenance = report.provenance
    rules = f"auditor {provenance.version}, rules {provenance.rules}, snapshot {provenance.snapshot.id or 'none'}"
    yield f"<sub>{said(what_was_read(provenance))}. {said(rules)}</sub>"


def _denied(report: Report, most: int) -> Iterator[str]:
    """What has to change before the policy is satisfied: never folded away."""
    denied = [decision for decision in by_severity(report.decisions) if decision.outcome is Outcome.DENY]
    lines: list[str] = []
    for (clause, message), grouped in groupby(denied, key=lambda d: (d.clause, d.message)):
        lines.append(f"- by {code(clause)}: {_several([code(one.model) for one in grouped], most)}. {said(message)}")
    if lines:
        yield from (*lines[:most], *more(len(lines) - most), "")


def _products(report: Report, most: int) -> Iterator[str]:
    if len(report.products) < 2:
        return
    ordered = by_verdict(report.products)
    yield from table(
        ("Product", "Verdict", "Why"),
        [(code(p.name), p.verdict.value, said(p.why)) for p in ordered[:most]],
        left_out=len(ordered) - most,
    )


def _running(report: Report, most: int) -> Iterator[str]:
    running = by_relevance((f for f in report.findings if f.usage is Usage.RUNS), report.jurisdiction)
    asked = [finding for finding in running if finding.judgement.verdict is not Verdict.NO]
    cleared = [finding for finding in running if finding.judgement.verdict is Verdict.NO]
    if running:
        yield f"**Runs {words.number(len(running), 'model')}**, {said(words.origin_counts(running, report.jurisdiction))}"
        yield ""
    if asked:
        yield from _models(asked, Usage.RUNS, report, most)
    if cleared:
        with_title = f"{words.number(len(cleared), 'model')} with no such weights"
        yield from folded(with_title, _models(cleared, Usage.RUNS, report, most))


def _listed(report: Report, usage: Usage, title: str, most: int) -> Iterator[str]:
    chosen = by_relevance((f for f in report.findings if f.usage is usage), report.jurisdiction)
    if chosen:
        told = f"{title}: {words.number(len(chosen), 'model')}, {words.origin_counts(chosen, report.jurisdiction)}"
        yield from folded(told, _models(chosen, usage, report, most))


def _models(findings: Sequence[Finding], usage: Usage, report: Report, most: int) -> Iterator[str]:
    yield from table(
        ("Model", "Whose weights", "Origin", "How", "Where"),
        [_model(finding, usage, report) for finding in findings[:most]],
        left_out=len(findings) - most,
    )


def _model(finding: Finding, usage: Usage, report: Report) -> tuple[str, ...]:
    judged = finding.judgement
    places = words.best_places(place for place in finding.occurrences if place.usage is usage)
    return (
        code(finding.id),
        said(words.whose(finding, report.jurisdiction.bases)),
        f"**{judged.verdict.value}**, {words.confidence(judged.confidence)}",
        words.ROLE[places[0].role] if places else "",
        _places(places),
    )


def _places(places: Sequence[Occurrence]) -> str:
    if not places:
        return ""
    more = f" +{len(places) - 1}" if len(places) > 1 else ""
    return code(words.where(places[0]), keep_end=True) + more


def _mentioned(report: Report) -> Iterator[str]:
    mentioned = [finding for finding in report.findings if finding.usage is Usage.MENTIONS]
    if mentioned:
        counts = ", ".join(f"{count} {told}" for count, told in words.mention_counts(mentioned))
        yield f"Only mentioned: {words.number(len(mentioned), 'model')} ({counts})."
        yield ""


def _policy(report: Report, most: int) -> Iterator[str]:
    decisions = [decision for decision in by_severity(report.decisions) if decision.outcome is not Outcome.DENY]
    if not decisions and not report.waivers:
        return
    lines: list[str] = []
    for (outcome, clause), grouped in groupby(decisions, key=lambda d: (d.outcome, d.clause)):
        models = [f"{code(one.model)}{' (in the baseline)' if one.known else ''}" for one in grouped]
        lines.append(f"- **{outcome.value}** by {code(clause)}: {_several(models, most)}")
    lines.extend(
        f"- waiver {one.state.value}, until {said(one.expires)}: {code(one.model)} ({said(one.reason)})"
        for one in report.waivers
    )
    told = ", ".join(f"{len(list(g))} {o.value}" for o, g in groupby(decisions, key=lambda d: d.outcome))
    yield from folded(f"Policy: {told or 'waivers without effect'}", [*lines[:most], *more(len(lines) - most), ""])


def _flags(report: Report, most: int) -> Iterator[str]:
    running = (finding for finding in report.findings if finding.usage is Usage.RUNS)
    flags = sorted({flag for finding in running for flag in finding.flags}, key=lambda flag: (flag.id, flag.subject))
    if flags:
        lines = [f"- {code(flag.id)} {said(flag.subject)}: {said(flag.note)}" for flag in flags[:most]]
        yield from folded("Flags, not part of the verdict", [*lines, *more(len(flags) - most), ""])


def _stacks(report: Report, most: int) -> Iterator[str]:
    if report.stacks:
        lines = [f"- {said(s.name)}: {said(words.maker(s.vendor, s.countries))}" for s in report.stacks[:most]]
        yield from folded("Accelerator stacks, apart from weights", [*lines, *more(len(report.stacks) - most), ""])


def _gaps(report: Report, most: int) -> Iterator[str]:
    if report.gaps:
        gaps = sorted(report.gaps, key=lambda gap: (gap.code, gap.path))
        lines = [f"- {code(gap.path, keep_end=True)} {said(gap.code)}: {said(gap.message)}" for gap in gaps[:most]]
        yield from folded(f"Not examined: {len(gaps)}", [*lines, *more(len(gaps) - most), ""])


def _several(names: Sequence[str], most: int) -> str:
    return ", ".join(names[:most]) + (f" and {len(names) - most} more" if len(names) > most else "")
