"""A portfolio as a memo of one page: the answer, what it rests on, what would change it, and what it cannot say."""

from __future__ import annotations

from collections.abc import Iterator

from auditor.domain.portfolio import Audited, Claimed, Portfolio
from auditor.domain.report import ProductVerdict
from auditor.render import portfolio_words as words
from auditor.render.gfm import code, said

_MOST_COMPANIES = 12
_MOST_TURNS = 4


def render(portfolio: Portfolio) -> str:
    """The memo, ending in a line break."""
    return "\n".join(_lines(portfolio)) + "\n"


def _lines(portfolio: Portfolio) -> Iterator[str]:
    yield f"# {said(words.portfolio_name(portfolio))}: whose model weights?"
    yield ""
    yield f"**{said(words.headline(portfolio))}.** {said(words.basis(portfolio))}."
    for claim in portfolio.claims:
        yield from _claim(claim)
    yield from _companies(portfolio)
    yield from ("", "## What the numbers cannot say", "")
    yield from (f"- {said(limit)}" for limit in words.limits(portfolio.sample))
    sample = portfolio.sample
    yield from ("", said(f"auditor {sample.version}, rules {sample.rules}, lineage data {sample.snapshot.id[:16]}"))


def _claim(claim: Claimed) -> Iterator[str]:
    rule = claim.rule
    yield from ("", f"## “{said(rule.statement)}”", "")
    yield f"{said(words.answer(claim))} {said(words.spread(claim))}".rstrip()
    yield from ("", "| Reading | Claimed | Found | Conclusion |", "| --- | --- | --- | --- |")
    for reading in claim.readings:
        label = said(reading.rule.label or reading.rule.id)
        cells = (label, reading.rule.statement, words.found(reading), words.concluded(reading))
        yield f"| {cells[0]} | " + " | ".join(said(cell) for cell in cells[1:]) + " |"
    turns = words.all_turns(claim)
    if turns:
        yield from ("", "What would change the answer:", "")
        yield from (f"- {said(labels)}: {said(turn)}" for labels, turn in turns[:_MOST_TURNS])
    if rule.note:
        yield from ("", said(rule.note))


def _companies(portfolio: Portfolio) -> Iterator[str]:
    products = words.by_verdict(portfolio.sample.products)
    running = [product for product in products if product.verdict is ProductVerdict.YES]
    if not running:
        return
    adjective = said(portfolio.sample.jurisdiction.adjective)
    yield from ("", f"## On {adjective}-origin weights", "")
    yield from (_line(product, portfolio) for product in running[:_MOST_COMPANIES])
    if len(running) > _MOST_COMPANIES:
        yield f"- and {len(running) - _MOST_COMPANIES} more"


def _line(product: Audited, portfolio: Portfolio) -> str:
    holding = product.holding
    name = said(holding.company)
    if holding.name != holding.company:
        name += f", {said(holding.name)}"
    deciding = words.deciding(product, portfolio.sample.jurisdiction.counted)
    models = ", ".join(code(use.model.id) for use in deciding[:3])
    more = f" and {len(deciding) - 3} more" if len(deciding) > 3 else ""
    since = f" since {said(product.since)}" if product.since else ""
    return f"- **{name}**: {models}{more}{since}"
