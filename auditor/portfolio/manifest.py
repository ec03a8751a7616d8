"""A manifest -> the products to audit and what they are a sample of, or everything that is wrong with it at once."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import tomli

from auditor.collect.address import is_url, protocol_of
from auditor.domain.portfolio import Detector, Frame, Holding
from auditor.errors import AuditError, TargetError
from auditor.portfolio.lines import Lines
from auditor.portfolio.table import Problems, Table

_COUNTRY = re.compile(r"[A-Z]{2}")
_PRODUCT = ("name", "source", "revision", "path", "company", "country", "tags")
_FRAME = ("name", "population", "sampling", "strata", "detector")
_RATES = ("sensitivity", "specificity", "positives", "negatives")


@dataclass(frozen=True, slots=True)
class Manifest:
    """*Shape*: at least one product, in the order of the file; a relative source is relative to the `folder`."""

    frame: Frame
    holdings: tuple[Holding, ...]
    folder: Path


def read(path: Path) -> Manifest:
    """The manifest in a TOML file. *Raises*: AuditError that lists every fault with its line."""
    try:
        text = path.read_text("utf-8")
        document = tomli.loads(text)
    except OSError as error:
        raise AuditError(f"cannot read {path}: {error.strerror}", hint="auditor portfolio MANIFEST.toml") from error
    except (tomli.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise AuditError(f"{path}: not valid TOML: {error or 'nested too deep'}") from error
    problems = Problems(Lines(text))
    top = Table(document, (), problems)
    top.only(("portfolio", "product"))
    frame = _frame(top.table("portfolio"))
    products = top.tables("product")
    if not products:
        problems.add((), "has no [[product]]")
    holdings = tuple(_holding(table, path.parent) for table in products)
    _repeated(holdings, problems, path.parent)
    if problems.found:
        raise problems.error(path, "the manifest", "docs/portfolio.md shows the form")
    return Manifest(frame, holdings, path.parent)


def place(holding: Holding, folder: Path) -> str:
    """Where a product is: its URL, or the path seen from the manifest."""
    source = holding.source
    return source if is_url(source) else str(folder / Path(source).expanduser())


def _frame(table: Table) -> Frame:
    table.only(_FRAME)
    strata = table.table("strata")
    sizes = tuple(sorted((tag, strata.whole(tag)) for tag in strata.values))
    population = table.whole("population")
    if population and sum(size for _, size in sizes) > population:
        table.fail("strata", f"are more than the population of {population}")
    return Frame(table.text("name"), population, table.text("sampling"), sizes, _detector(table))


def _detector(frame: Table) -> Detector | None:
    if "detector" not in frame.values:
        return None
    table = frame.table("detector")
    table.only(_RATES)
    rates = [table.share(name) for name in _RATES[:2]]
    if sum(rates) <= 1 and not table.failed:
        table.fail("sensitivity", "and specificity add up to 1 or less: such an audit tells nothing")
    return Detector(rates[0], rates[1], table.whole("positives"), table.whole("negatives"))


def _holding(table: Table, folder: Path) -> Holding:
    table.only(_PRODUCT)
    name = table.text("name", required=True)
    source = table.text("source", required=True)
    revision = table.text("revision")
    part = table.text("path").strip("/")
    country = table.text("country")
    tags = table.texts("tags")
    if source and is_url(source):
        try:
            protocol_of(source)
        except TargetError as error:
            table.fail("source", error.message)
        scheme, _, rest = source.partition("://")
        user, at, _ = rest.partition("/")[0].rpartition("@")
        if at and (":" in user or scheme.lower() != "ssh"):
            table.fail("source", "holds a secret", "leave it out: your ssh agent or a local clone has access")
    if revision.startswith("-"):
        table.fail("revision", f"is no revision: {revision!r}")
    if ".." in part.split("/"):
        table.fail("path", "leads out of the repository")
    if country and not _COUNTRY.fullmatch(country):
        table.fail("country", f"is {country!r}, not a code of two capitals such as DE (ISO 3166-1)")
    return Holding(name, source, revision, part, table.text("company") or name, country, tuple(sorted(set(tags))))


def _repeated(holdings: tuple[Holding, ...], problems: Problems, folder: Path) -> None:
    names: dict[str, int] = {}
    places: dict[tuple[str, str, str], int] = {}
    for number, one in enumerate(holdings):
        where = (place(one, folder), one.revision, one.part)
        for key, what, earlier in (
            ("name", f"repeats {one.name!r}", names.setdefault(one.name, number)),
            ("source", "is, at the same revision and path, that", places.setdefault(where, number)),
        ):
            if earlier != number and one.name and one.source:
                line = problems.lines.of(("product", earlier))
                problems.add(("product", number, key), f"{what} of the product in line {line}")
