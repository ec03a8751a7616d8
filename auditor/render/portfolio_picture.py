"""The pictures of a portfolio as positions and sizes; a template draws them.

Readings against what is claimed of them, the way from companies through base models to countries, and shares.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from auditor.domain.claim import Op
from auditor.domain.model import Verdict
from auditor.domain.portfolio import ModelFacts, Moment, Reading, Sample
from auditor.domain.reference import Usage
from auditor.render.escape import visible
from auditor.render.regions import UNKNOWN, Region, Stands, country_name, region_of

_MOST_COMPANIES = 36
_MOST_BASES = 30
_ROW = 22
_TOP = 30
_COLUMNS = ((0, 170), (330, 280), (770, 200))  # (x, width) of companies, base models, countries
WIDTH = 970


@dataclass(frozen=True, slots=True)
class Bar:
    """One reading on a scale from 0 to 100. `low` to `high` is the interval, `least` to `most` the bounds."""

    share: float
    low: float
    high: float
    least: float
    most: float
    claimed_from: float
    claimed_to: float
    edge: float


@dataclass(frozen=True, slots=True)
class Box:
    """*Units*: user units; y is the middle."""

    x: int
    y: float
    width: int
    name: str
    told: str
    stands: Stands


@dataclass(frozen=True, slots=True)
class Line:
    path: str
    stands: Stands


@dataclass(frozen=True, slots=True)
class Flow:
    """*Shape*: companies that were left out are counted."""

    boxes: tuple[Box, ...]
    lines: tuple[Line, ...]
    height: int
    titles: tuple[tuple[int, str], ...]
    left_out: int

    @property
    def width(self) -> int:
        return WIDTH


@dataclass(frozen=True, slots=True)
class Trend:
    """One reading over time on a field of 100 by 40, share upwards: the points of a line, and of the band around it."""

    name: str
    line: str
    band: str
    ticks: tuple[tuple[float, str], ...]


@dataclass(frozen=True, slots=True)
class Share:
    """How many companies have something. `percent` of all that were audited."""

    name: str
    count: int
    percent: float
    stands: Stands


def bar(reading: Reading) -> Bar | None:
    """The reading as a bar; None where there is nobody to count."""
    if reading.share is None or reading.interval is None:
        return None
    threshold = reading.rule.threshold
    start, end = {
        Op.AT_LEAST: (threshold.value, 1.0),
        Op.OVER: (threshold.value, 1.0),
        Op.AT_MOST: (0.0, threshold.value),
        Op.UNDER: (0.0, threshold.value),
        Op.WITHIN: (threshold.value, threshold.upper),
    }[threshold.op]
    numbers = (reading.share, reading.interval.low, reading.interval.high, *reading.bounds, start, end, threshold.value)
    return Bar(*(round(100 * number, 2) for number in numbers))


def trend(timeline: Sequence[Moment], name: str) -> Trend | None:
    """A reading's share at the dates of a timeline; None for fewer than two."""
    held = [(moment.date, dict(moment.shares).get(name)) for moment in timeline]
    days = [date.fromisoformat(day).toordinal() for day, one in held if one]
    shares = [one for _, one in held if one]
    if len(shares) < 2:
        return None
    x = [round(100 * (day - days[0]) / (days[-1] - days[0]), 2) for day in days]
    upper = [f"{at},{40 - 40 * one.high:.2f}" for at, one in zip(x, shares, strict=True)]
    lower = [f"{at},{40 - 40 * one.low:.2f}" for at, one in zip(x, shares, strict=True)]
    line = " ".join(f"{at},{40 - 40 * one.value:.2f}" for at, one in zip(x, shares, strict=True))
    ticks = tuple(zip(x, (day for day, one in held if one), strict=True))
    return Trend(name, line, " ".join([*upper, *reversed(lower)]), ticks)


def flow(sample: Sample, among: Sequence[Region]) -> Flow | None:
    """From the companies through the base models of what they run to the countries of those; None without any."""
    run = _run_by_company(sample)
    order = [Stands.ASKED, Stands.UNKNOWN, Stands.ELSEWHERE]
    stands = {name: min((_stands(m, sample) for m in models), key=order.index) for name, models in run.items()}
    companies = sorted(run, key=lambda name: (order.index(stands[name]), -len(run[name]), name.casefold()))
    shown = companies[:_MOST_COMPANIES]
    if not shown:
        return None
    links: dict[tuple[tuple[int, str], tuple[int, str]], Stands] = {}
    bases: Counter[tuple[int, str]] = Counter()  # those of the jurisdiction first
    for name in shown:
        bases.update({(order.index(_stands(model, sample)), base) for model in run[name] for base, _ in _bases(model)})
    ranked = [base for (_, base), _ in sorted(bases.items(), key=lambda pair: (pair[0][0] > 0, -pair[1], pair[0]))]
    kept = set(list(dict.fromkeys(ranked))[:_MOST_BASES])
    nodes: list[dict[str, tuple[str, Stands]]] = [{}, {}, {}]
    for name in shown:
        nodes[0][name] = (name, stands[name])
        for model in run[name]:
            for base, countries in _bases(model):
                place = base if base in kept else _OTHER
                where = [region_of(country, among).stands for country in countries] or [Stands.UNKNOWN]
                standing = min(where, key=order.index)
                nodes[1].setdefault(place, (place, standing if place == base else Stands.ELSEWHERE))
                _link(links, (0, name), (1, place), standing)
                for country in countries or ("",):
                    told = country_name(country, among) if country else UNKNOWN.name
                    here = region_of(country, among).stands if country else Stands.UNKNOWN
                    nodes[2].setdefault(country, (told, here))
                    _link(links, (1, place), (2, country), here)
    return _laid_out(nodes, links, len(companies) - len(shown))


def by_country(sample: Sample, among: Sequence[Region]) -> list[Share]:
    """The countries where the base models that companies run come from, the most frequent first."""
    counts: Counter[str] = Counter()
    run = _run_by_company(sample)
    for models in run.values():
        counts.update({country for model in models for _, places in _bases(model) for country in (places or ("",))})
    return [
        Share(
            country_name(country, among) if country else UNKNOWN.name,
            count,
            100 * count / max(1, _audited(sample)),
            region_of(country, among).stands if country else Stands.UNKNOWN,
        )
        for country, count in sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    ]


def by_modality(sample: Sample) -> list[tuple[Share, Share]]:
    """For each modality the companies that run such a model, and those of them that run one that is counted."""
    having: Counter[str] = Counter()
    counted: Counter[str] = Counter()
    for models in _run_by_company(sample).values():
        having.update({model.modality or "not known" for model in models})
        counted.update({model.modality or "not known" for model in models if _stands(model, sample) is Stands.ASKED})
    whole = max(1, _audited(sample))
    return [
        (
            Share(name, count, 100 * count / whole, Stands.ELSEWHERE),
            Share(name, counted[name], 100 * counted[name] / whole, Stands.ASKED),
        )
        for name, count in sorted(having.items(), key=lambda pair: (-pair[1], pair[0]))
    ]


_OTHER = "other base models"


def _audited(sample: Sample) -> int:
    return len({product.holding.company for product in sample.products if not product.error})


def _run_by_company(sample: Sample) -> dict[str, list[ModelFacts]]:
    run: defaultdict[str, dict[str, ModelFacts]] = defaultdict(dict)
    for product in sample.products:
        for use in product.uses:
            if use.level.usage is Usage.RUNS:
                run[product.holding.company][use.model.id] = use.model
    return {company: [models[key] for key in sorted(models)] for company, models in run.items()}


def _bases(model: ModelFacts) -> Iterable[tuple[str, tuple[str, ...]]]:
    """What a model goes back to, with the countries; itself where nothing is known."""
    if not model.roots:
        return [(model.id, model.root_countries)]
    return [(root.id, root.countries) for root in model.roots]


def _stands(model: ModelFacts, sample: Sample) -> Stands:
    if model.verdict in sample.jurisdiction.counted:
        return Stands.ASKED
    return Stands.UNKNOWN if model.verdict is Verdict.UNKNOWN else Stands.ELSEWHERE


def _link(
    links: dict[tuple[tuple[int, str], tuple[int, str]], Stands],
    start: tuple[int, str],
    end: tuple[int, str],
    to: Stands,
) -> None:
    order = list(Stands)
    links[start, end] = min(links.get((start, end), to), to, key=order.index)


def _laid_out(
    nodes: Sequence[dict[str, tuple[str, Stands]]],
    links: dict[tuple[tuple[int, str], tuple[int, str]], Stands],
    left_out: int,
) -> Flow:
    """Each column in the order of what it is linked with, spread over the height."""
    height = _TOP + _ROW * max(len(column) for column in nodes)
    middles = {(0, key): _TOP + _ROW * (n + 0.5) for n, key in enumerate(nodes[0])}
    for column in (1, 2):
        linked: dict[str, list[float]] = defaultdict(list)
        for start, end in links:
            if end[0] == column and start in middles:
                linked[end[1]].append(middles[start])
        ordered = sorted(nodes[column], key=lambda key: (sum(linked[key]) / max(1, len(linked[key])), key))
        step = (height - _TOP) / max(1, len(ordered))
        middles |= {(column, key): _TOP + step * (n + 0.5) for n, key in enumerate(ordered)}
    boxes = [
        Box(
            _COLUMNS[n][0],
            round(middles[n, key], 1),
            _COLUMNS[n][1],
            _short(name, _COLUMNS[n][1]),
            visible(name),
            stands,
        )
        for n, column in enumerate(nodes)
        for key, (name, stands) in column.items()
    ]
    drawn = sorted(links.items(), key=lambda link: [Stands.ELSEWHERE, Stands.UNKNOWN, Stands.ASKED].index(link[1]))
    lines = [Line(_curve(start, end, middles), stands) for (start, end), stands in drawn]
    titles = tuple(zip((x for x, _ in _COLUMNS), ("Company", "Base model of what it runs", "Made in"), strict=True))
    return Flow(tuple(boxes), tuple(lines), height, titles, left_out)


def _curve(start: tuple[int, str], end: tuple[int, str], middles: dict[tuple[int, str], float]) -> str:
    x1, x2 = sum(_COLUMNS[start[0]]), _COLUMNS[end[0]][0]
    y1, y2, middle = middles[start], middles[end], (x1 + x2) / 2
    return f"M{x1} {y1:.1f}C{middle:g} {y1:.1f} {middle:g} {y2:.1f} {x2} {y2:.1f}"


def _short(name: str, width: int) -> str:
    room = int((width - 12) / 6.8)
    text = visible(name)
    return text if len(text) <= room else f"{text[: room - room // 3 - 1]}…{text[-(room // 3) :]}"
