"""The pictures of a history as positions in percent: a bar for each use of a model, and how many run at a time."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from auditor.domain.history import History, Past, Stretch
from auditor.domain.reference import Usage
from auditor.render.regions import Stands, stands

_LEAST = 0.4  # percent of the width, that a day's use is seen at all
_MONTHS = (1, 2, 3, 6, 12, 24, 60, 120)
_MOST_TICKS = 8
_LAST_TICK = 96.0  # percent; what is later would not fit behind its line


@dataclass(frozen=True, slots=True)
class Bar:
    """One use in its time. *Units*: percent of the whole time."""

    x: float
    width: float
    usage: Usage


@dataclass(frozen=True, slots=True)
class Tick:
    """The start of a year or month."""

    x: float
    label: str


@dataclass(frozen=True, slots=True)
class Column:
    """How many models run in a part of the time. *Units*: percent; parts from the foot upwards, as y, height and what they are."""

    x: float
    width: float
    parts: tuple[tuple[float, float, Stands], ...]
    told: str


@dataclass(frozen=True, slots=True)
class Running:
    """Models that run, over the time. `most` is what the full height means."""

    columns: tuple[Column, ...]
    most: int


class Scale:
    """Days of a history to percent of its width; what was dated before its first commit, or after its last, is moved in."""

    def __init__(self, history: History) -> None:
        self._start = _day(history.first.date)
        self._end = max(_day(history.last.date), self._start + 1)

    def x(self, day: int) -> float:
        share = (day - self._start) / (self._end - self._start)
        return round(100 * min(max(share, 0.0), 1.0), 2)

    def bars(self, stretches: Iterable[Stretch]) -> tuple[Bar, ...]:
        """Weaker uses first, so that the stronger is drawn over them."""
        drawn = []
        for one in sorted(stretches, key=lambda one: -one.usage.rank):
            begin, end = self.x(_day(one.since.date)), self.x(_until(one, self._end))
            width = max(end - begin, _LEAST)
            drawn.append(Bar(round(min(begin, 100 - width), 2), round(width, 2), one.usage))
        return tuple(drawn)

    def ticks(self) -> tuple[Tick, ...]:
        """Starts of months or years, as many as can be read."""
        starts = [
            (year, month)
            for year in range(date.fromordinal(self._start).year, date.fromordinal(self._end).year + 1)
            for month in range(1, 13)
            if self._start <= date(year, month, 1).toordinal() <= self._end
        ]
        for step in _MONTHS:
            chosen = [(y, m) for y, m in starts if (12 * y + m - 1) % step == 0]
            if len(chosen) <= _MOST_TICKS:
                break
        placed = ((self.x(date(y, m, 1).toordinal()), str(y) if step >= 12 else f"{y}-{m:02}") for y, m in chosen)
        return tuple(Tick(x, label) for x, label in placed if x <= _LAST_TICK)

    def running(self, pasts: Sequence[Past], history: History) -> Running | None:
        """How many models ran at each time, by what they are to the question; None when none ever did."""
        spans = [
            (_day(one.since.date), _until(one, self._end), stands(past.verdict, history.jurisdiction))
            for past in pasts
            for one in past.stretches
            if one.usage is Usage.RUNS
        ]
        days = sorted({self._start, self._end, *(day for start, end, _ in spans for day in (start, end))})
        days = [day for day in days if self._start <= day <= self._end]
        counts = [{kind: sum(s <= day < e and k is kind for s, e, k in spans) for kind in Stands} for day in days[:-1]]
        most = max((sum(count.values()) for count in counts), default=0)
        if not most:
            return None
        return Running(tuple(self._columns(days, counts, most)), most)

    def _columns(self, days: Sequence[int], counts: Sequence[dict[Stands, int]], most: int) -> Iterable[Column]:
        for begin, end, count in zip(days, days[1:], counts, strict=False):
            parts = []
            top = 100.0
            for kind in Stands:
                height = 100 * count[kind] / most
                top -= height
                if height:
                    parts.append((round(top, 2), round(height, 2), kind))
            told = f"{sum(count.values())} run, of which {count[Stands.ASKED]} asked for"
            since = date.fromordinal(begin).isoformat()
            yield Column(self.x(begin), round(self.x(end) - self.x(begin), 2), tuple(parts), f"from {since}: {told}")


def _day(iso: str) -> int:
    return date.fromisoformat(iso).toordinal()


def _until(stretch: Stretch, end: int) -> int:
    return _day(stretch.until.date) if stretch.until else end
