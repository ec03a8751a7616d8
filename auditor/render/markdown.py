"""A report as a comment on a pull request: the verdict, what it rests on, and the rest folded away.

The first line is a hidden marker that stays the same for a jurisdiction: who posts the comment looks for it and updates
what is there instead of adding another. GitHub refuses comments over 65,536 characters, so the longest lists are cut,
most serious first, and say so.

Names and paths of the repository stand as code; sentences have all punctuation that Markdown, HTML or GitHub act on written
as character references, so that nobody is mentioned, nothing is linked and no other issue is referred to.
*Source*: https://github.github.com/gfm/
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from auditor.domain.model import Verdict
from auditor.domain.reference import Occurrence, Usage
from auditor.domain.report import Finding, Outcome, Report
from auditor.render import words
from auditor.render.escape import visible
from auditor.render.headline import incomplete, reason, sentence, violated, what_was_read
from auditor.render.order import by_relevance, by_severity, by_verdict

MOST_BYTES = 65_536
MARKER = "<!-- auditor-report: {} -->"
_ROWS = (20, 10, 5, 2, 1)  # of each list; the first with which all fits
_LONG_SENTENCE = 300
_LONG_NAME = 120
_OTHER = re.compile(r"[^a-z0-9-]+")
_ACTED_ON = re.compile(
    r"[&<>\"'`\\*_~\[\]!|#@$^={}]"  # anywhere; then: links, references to issues, and what begins a list
    r"|:(?=//)|(?<=www)\.|(?<=gh)-(?=\d)|^[-+](?=\s)|^\d(?=\d*[.)])",
    re.IGNORECASE,
)
_PLAIN = re.compile(r"[\w./:@+,()\[\]{}… -]+")


def render(report: Report) -> str:
    """The report as GitHub Flavored Markdown. *Shape*: at most 65,536 bytes of UTF-8, begins with the marker."""
    for most in _ROWS:
        text = "\n".join(_lines(report, most)) + "\n"
        if len(text.encode("utf-8", "replace")) <= MOST_BYTES:
            return text
    return text


def _lines(report: Report, most: int) -> Iterator[str]:
    yield MARKER.format(_OTHER.sub("-", report.jurisdiction.id.lower()))
    yield f"### {report.verdict.value.upper()}: {said(sentence(report))}"
    yield ""
    yield from _spaced(said(reason(report)), _bold(violated(report)))
    yield from _denied(report, most)
    yield from _spaced(_bold(incomplete(report)))
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
        yield from (*lines[:most], *_more(len(lines) - most), "")


def _products(report: Report, most: int) -> Iterator[str]:
    if len(report.products) < 2:
        return
    ordered = by_verdict(report.products)
    yield from _table(
        ("Product", "Verdict", "Why"),
        [(code(p.name), p.verdict.value, said(p.why)) for p in ordered[:most]],
        more=len(ordered) - most,
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
        yield from _folded(with_title, _models(cleared, Usage.RUNS, report, most))


def _listed(report: Report, usage: Usage, title: str, most: int) -> Iterator[str]:
    chosen = by_relevance((f for f in report.findings if f.usage is usage), report.jurisdiction)
    if chosen:
        told = f"{title}: {words.number(len(chosen), 'model')}, {words.origin_counts(chosen, report.jurisdiction)}"
        yield from _folded(told, _models(chosen, usage, report, most))


def _models(findings: Sequence[Finding], usage: Usage, report: Report, most: int) -> Iterator[str]:
    yield from _table(
        ("Model", "Whose weights", "Origin", "How", "Where"),
        [_model(finding, usage, report) for finding in findings[:most]],
        more=len(findings) - most,
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
    yield from _folded(f"Policy: {told or 'waivers without effect'}", [*lines[:most], *_more(len(lines) - most), ""])


def _flags(report: Report, most: int) -> Iterator[str]:
    running = (finding for finding in report.findings if finding.usage is Usage.RUNS)
    flags = sorted({flag for finding in running for flag in finding.flags}, key=lambda flag: (flag.id, flag.subject))
    if flags:
        lines = [f"- {code(flag.id)} {said(flag.subject)}: {said(flag.note)}" for flag in flags[:most]]
        yield from _folded("Flags, not part of the verdict", [*lines, *_more(len(flags) - most), ""])


def _stacks(report: Report, most: int) -> Iterator[str]:
    if report.stacks:
        lines = [f"- {said(s.name)}: {said(words.maker(s.vendor, s.countries))}" for s in report.stacks[:most]]
        yield from _folded("Accelerator stacks, apart from weights", [*lines, *_more(len(report.stacks) - most), ""])


def _gaps(report: Report, most: int) -> Iterator[str]:
    if report.gaps:
        gaps = sorted(report.gaps, key=lambda gap: (gap.code, gap.path))
        lines = [f"- {code(gap.path, keep_end=True)} {said(gap.code)}: {said(gap.message)}" for gap in gaps[:most]]
        yield from _folded(f"Not examined: {len(gaps)}", [*lines, *_more(len(gaps) - most), ""])


def _table(titles: Sequence[str], rows: Iterable[Sequence[str]], *, more: int) -> Iterator[str]:
    yield f"| {' | '.join(titles)} |"
    yield f"|{' --- |' * len(titles)}"
    yield from (f"| {' | '.join(row)} |" for row in rows)
    yield ""
    yield from _spaced(*_more(more))


def _folded(title: str, lines: Iterable[str]) -> Iterator[str]:
    yield from (f"<details><summary>{said(title)}</summary>", "")
    yield from lines
    yield from ("</details>", "")


def _more(count: int) -> list[str]:
    return [f"…and {count:,} more: see the full report."] if count > 0 else []


def _spaced(*paragraphs: str) -> Iterator[str]:
    for paragraph in filter(None, paragraphs):
        yield from (paragraph, "")


def _several(names: Sequence[str], most: int) -> str:
    return ", ".join(names[:most]) + (f" and {len(names) - most} more" if len(names) > most else "")


def _bold(text: str) -> str:
    return f"**{said(text)}**" if text else ""


def said(text: str) -> str:
    """A sentence that means nothing but itself, in Markdown as in HTML."""
    return _ACTED_ON.sub(_reference, _clipped(visible(text).strip(), _LONG_SENTENCE))


def _reference(match: re.Match[str]) -> str:
    """GitHub looks for mentions and issues after it has read the references: an invisible break parts what they start."""
    parting = "&#8203;" if match[0] in "@#.-:" else ""
    return f"&#{ord(match[0])};{parting}"


def code(text: str, *, keep_end: bool = False) -> str:
    """Text in a code span; what could end the span, or the cell of a table around it, as references in its own element."""
    shown = _clipped(visible(text), _LONG_NAME, keep_end=keep_end).strip() or "?"
    return f"`{shown}`" if _PLAIN.fullmatch(shown) else f"<code>{said(shown)}</code>"


def _clipped(text: str, most: int, *, keep_end: bool = False) -> str:
    if len(text) <= most:
        return text
    return f"…{text[1 - most :]}" if keep_end else f"{text[: most - 1]}…"
