"""The way from products through models and what they were made from to countries, laid out as boxes and lines.

Only positions are worked out here; a template draws them. The picture is capped, most relevant models first, because one
with everything in it says nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace

from auditor.domain.report import Ancestor, Finding, Jurisdiction, Product
from auditor.render import words
from auditor.render.escape import visible
from auditor.render.order import by_relevance, by_verdict
from auditor.render.regions import UNKNOWN, Region, Stands, country_name, region_of, stands

MOST_MODELS = 14
_MOST_PRODUCTS = 8
_MOST_BASES = 3  # of one model
_COLUMNS = ((0, 190), (260, 270), (600, 250), (920, 160))  # (x, width) of products, models, bases, countries
_CHARACTER = 7.3  # a generous mean width of a character, so that text stays in its box
_MARGIN = 20
_TOP = 34
_STEP = 52
_HEIGHT = 40
_BESIDE = 9  # a line for later training runs below that for the base
WIDTH = 1080


@dataclass(frozen=True, slots=True)
class Box:
    """*Units*: user units of a picture `WIDTH` wide; y is the middle. `told` is the whole text, `model` an id or ""."""

    x: int
    y: float
    width: int
    name: str
    aside: str
    told: str
    stands: Stands
    model: str = ""

    @property
    def top(self) -> float:
        return self.y - _HEIGHT / 2


@dataclass(frozen=True, slots=True)
class Line:
    """A curve from the right side of one box to the left of another; `later` for training on top, not the base."""

    x1: int
    y1: float
    x2: int
    y2: float
    stands: Stands
    later: bool = False

    @property
    def path(self) -> str:
        middle = (self.x1 + self.x2) / 2
        return f"M{self.x1} {self.y1:g}C{middle:g} {self.y1:g} {middle:g} {self.y2:g} {self.x2} {self.y2:g}"


@dataclass(frozen=True, slots=True)
class Picture:
    """*Shape*: boxes column by column; of `models` models, `left_out` are not in it, nor are `products_left_out`."""

    boxes: tuple[Box, ...]
    lines: tuple[Line, ...]
    height: int
    models: int
    left_out: int
    products_left_out: int
    titles: tuple[tuple[int, str], ...]

    @property
    def width(self) -> int:
        return WIDTH

    @property
    def box_height(self) -> int:
        return _HEIGHT


def flow(
    products: Collection[tuple[Product, Collection[str]]],
    findings: Iterable[Finding],
    jurisdiction: Jurisdiction,
    among: Sequence[Region],
    *,
    verb: str,
) -> Picture | None:
    """The picture of these findings and the products that have them, each with the ids of its models; None without any."""
    ordered = by_relevance(findings, jurisdiction)
    shown = ordered[:MOST_MODELS]
    if not shown:
        return None
    columns = _Columns(jurisdiction, among)
    for finding in shown:
        columns.add_model(finding)
    ids = {finding.id for finding in shown}
    having = {product.path: ids.intersection(models) for product, models in products}
    owners = [product for product in by_verdict(product for product, _ in products) if having[product.path]]
    for product in owners[:_MOST_PRODUCTS]:
        columns.add_product(product, having[product.path])
    boxes, lines, height = columns.laid_out()
    titles = ("Product", f"Model it {verb}", "Made from", "Developer's country")
    return Picture(
        boxes,
        lines,
        height,
        len(ordered),
        len(ordered) - len(shown),
        max(0, len(owners) - _MOST_PRODUCTS),
        tuple((x, title) for (x, _), title in zip(_COLUMNS, titles, strict=True)),
    )


_Node = tuple[int, str]  # column and id


class _Columns:
    """Boxes by column in the order in which they are added, and the links between them."""

    def __init__(self, jurisdiction: Jurisdiction, among: Sequence[Region]) -> None:
        self._jurisdiction = jurisdiction
        self._among = among
        self._boxes: list[dict[str, Box]] = [{} for _ in _COLUMNS]
        self._links: dict[tuple[_Node, _Node, bool], Stands] = {}

    def add_product(self, product: Product, models: Collection[str]) -> None:
        self._add(
            0, product.path, product.name, "" if product.path in (".", product.name) else product.path, Stands.ELSEWHERE
        )
        for model in sorted(models):
            self._links[(0, product.path), (1, model), False] = self._boxes[1][model].stands

    def add_model(self, finding: Finding) -> None:
        judged = finding.judgement
        standing = stands(judged.verdict, self._jurisdiction)
        self._add(1, finding.id, finding.id, _aside(finding, self._jurisdiction), standing, finding.id)
        model: _Node = (1, finding.id)
        roots = judged.roots[:_MOST_BASES]
        for root in roots:
            here = model if root.id == finding.id else self._add_base(root, model)
            self._to_countries(here, root.countries or ("",))
        if not roots:
            self._to_countries(model, judged.root_countries or ("",))
        changes = {*judged.derived_countries, *judged.component_countries} - set(judged.root_countries)
        self._to_countries(model, sorted(changes), later=True)

    def _add_base(self, root: Ancestor, model: _Node) -> _Node:
        standing = self._where(root.countries)
        self._add(2, root.id, root.id, words.maker(root.developer, root.countries), standing)
        self._links[model, (2, root.id), False] = standing
        return 2, root.id

    def _to_countries(self, start: _Node, countries: Iterable[str], *, later: bool = False) -> None:
        for country in countries:
            standing = self._where([country] if country else [])
            name = country_name(country, self._among) if country else UNKNOWN.name
            self._add(3, country, name, "", standing)
            self._links[start, (3, country), later] = standing

    def _add(self, column: int, key: str, name: str, aside: str, standing: Stands, model: str = "") -> None:
        x, width = _COLUMNS[column]
        room = int((width - _MARGIN) / _CHARACTER)
        name, aside = visible(name), visible(aside)
        told = f"{name}, {aside}" if aside else name
        box = Box(x, 0.0, width, _shortened(name, room), _shortened(aside, room + 2), told, standing, model)
        self._boxes[column].setdefault(key, box)

    def _where(self, countries: Collection[str]) -> Stands:
        found = {region_of(country, self._among).stands for country in countries} or {Stands.UNKNOWN}
        return min(found, key=list(Stands).index)

    def laid_out(self) -> tuple[tuple[Box, ...], tuple[Line, ...], int]:
        """Models one below the other, everything else as near as it can be to what it is linked with."""
        tallest = max(len(column) for column in self._boxes)
        height = _TOP + tallest * _STEP
        middles: dict[_Node, float] = {}
        _spread(middles, 1, {key: float(n) for n, key in enumerate(self._boxes[1])}, height)
        for column in (2, 0, 3):
            wanted = {key: self._pull((column, key), middles) for key in self._boxes[column]}
            _spread(middles, column, wanted, height)
        boxes = tuple(
            replace(box, y=middles[n, key]) for n, column in enumerate(self._boxes) for key, box in column.items()
        )
        lines = tuple(
            Line(
                sum(_COLUMNS[start[0]]),
                middles[start] + later * _BESIDE,
                _COLUMNS[end[0]][0],
                middles[end] + later * _BESIDE,
                standing,
                later,
            )
            for (start, end, later), standing in self._links.items()
        )
        order = [Stands.ELSEWHERE, Stands.UNKNOWN, Stands.ASKED]  # what is asked is drawn over the rest
        return boxes, tuple(sorted(lines, key=lambda line: order.index(line.stands))), height

    def _pull(self, node: _Node, middles: dict[_Node, float]) -> float:
        """The mean height of what a box is linked with and has its place already."""
        linked = [end if start == node else start for start, end, _ in self._links if node in (start, end)]
        heights = [middles[other] for other in linked if other in middles]
        return sum(heights) / len(heights) if heights else 0.0


def _spread(middles: dict[_Node, float], column: int, wanted: dict[str, float], height: int) -> None:
    """Give each box of a column its height: in the order wanted, a step apart at least, inside the picture."""
    ordered = sorted(wanted, key=lambda key: (wanted[key], key))
    lowest = _TOP + _STEP / 2
    for key in ordered:
        middles[column, key] = lowest = max(wanted[key], lowest)
        lowest += _STEP
    highest = height - _STEP / 2
    for key in reversed(ordered):
        middles[column, key] = highest = min(middles[column, key], highest)
        highest -= _STEP


def _aside(finding: Finding, jurisdiction: Jurisdiction) -> str:
    parts = (finding.modality, words.publisher(finding, jurisdiction.bases))
    return " · ".join(part for part in parts if part)


def _shortened(text: str, room: int) -> str:
    """Names of models tell most at their ends: what is too long loses its middle."""
    if len(text) <= room:
        return text
    tail = room // 3
    return f"{text[: room - tail - 1]}…{text[-tail:]}"
