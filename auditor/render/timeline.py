"""When each model came and went, for a terminal and as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import date

from rich.console import RenderableType
from rich.text import Text

from auditor.domain.history import History, Moment, Past, Stretch
from auditor.domain.reference import Usage
from auditor.render import words
from auditor.render.console import printed, rows
from auditor.render.escape import visible
from auditor.render.regions import Stands, stands

SCHEMA_VERSION = "1"
_SHORT = 10
_BAR = 20  # cells
_BESIDE = 73  # cells of all columns but the first, with what is between them
_LEAST = 16  # cells of a name
_STYLE = {Stands.ASKED: "red", Stands.UNKNOWN: "yellow", Stands.ELSEWHERE: ""}
_MARK = {Usage.RUNS: "█", Usage.SELECTABLE: "▒", Usage.TRAINS: "▚"}


def render(history: History, *, width: int, color: bool) -> str:
    """The history for a terminal of `width` cells, ending in a line break."""
    return printed(_parts(history, width), width=width, color=color)


def render_json(history: History) -> str:
    """The history as one JSON document, ending in a line break."""
    document = {
        "schema_version": SCHEMA_VERSION,
        "target": history.name,
        "jurisdiction": history.jurisdiction.id,
        "first": _moment(history.first),
        "last": _moment(history.last),
        "cut": history.cut,
        "commits": history.commits,
        "looks": history.looks,
        "blobs": history.blobs,
        "models": [
            {
                "id": past.model,
                "verdict": past.verdict.value,
                "confidence": past.confidence.label,
                "why": past.origin,
                "used": [
                    {
                        "usage": stretch.usage.value,
                        "since": _moment(stretch.since),
                        "until": _moment(stretch.until) if stretch.until else None,
                        "place": stretch.place,
                        "product": stretch.product,
                        "why": stretch.why,
                    }
                    for stretch in past.stretches
                ],
            }
            for past in history.pasts
        ],
    }
    return json.dumps(document, indent=2) + "\n"


def headline(history: History) -> str:
    """How many models it has used, and how many of those are what was asked for."""
    counted = sum(past.verdict in history.jurisdiction.counted for past in history.pasts)
    used = words.number(len(history.pasts), "model")
    return f"{visible(history.name)} has used {used}, {counted} of {visible(history.jurisdiction.adjective)} origin"


def what_was_read(history: History) -> str:
    """Over which commits and days that was told."""
    told = words.number(history.commits, "commit")
    return f"{told}, {history.first.date} to {history.last.date}, of which {history.looks} can have changed that"


def groups(history: History) -> tuple[tuple[str, Stands, tuple[Past, ...]], ...]:
    """What the question is about first, each group with its title. *Shape*: pasts by the day that they came, none empty."""
    titles = {
        Stands.ASKED: f"of {visible(history.jurisdiction.adjective)} origin",
        Stands.UNKNOWN: "of unknown origin",
        Stands.ELSEWHERE: "others",
    }
    ordered = sorted(history.pasts, key=lambda past: (past.stretches[0].since.date, past.model))
    grouped = (
        (title[:1].upper() + title[1:], kind, [p for p in ordered if stands(p.verdict, history.jurisdiction) is kind])
        for kind, title in titles.items()
    )
    return tuple((title, kind, tuple(pasts)) for title, kind, pasts in grouped if pasts)


CUT = "the clone is shallow: what its first commit has may be older"


def _parts(history: History, width: int) -> Iterator[RenderableType]:
    yield Text(headline(history), style="bold")
    yield Text(what_was_read(history), style="dim")
    if history.cut:
        yield Text(CUT, style="yellow")
    for title, _, pasts in groups(history):
        yield Text()
        yield Text.assemble((title, "bold"), (f"  {words.number(len(pasts), 'model')}", "dim"))
        limits = (max(width - _BESIDE, _LEAST), _BAR, 10, 23)
        yield from rows([_row(past, history) for past in pasts], limits=limits, width=width)
    if history.pasts:
        yield Text()
        yield Text(
            f"{_MARK[Usage.RUNS]} runs  {_MARK[Usage.SELECTABLE]} can be selected  {_MARK[Usage.TRAINS]} is trained from",
            style="dim",
        )


def _row(past: Past, history: History) -> list[Text]:
    style = _STYLE[stands(past.verdict, history.jurisdiction)]
    last = past.stretches[-1]
    until = "today" if last.until is None else last.until.date
    strongest = min(past.stretches, key=lambda stretch: stretch.usage.rank)
    return [
        Text(visible(past.model), style=style),
        Text(_bar(past.stretches, history), style=style),
        Text(strongest.usage.value),
        Text(f"{past.stretches[0].since.date} – {until}", style="dim"),
        Text(past.stretches[0].since.commit[:_SHORT], style="dim"),
    ]


def _bar(stretches: Sequence[Stretch], history: History) -> str:
    """The whole time in cells; a stretch has at least one, the stronger use hides the weaker."""
    start = date.fromisoformat(history.first.date).toordinal()
    days = max(date.fromisoformat(history.last.date).toordinal() - start, 1)
    cells = ["·"] * _BAR
    for stretch in sorted(stretches, key=lambda one: -one.usage.rank):
        until = stretch.until.date if stretch.until else history.last.date
        begin, end = (
            round((date.fromisoformat(day).toordinal() - start) * (_BAR - 1) / days)
            for day in (stretch.since.date, until)
        )
        begin, end = (min(max(cell, 0), _BAR - 1) for cell in (begin, end))
        stop = end + 1 if stretch.until is None or end == begin else end
        cells[begin:stop] = _MARK[stretch.usage] * (stop - begin)
    return "".join(cells)


def _moment(moment: Moment) -> dict[str, str]:
    return {"commit": moment.commit, "date": moment.date}
