"""A portfolio for somebody at a terminal: the answer first, then each reading, then the companies."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.console import RenderableType
from rich.text import Text

from auditor.domain.claim import Conclusion
from auditor.domain.portfolio import Audited, Claimed, Portfolio, Reading
from auditor.render import portfolio_words as words
from auditor.render.console import clipped, labelled, printed, rows
from auditor.render.escape import visible
from auditor.render.headline import badge

_MOST_ROWS = 60
_STYLE = {
    Conclusion.SUPPORTED: "bold green",
    Conclusion.REFUTED: "bold red",
    Conclusion.UNDECIDED: "bold yellow",
}


def render(portfolio: Portfolio, *, width: int, color: bool) -> str:
    """The portfolio for a terminal of `width` cells, ending in a line break."""
    return printed(_parts(portfolio, width), width=width, color=color)


def _parts(portfolio: Portfolio, width: int) -> Iterator[RenderableType]:
    yield Text(f"{visible(words.portfolio_name(portfolio))}: {words.headline(portfolio)}", "bold")
    for claim in portfolio.claims:
        yield Text()
        yield from _claim(claim, width)
    if portfolio.timeline:
        yield Text()
        yield from _timeline(portfolio)
    yield Text()
    yield from _companies(portfolio, width)
    yield from _failed(portfolio, width)
    yield Text()
    yield Text("What the numbers cannot say", "bold")
    for limit in words.limits(portfolio.sample):
        yield from (Text(f"  {line}", "dim") for line in [visible(limit)])


def _claim(claim: Claimed, width: int) -> Iterator[RenderableType]:
    yield Text.assemble((f"“{visible(claim.rule.statement)}”", "bold"), (f"  {visible(claim.rule.id)}", "dim"))
    yield Text(f"  {words.answer(claim)} {words.spread(claim)}".rstrip())
    for reading in claim.readings:
        yield from _reading(reading)


def _reading(reading: Reading) -> Iterator[RenderableType]:
    label = visible(reading.rule.label or reading.rule.id)
    yield Text()
    yield Text.assemble(
        ("  ", ""), (label, "bold"), ("  ", ""), (words.concluded(reading).upper(), _STYLE[reading.conclusion])
    )
    facts: list[tuple[str, RenderableType]] = [
        ("claimed", Text(visible(reading.rule.statement))),
        ("found", Text(words.found(reading))),
    ]
    if reading.p_value is not None:
        facts.append(("exact test", Text(f"p = {reading.p_value:.2g}, one-sided")))
    facts.append(("counted", Text(words.axes(reading.rule.axes), "dim")))
    facts += [("would turn it", Text(visible(turn), "dim")) for turn in words.turns(reading)[:2]]
    yield labelled(facts, indent=6)


def _timeline(portfolio: Portfolio) -> Iterator[RenderableType]:
    yield Text("Over time", "bold")
    names = [name for name, _ in portfolio.timeline[0].shares]
    yield Text(f"  {'':<10}  {'products':>8}  " + "  ".join(f"{visible(name):>8}" for name in names), "dim")
    for moment in portfolio.timeline:
        shares = "  ".join(f"{words.percent(one.value) if one else '-':>8}" for _, one in moment.shares)
        yield Text(f"  {moment.date:<10}  {moment.products:>8}  {shares}")


def _companies(portfolio: Portfolio, width: int) -> Iterator[RenderableType]:
    yield Text("Companies", "bold")
    shown = words.by_verdict(portfolio.sample.products)
    table = [
        [
            badge(product.verdict, complete=not product.gaps),
            Text(visible(product.holding.company)),
            Text(visible(product.holding.name) if product.holding.name != product.holding.company else "", "dim"),
            Text(clipped(visible(product.why), width), "dim"),
        ]
        for product in shown[:_MOST_ROWS]
    ]
    yield from rows(table, limits=(10, width // 4, width // 5), width=width)
    if len(shown) > _MOST_ROWS:
        yield Text(f"  and {len(shown) - _MOST_ROWS} more: -o portfolio.csv", "dim")


def _failed(portfolio: Portfolio, width: int) -> Iterator[RenderableType]:
    failed: Sequence[Audited] = [product for product in portfolio.sample.products if product.error]
    if failed:
        yield Text()
        yield Text(f"Not audited  {words.number(len(failed), 'product')}", "bold")
        for product in failed[:_MOST_ROWS]:
            yield Text(clipped(f"  {visible(product.holding.name)}: {visible(product.error)}", 2 * width), "yellow")
        if len(failed) > _MOST_ROWS:
            yield Text(f"  and {len(failed) - _MOST_ROWS} more: -o portfolio.csv", "dim")
