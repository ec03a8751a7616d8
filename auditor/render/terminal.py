"""A report for somebody at a terminal: the verdict first, what it rests on next, everything else in counts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import groupby

from rich.console import RenderableType
from rich.padding import Padding
from rich.text import Text

from auditor.domain.model import Verdict, Weights
from auditor.domain.reference import Occurrence, Usage
from auditor.domain.report import Finding, Outcome, Product, ProductVerdict, Report
from auditor.render import words
from auditor.render.console import clipped, labelled, printed, rows
from auditor.render.escape import visible
from auditor.render.headline import badge, headline
from auditor.render.order import by_relevance, by_severity, by_verdict

_MOST_RUNS = 12
_MOST_ROWS = 12
_MOST_PRODUCTS = 24
_MOST_PLACES = 3
_MOST_EXAMPLES = 5
_MOST_LINES = 2  # of a reason; all of it is in the JSON
_LABELS = 13  # cells to the left of a fact about a model
_OUTCOME_STYLE = {Outcome.DENY: "bold red", Outcome.WARN: "yellow", Outcome.WAIVED: "cyan", Outcome.ALLOW: "green"}


def render(report: Report, *, width: int, color: bool) -> str:
    """The report for a terminal of `width` cells, ending in a line break."""
    sections = (
        headline(report, width),
        _products(report, width),
        *_running(report, width),
        _offered(report, width),
        _trained(report, width),
        _mentioned(report),
        _flags(report),
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
    ordered = by_verdict(report.products)
    table = [
        [
            badge(product.verdict, complete=not report.gaps),
            Text(visible(product.name)),
            Text(visible(product.path), style="dim"),
            Text(f"runs {len(product.runs)}, offers {len(product.selectable)}", style="dim"),
            Text(visible(product.why) if product.verdict is not ProductVerdict.NO else "", style="dim"),
        ]
        for product in ordered[:_MOST_PRODUCTS]
    ]
    yield from rows(table, limits=(10, width // 4, width // 5, 22), width=width)
    yield from _more(len(ordered) - _MOST_PRODUCTS)


def _running(report: Report, width: int) -> Iterator[Iterator[RenderableType]]:
    """A section for each product that runs something, the worst first."""
    findings = {finding.id: finding for finding in report.findings}
    for product in by_verdict(report.products)[:_MOST_PRODUCTS]:
        running = by_relevance((findings[model] for model in product.runs if model in findings), report.jurisdiction)
        if running:
            yield _run_by(product, running, report, width)


def _run_by(product: Product, running: Sequence[Finding], report: Report, width: int) -> Iterator[RenderableType]:
    """What the question is about in full, then what is cleared, a line each."""
    name = "" if len(report.products) < 2 else f" in {visible(product.name)}"
    told = f"{words.number(len(running), 'model')}, {words.origin_counts(running, report.jurisdiction)}"
    yield _title(f"Runs{name}", told)
    asked = [finding for finding in running if finding.judgement.verdict is not Verdict.NO]
    cleared = [finding for finding in running if finding.judgement.verdict is Verdict.NO]
    for finding in asked[:_MOST_RUNS]:
        yield from _block(finding, product, report, width)
    yield from _more(len(asked) - _MOST_RUNS)
    yield from _table(cleared, report, lambda place: _runs_in(product, place), width)


def _runs_in(product: Product, place: Occurrence) -> bool:
    return place.usage is Usage.RUNS and place.product == product.path


def _block(finding: Finding, product: Product, report: Report, width: int) -> Iterator[RenderableType]:
    weights = "" if finding.weights is Weights.UNKNOWN else f"{finding.weights.value} weights"
    traits = (finding.modality or "modality not known", weights, finding.license)
    told = " · ".join(visible(trait) for trait in traits if trait)
    yield Text.assemble("  ", (visible(finding.id), f"bold {_style(finding, report)}"), (f"  {told}", "dim"))
    places = words.best_places(place for place in finding.occurrences if _runs_in(product, place))
    yield labelled(_facts(finding, places, report, width), least=len("weights"))


def _facts(
    finding: Finding, places: Sequence[Occurrence], report: Report, width: int
) -> Iterator[tuple[str, RenderableType]]:
    judged = finding.judgement
    if finding.edges or not finding.complete:
        yield "weights", Text(words.lineage(finding, report.jurisdiction.bases))
    sure = words.confidence(judged.confidence)
    yield "origin", Text.assemble((judged.verdict.value, _style(finding, report)), f", {sure}: {visible(judged.why)}")
    if places:
        used = f"{words.ROLE[places[0].role]}: {visible(places[0].why)}"
        yield "used", Text(clipped(used, _MOST_LINES * (width - _LABELS)))
        yield "where", Text(_places([words.where(place) for place in places]))
    if finding.flags:
        yield "flags", Text(", ".join(visible(flag.id) for flag in finding.flags), style="yellow")


def _places(places: Sequence[str]) -> str:
    more = len(places) - _MOST_PLACES
    return ", ".join(places[:_MOST_PLACES]) + (f"  +{more} more" if more > 0 else "")


def _offered(report: Report, width: int) -> Iterator[RenderableType]:
    yield from _listed(report, Usage.SELECTABLE, "Can be selected", width)


def _trained(report: Report, width: int) -> Iterator[RenderableType]:
    yield from _listed(report, Usage.TRAINS, "Is trained from", width)


def _listed(report: Report, usage: Usage, title: str, width: int) -> Iterator[RenderableType]:
    chosen = by_relevance((f for f in report.findings if f.usage is usage), report.jurisdiction)
    if chosen:
        yield _title(title, f"{words.number(len(chosen), 'model')}, {words.origin_counts(chosen, report.jurisdiction)}")
        yield from _table(chosen, report, lambda place: place.usage is usage, width)


def _table(
    findings: Sequence[Finding], report: Report, shown: Callable[[Occurrence], bool], width: int
) -> Iterator[RenderableType]:
    """One line a model, with the best of its places that are `shown`."""
    table = [
        [
            Text(visible(finding.id), style=_style(finding, report)),
            Text(visible(finding.modality) or "?", style="dim"),
            Text(words.whose(finding, report.jurisdiction.bases)),
            Text(
                _places([words.where(p) for p in words.best_places(filter(shown, finding.occurrences))[:1]]),
                style="dim",
            ),
        ]
        for finding in findings[:_MOST_ROWS]
    ]
    limits = (width * 36 // 100, 11, width * 28 // 100)
    yield from rows(table, limits=limits, width=width, keep_end=True)
    yield from _more(len(findings) - _MOST_ROWS)


def _mentioned(report: Report) -> Iterator[RenderableType]:
    mentioned = [finding for finding in report.findings if finding.usage is Usage.MENTIONS]
    if not mentioned:
        return
    origin = words.origin_counts(mentioned, report.jurisdiction)
    yield _title("Only mentioned", f"{words.number(len(mentioned), 'model')}, {origin}")
    counts = ", ".join(f"{count} {told}" for count, told in words.mention_counts(mentioned))
    yield Padding(Text(counts), (0, 0, 0, 2))


def _flags(report: Report) -> Iterator[RenderableType]:
    """Every flag of a model that runs, once, however many models carry it."""
    running = (finding for finding in report.findings if finding.usage is Usage.RUNS)
    flags = sorted({flag for finding in running for flag in finding.flags}, key=lambda flag: (flag.id, flag.subject))
    if flags:
        yield _title("Flags", "worth knowing; not part of the verdict")
        lines = ((flag, f"{visible(flag.subject)}: {visible(flag.note)}") for flag in flags)
        yield labelled(
            ((visible(flag.id), Text.assemble(told, (f"  {visible(flag.as_of)}", "dim"))) for flag, told in lines),
            indent=2,
        )


def _stacks(report: Report) -> Iterator[RenderableType]:
    if not report.stacks:
        return
    yield _title("Accelerator stacks", "reported apart from weights")
    for stack in report.stacks:
        yield Padding(Text(f"{visible(stack.name)}  {words.maker(stack.vendor, stack.countries)}"), (0, 0, 0, 2))
        places = _places([f"{visible(path)}:{line}" for path, line in stack.places])
        yield Padding(Text(places, style="dim"), (0, 0, 0, 4))


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
    decisions = by_severity(report.decisions)
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
    ordered = by_relevance(report.findings, report.jurisdiction)
    ordered.sort(key=lambda finding: finding.usage.rank)
    commands = [(f"auditor explain {visible(ordered[0].id)}", "its lineage, with evidence")] if ordered else []
    commands.append(("auditor scan -o report.json", "every model, place and gap"))
    commands.append(("auditor scan --jurisdiction ID", "ask of another one: auditor rules list jurisdictions"))
    yield _title("Next")
    yield labelled(((command, Text(told, style="dim")) for command, told in commands), indent=2)


def _style(finding: Finding, report: Report) -> str:
    verdict = finding.judgement.verdict
    if verdict in report.jurisdiction.counted:
        return "red"
    return "yellow" if verdict in (Verdict.UNKNOWN, Verdict.TEACHER) else ""


def _more(count: int) -> Iterator[Text]:
    if count > 0:
        yield Text(f"  +{count} more, see --format json", style="dim")
