"""The answer in one sentence, worded so that "not known" and "not examined" cannot be read as "no"."""

from __future__ import annotations

from collections.abc import Iterator
from typing import assert_never

from rich.console import RenderableType
from rich.text import Text

from auditor.domain.reference import Confidence, Usage
from auditor.domain.report import Outcome, Product, ProductVerdict, Provenance, Report
from auditor.render import words
from auditor.render.console import clipped
from auditor.render.escape import visible

_MOST_LINES = 2
_MOST_NAMES = 3
_STYLE = {
    ProductVerdict.YES: "bold red",
    ProductVerdict.SELECTABLE: "bold yellow",
    ProductVerdict.UNKNOWN: "bold yellow",
    ProductVerdict.NO: "bold green",
}


def headline(report: Report, width: int) -> Iterator[RenderableType]:
    """The verdict, the sentence that it rests on, and what was read."""
    yield Text.assemble(badge(report.verdict, complete=not report.gaps), "  ", (sentence(report), "bold"))
    why = reason(report)
    if why:
        yield Text(clipped(why, _MOST_LINES * width))
    if violated(report):
        yield Text(violated(report), style="red")
    if incomplete(report):
        yield Text(incomplete(report), style="yellow")
    yield Text(what_was_read(report.provenance), style="dim")


def badge(verdict: ProductVerdict, *, complete: bool) -> Text:
    """The verdict as a label; a no is green only where everything could be examined."""
    clean = verdict is not ProductVerdict.NO or complete
    return Text(verdict.value.upper(), style=_STYLE[verdict] if clean else "bold")


def sentence(report: Report) -> str:
    """The verdict in words, for the one product or over all of them."""
    weights = f"{visible(report.jurisdiction.adjective)}-origin weights"
    if len(report.products) == 1:
        return _of_one(report, report.products[0], weights)
    return _of_many(report, weights)


def reason(report: Report) -> str:
    """What the verdict rests on, with its place; "" where the sentence alone says it."""
    telling = [product for product in report.products if product.verdict is report.verdict and product.why]
    if report.verdict is ProductVerdict.NO:
        telling = [product for product in telling if product.runs and len(report.products) == 1]
    return visible(telling[0].why) if telling else ""


def violated(report: Report) -> str:
    """That the policy is violated, "" when it is not."""
    denied = sum(decision.outcome is Outcome.DENY for decision in report.decisions)
    return f"policy violated: {words.number(denied, 'model')} denied" if denied else ""


def incomplete(report: Report) -> str:
    """That something was not examined, "" when all was."""
    return f"incomplete: {words.number(len(report.gaps), 'thing')} could not be examined" if report.gaps else ""


def what_was_read(provenance: Provenance) -> str:
    """Which bytes and which knowledge the report rests on, on one line."""
    parts = [
        visible(provenance.location),
        f"commit {provenance.commit[:10]}" if provenance.commit else "",
        f"{provenance.files_read:,} of {words.number(provenance.files_seen, 'file')} read",
        f"lineage data of {visible(provenance.snapshot.built)}" if provenance.snapshot.built else "no lineage data",
        "online" if provenance.online else "offline",
    ]
    return " · ".join(part for part in parts if part)


def _of_one(report: Report, product: Product, weights: str) -> str:
    name = visible(product.name)
    match product.verdict:
        case ProductVerdict.YES:
            return f"{name} runs on {weights}{_doubt(report)}"
        case ProductVerdict.SELECTABLE:
            return f"{name} offers {weights} to choose from; it runs none by default"
        case ProductVerdict.UNKNOWN:
            return f"{name} runs models whose origin is not known; none is known to have {weights}"
        case ProductVerdict.NO:
            if product.runs:
                return f"{name} runs no {weights}"
            return f"no model that {name} runs was found" if report.findings else f"no AI model was found in {name}"
        case _:
            assert_never(product.verdict)


def _of_many(report: Report, weights: str) -> str:
    verdict, total = report.verdict, len(report.products)
    count = sum(product.verdict is verdict for product in report.products)
    of_all = f"{count} of {total} products"
    names = [visible(product.name) for product in report.products if product.verdict is verdict]
    which = f": {', '.join(names)}" if len(names) <= _MOST_NAMES else ""
    match verdict:
        case ProductVerdict.YES:
            return f"{of_all} {'runs' if count == 1 else 'run'} on {weights}{_doubt(report)}{which}"
        case ProductVerdict.SELECTABLE:
            return f"{of_all} {'offers' if count == 1 else 'offer'} {weights} to choose from; none runs them by default"
        case ProductVerdict.UNKNOWN:
            runs = "runs" if count == 1 else "run"
            return f"{of_all} {runs} models whose origin is not known; none is known to run on {weights}"
        case ProductVerdict.NO:
            return f"none of {total} products runs {weights}" if total else "there is no product here"
        case _:
            assert_never(verdict)


def _doubt(report: Report) -> str:
    """A remark when nothing surer than a likeness of names stands behind a yes."""
    sure = max(
        (
            finding.judgement.confidence
            for finding in report.findings
            if finding.usage is Usage.RUNS and finding.judgement.verdict in report.jurisdiction.counted
        ),
        default=Confidence.HIGH,
    )
    return " (low confidence)" if sure is Confidence.LOW else ""
