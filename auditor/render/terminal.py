"""A report for somebody at a terminal: the verdict first, what it rests on next, everything else in counts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from rich.console import RenderableType
from rich.padding import Padding
from rich.text import Text

from auditor.domain.model import Verdict
from auditor.domain.reference import Occurrence, Usage
from auditor.domain.report import Finding, Outcome, Product, ProductVerdict, Report
from auditor.render import words
from auditor.render.console import labelled, printed, rows
from auditor.render.escape import visible
from auditor.render.headline import badge, headline

_MOST_RUNS = 12
_MOST_ROWS = 12
_MOST_PRODUCTS = 24
_MOST_PLACES = 3
_MOST_EXAMPLES = 5
_OUTCOME_STYLE = {Outcome.DENY: "bold red", Outcome.WARN: "yellow", Outcome.WAIVED: "cyan", Outcome.ALLOW: "green"}
_SEVERITY = [Outcome.DENY, Outcome.WARN, Outcome.WAIVED, Outcome.ALLOW]


def render(report: Report, *, width: int, color: bool) -> str:
    """The report for a terminal of `width` cells, ending in a line break."""
    sections = (
        headline(report),
        _products(report, width),
        _running(report),
        _offered(report, width),
        _trained(report, width),
        _mentioned(report),
        _stacks(report),
        _gaps(report),
        _policy(report),
        _next(report),
    )
    return printed(_spaced(sections), width=width, color=color)


def _spaced(sections: Iterable[Iterable[RenderableType]]) -> Iterator[RenderableType]:
    """The sections with an empty line between them; those that have nothing to say leave none."""
    first = True
    for section in sections:
        for n, part in enumerate(section):
            if n == 0 and not first:
                yield Text()
            first = False
            yield part


def _title(name: str, told: str = "") -> Text:
    return Text.assemble((name, "bold"), (f"  {told}" if told else "", "dim"))


def _products(report: Report, width: int) -> Iterator[RenderableType]:
    if len(report.products) < 2:
        return
    yield _title("Products", words.number(len(report.products), "product"))
    order = list(ProductVerdict)
    ordered = sorted(report.products, key=lambda p: (order.index(p.verdict), p.path))
    table = [
        [
            badge(product.verdict, complete=not report.gaps),
            Text(visible(product.name)),
            Text(visible(product.path), style="dim"),
            Text(f"{len(product.runs)} run, {len(product.selectable)} selectable", style="dim"),
            Text(visible(product.why)),
        ]
        for product in ordered[:_MOST_PRODUCTS]
    ]
    yield from rows(table, limits=(10, width // 4, width // 5, 24), width=width)
    yield from _more(len(ordered) - _MOST_PRODUCTS)


def _running(report: Report) -> Iterator[RenderableType]:
    findings = {finding.id: finding for finding in report.findings}
    for n, product in enumerate(sorted(report.products, key=lambda p: (list(ProductVerdict).index(p.verdict), p.path))):
        running = _by_relevance((findings[model] for model in product.runs if model in findings), report)
        if not running or n >= _MOST_PRODUCTS:
            continue
        if n:
            yield Text()
        name = "" if len(report.products) < 2 else f" in {visible(product.name)}"
        told = f"{words.number(len(running), 'model')}, {words.origin_counts(running, report.jurisdiction)}"
        yield _title(f"Runs{name}", told)
        for finding in running[:_MOST_RUNS]:
            yield from _block(finding, product, report)
        yield from _more(len(running) - _MOST_RUNS)


def _block(finding: Finding, product: Product, report: Report) -> Iterator[RenderableType]:
    traits = [finding.modality or "modality not known", f"{finding.weights.value} weights", finding.license]
    if finding.weights.value == "unknown":
        traits[1] = ""
    told = " · ".join(visible(trait) for trait in traits if trait)
    style = _style(finding, report)
    yield Text.assemble("  ", (visible(finding.id), f"bold {style}"), (f"  {told}", "dim"))
    places = words.best_places(o for o in finding.occurrences if o.usage is Usage.RUNS and o.product == product.path)
    yield labelled(_facts(finding, places, style, report.jurisdiction.bases))


def _facts(
    finding: Finding, places: Sequence[Occurrence], style: str, bases: Sequence[str]
) -> Iterator[tuple[str, RenderableType]]:
    judged = finding.judgement
    if finding.edges or not finding.complete:
        yield "weights", Text(words.lineage(finding, bases))
    sure = words.confidence(judged.confidence)
    yield "origin", Text.assemble((judged.verdict.value, style), f", {sure}: {visible(judged.why)}")
    where = _places([words.where(place) for place in places])
    if judged.verdict is Verdict.NO and places:
        yield "used", Text(f"{words.role(places[0].role)}, {where}")
    elif places:
        yield "used", Text(f"{words.role(places[0].role)}: {visible(places[0].why)}")
        yield "where", Text(where)
    for flag in finding.flags:
        yield "flag", Text(f"{visible(flag.subject)}: {visible(flag.note)} ({visible(flag.id)})", style="yellow")


def _places(places: Sequence[str]) -> str:
    more = len(places) - _MOST_PLACES
    return ", ".join(places[:_MOST_PLACES]) + (f"  +{more} more" if more > 0 else "")


def _offered(report: Report, width: int) -> Iterator[RenderableType]:
    yield from _listed(report, Usage.SELECTABLE, "Can be selected", width)


def _trained(report: Report, width: int) -> Iterator[RenderableType]:
    yield from _listed(report, Usage.TRAINS, "Is trained from", width)


def _listed(report: Report, usage: Usage, title: str, width: int) -> Iterator[RenderableType]:
    chosen = _by_relevance((finding for finding in report.findings if finding.usage is usage), report)
    if not chosen:
        return
    yield _title(title, f"{words.number(len(chosen), 'model')}, {words.origin_counts(chosen, report.jurisdiction)}")
    table = [
        [
            Text(visible(finding.id), style=_style(finding, report)),
            Text(visible(finding.modality) or "?", style="dim"),
            Text(words.whose(finding, report.jurisdiction.bases)),
            Text(_first_place(finding, usage), style="dim"),
        ]
        for finding in chosen[:_MOST_ROWS]
    ]
    limits = (width * 36 // 100, 11, width * 28 // 100)
    yield from rows(table, limits=limits, width=width, keep_end=True)
    yield from _more(len(chosen) - _MOST_ROWS)


def _first_place(finding: Finding, usage: Usage) -> str:
    places = words.best_places(place for place in finding.occurrences if place.usage is usage)
    return words.where(places[0]) if places else ""


def _mentioned(report: Report) -> Iterator[RenderableType]:
    mentioned = [finding for finding in report.findings if finding.usage is Usage.MENTIONS]
    if not mentioned:
        return
    origin = words.origin_counts(mentioned, report.jurisdiction)
    yield _title("Only mentioned", f"{words.number(len(mentioned), 'model')}, {origin}")
    counts = ", ".join(f"{count} {told}" for count, told in words.mention_counts(mentioned))
    yield Padding(Text(counts), (0, 0, 0, 2))


def _stacks(report: Report) -> Iterator[RenderableType]:
    if not report.stacks:
        return
    yield _title("Accelerator stacks", "reported apart from weights")
    yield labelled(
        (
            (
                visible(stack.name),
                Text.assemble(
                    words.maker(stack.vendor, stack.countries),
                    (f"  {_places([f'{visible(path)}:{line}' for path, line in stack.places])}", "dim"),
                ),
            )
            for stack in report.stacks
        ),
        indent=2,
    )


def _gaps(report: Report) -> Iterator[RenderableType]:
    if not report.gaps:
        return
    yield _title("Not examined", "what could not be read is not called clean")
    by_code = groupby(sorted(report.gaps, key=lambda gap: (gap.code, gap.stage, gap.path)), key=lambda gap: gap.code)
    counted = sorted(((code, list(gaps)) for code, gaps in by_code), key=lambda pair: (-len(pair[1]), pair[0]))
    yield labelled(
        (
            (
                visible(code),
                Text.assemble(
                    (f"{len(gaps)}  ", "yellow"),
                    ", ".join(visible(gap.path) for gap in gaps[:_MOST_EXAMPLES]),
                    (f"  +{len(gaps) - _MOST_EXAMPLES} more" if len(gaps) > _MOST_EXAMPLES else "", "dim"),
                ),
            )
            for code, gaps in counted
        ),
        indent=2,
    )


def _policy(report: Report) -> Iterator[RenderableType]:
    decisions = sorted(report.decisions, key=lambda d: (_SEVERITY.index(d.outcome), d.clause, d.model))
    if not decisions and not report.waivers:
        return
    yield _title("Policy")
    lines: list[tuple[str, RenderableType]] = []
    for (outcome, clause), grouped in groupby(decisions, key=lambda d: (d.outcome, d.clause)):
        models = [visible(decision.model) for decision in grouped]
        told = Text.assemble((outcome.value, _OUTCOME_STYLE[outcome]), f"  {', '.join(models[:_MOST_EXAMPLES])}")
        told.append(f"  +{len(models) - _MOST_EXAMPLES} more" if len(models) > _MOST_EXAMPLES else "", "dim")
        lines.append((visible(clause), told))
    for waiver in report.waivers:
        told = Text(f"{waiver.state.value}, until {waiver.expires}: {visible(waiver.model)} ({visible(waiver.reason)})")
        lines.append(("waiver", told))
    yield labelled(lines, indent=2)


def _next(report: Report) -> Iterator[RenderableType]:
    ordered = _by_relevance(report.findings, report)
    ordered.sort(key=lambda finding: finding.usage.rank)
    commands = [(f"auditor explain {visible(ordered[0].id)}", "its lineage, with evidence")] if ordered else []
    commands.append(("auditor scan -o report.json", "every model, place and gap"))
    commands.append(("auditor scan --jurisdiction ID", "ask of another one: auditor rules list jurisdictions"))
    yield _title("Next")
    yield labelled(((command, Text(told, style="dim")) for command, told in commands), indent=2)


def _by_relevance(findings: Iterable[Finding], report: Report) -> list[Finding]:
    """What the question is about first: counted, then unknown, then taught, then the rest; surest first."""

    def key(finding: Finding) -> tuple[int, int, str]:
        verdict = finding.judgement.verdict
        order = [verdict in report.jurisdiction.counted, verdict is Verdict.UNKNOWN, verdict is Verdict.TEACHER, True]
        return order.index(True), -finding.judgement.confidence, finding.id

    return sorted(findings, key=key)


def _style(finding: Finding, report: Report) -> str:
    verdict = finding.judgement.verdict
    if verdict in report.jurisdiction.counted:
        return "red"
    return "yellow" if verdict in (Verdict.UNKNOWN, Verdict.TEACHER) else ""


def _more(count: int) -> Iterator[Text]:
    if count > 0:
        yield Text(f"  +{count} more, see --format json", style="dim")
