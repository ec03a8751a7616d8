"""Claims as data: what was said, by whom, and the precise readings that can be tested."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import TypeVar

import tomli

from auditor.domain.claim import Axes, ClaimRule, Group, Level, Meaning, Op, ReadingRule, Threshold, Wording
from auditor.errors import AuditError
from auditor.portfolio.lines import Lines
from auditor.portfolio.table import Problems, Table

USAGE = {"named": Level.NAMED, "runs": Level.IMPLIED, "selectable": Level.OFFERED}
_FILE = "claims.toml"
_CLAIM = ("id", "statement", "source", "as-of", "note", "jurisdiction", "wording", "reading")
_READING = (
    "id",
    "label",
    "statement",
    "count",
    "of",
    "op",
    "value",
    "upper",
    "usage",
    "meaning",
    "narrow",
    "jurisdiction",
    "note",
)
_E = TypeVar("_E", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class Claims:
    """*Shape*: in the order of the file. `generative` and `narrow` are modalities: what makes, and what is left out."""

    rules: tuple[ClaimRule, ...]
    generative: frozenset[str]
    narrow: frozenset[str]


def shipped(folder: Path) -> Claims:
    """The public claims of the rules in a folder."""
    return read(folder / _FILE, jurisdictions=None)


def read(path: Path, *, jurisdictions: Collection[str] | None, other: Claims | None = None) -> Claims:
    """The claims in a file; modalities that it does not define are those of `other`.

    *Raises*: AuditError that lists every fault with its line, also for a jurisdiction that is none of those given.
    """
    try:
        text = path.read_text("utf-8")
        document = tomli.loads(text)
    except OSError as error:
        raise AuditError(
            f"cannot read {path}: {error.strerror}", hint="--claims takes a TOML file of claims"
        ) from error
    except (tomli.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise AuditError(f"{path}: not valid TOML: {error or 'nested too deep'}") from error
    problems = Problems(Lines(text))
    top = Table(document, (), problems)
    top.only(("modalities", "claim"))
    modalities = top.table("modalities")
    modalities.only(("generative", "narrow"))
    tables = top.tables("claim")
    if not tables:
        problems.add((), "has no [[claim]]")
    rules = tuple(_claim(table, jurisdictions) for table in tables)
    _unique(rules, problems)
    if problems.found:
        raise problems.error(path, "the claims", "docs/portfolio.md shows the form")
    return Claims(
        rules,
        frozenset(modalities.texts("generative")) or (other.generative if other else frozenset()),
        frozenset(modalities.texts("narrow")) or (other.narrow if other else frozenset()),
    )


def _claim(table: Table, jurisdictions: Collection[str] | None) -> ClaimRule:
    table.only(_CLAIM)
    asked = _jurisdiction(table, jurisdictions)
    readings = table.tables("reading")
    if not readings:
        table.fail("reading", "is missing: a claim has at least one [[claim.reading]]")
    name = table.text("id", required=True)
    statement = table.text("statement", required=True)
    return ClaimRule(
        id=name,
        statement=statement,
        source=table.text("source"),
        as_of=_day(table),
        wordings=tuple(_wording(one) for one in table.tables("wording")),
        readings=tuple(_reading(one, name, statement, asked, jurisdictions) for one in readings),
        note=table.text("note"),
    )


def _wording(table: Table) -> Wording:
    table.only(("kind", "text", "source", "as-of"))
    kind = table.chosen("kind", ("original", "clarification", "became"))
    return Wording(kind, table.text("text", required=True), table.text("source", required=True), _day(table))


def _reading(
    table: Table, claim: str, statement: str, asked: str, jurisdictions: Collection[str] | None
) -> ReadingRule:
    table.only(_READING)
    op = _member(table, "op", Op)
    value = table.share("value")
    upper = table.share("upper") if op is Op.WITHIN else 1.0
    if op is Op.WITHIN and upper < value and not table.failed:
        table.fail("upper", "is less than value")
    if op is not Op.WITHIN and "upper" in table.values:
        table.fail("upper", 'goes with op = "within"')
    usage = table.chosen("usage", tuple(USAGE), "runs")
    return ReadingRule(
        id=table.text("id") or claim,
        label=table.text("label"),
        statement=table.text("statement") or statement,
        count=_member(table, "count", Group),
        of=_member(table, "of", Group),
        threshold=Threshold(op, value, upper),
        axes=Axes(
            USAGE.get(usage, Level.IMPLIED), _member(table, "meaning", Meaning, Meaning.BROAD), table.flag("narrow")
        ),
        jurisdiction=_jurisdiction(table, jurisdictions) or asked,
        note=table.text("note"),
    )


def _jurisdiction(table: Table, known: Collection[str] | None) -> str:
    value = table.text("jurisdiction")
    return table.chosen("jurisdiction", known) if value and known is not None else value


def _member(table: Table, key: str, kind: type[_E], default: _E | None = None) -> _E:
    names = tuple(str(member.value) for member in kind)
    value = table.chosen(key, names, default.value if default else "")
    return kind(value) if value else next(iter(kind))


def _day(table: Table) -> str:
    value = table.values.get("as-of", "")
    if not isinstance(value, date | str):
        table.fail("as-of", "must be a date such as 2026-11-24")
        return ""
    return value.isoformat() if isinstance(value, date) else value


def _unique(rules: tuple[ClaimRule, ...], problems: Problems) -> None:
    seen: set[str] = set()
    for number, rule in enumerate(rules):
        if rule.id in seen:
            problems.add(("claim", number, "id"), f"repeats {rule.id!r}")
        seen.add(rule.id)
        ids = [reading.id for reading in rule.readings]
        for position, name in enumerate(ids):
            if name in ids[:position]:
                problems.add(("claim", number, "reading", position, "id"), f"repeats {name!r}")
