"""Cost against size, as SVG: both axes in powers of ten."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from tests.bench.cases import Scan

_WIDTH, _HEIGHT = 720, 420
_LEFT, _RIGHT, _TOP, _BOTTOM = 70, 40, 40, 60
_COLORS = {"few": "#0a7d5a", "middle": "#b36b00", "dense": "#b3261e"}


def drawn(scans: Sequence[Scan]) -> str:
    """A filled mark for each cold scan, an open one for the scan after a changed file."""
    x = _Axis([scan.copy.megabytes for scan in scans], _LEFT, _WIDTH - _RIGHT)
    y = _Axis([s for scan in scans for s in (scan.seconds.middle, scan.warm.middle)], _HEIGHT - _BOTTOM, _TOP)
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" font-family="sans-serif" font-size="12">',
            "<title>Seconds of a scan against the size of what it reads</title>",
            f'<rect width="{_WIDTH}" height="{_HEIGHT}" fill="#ffffff"/>',
            *(f'<path d="M{at:.1f} {_TOP}V{_HEIGHT - _BOTTOM}" stroke="#dddddd"/>{_text(at, _HEIGHT - _BOTTOM + 18, f"{n:g} MB", "middle")}' for n, at in x.ticks()),
            *(f'<path d="M{_LEFT} {at:.1f}H{_WIDTH - _RIGHT}" stroke="#dddddd"/>{_text(_LEFT - 8, at + 4, f"{n:g} s", "end")}' for n, at in y.ticks()),
            *(mark for scan in scans for mark in _marks(scan, x, y)),
            *_legend(),
            "</svg>\n",
        ]
    )  # fmt: skip


class _Axis:
    def __init__(self, values: Sequence[float], begin: float, end: float) -> None:
        self._low = math.floor(math.log10(min(values)))
        self._high = math.ceil(math.log10(max(values)))
        self._begin, self._end = begin, end

    def at(self, value: float) -> float:
        share = (math.log10(value) - self._low) / (self._high - self._low)
        return self._begin + share * (self._end - self._begin)

    def ticks(self) -> Iterator[tuple[float, float]]:
        for power in range(self._low, self._high + 1):
            yield 10.0**power, self.at(10.0**power)


def _marks(scan: Scan, x: _Axis, y: _Axis) -> Iterator[str]:
    color, at = _COLORS[scan.kind], x.at(scan.copy.megabytes)
    cold, warm = y.at(scan.seconds.middle), y.at(scan.warm.middle)
    name = scan.copy.name.partition("+")[2]
    yield f'<path d="M{at:.1f} {cold:.1f}V{warm:.1f}" stroke="{color}" stroke-opacity="0.4"/>'
    yield f'<circle cx="{at:.1f}" cy="{cold:.1f}" r="5" fill="{color}"><title>{name}, cold: {scan.seconds} s</title></circle>'
    yield f'<circle cx="{at:.1f}" cy="{warm:.1f}" r="5" fill="#ffffff" stroke="{color}" stroke-width="2"><title>{name}, one file changed: {scan.warm} s</title></circle>'
    yield _text(at, cold - 9, name, "middle")


def _legend() -> Iterator[str]:
    told = {"few": "few files name a model", "middle": "every third at most", "dense": "every third or more"}
    for i, (kind, words) in enumerate(told.items()):
        yield f'<circle cx="{_LEFT + 10 + 190 * i}" cy="18" r="5" fill="{_COLORS[kind]}"/>{_text(_LEFT + 20 + 190 * i, 22, words, "start")}'
    yield _text(_WIDTH - _RIGHT, _HEIGHT - 8, "filled: cold; open: after one changed file", "end")


def _text(x: float, y: float, text: str, anchor: str) -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" fill="#333333">{text}</text>'
