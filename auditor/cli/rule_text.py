"""A rule as lines for people: every field that says something, by its name in the rule file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass
from enum import StrEnum

from auditor.domain.reference import Confidence
from auditor.domain.report import Jurisdiction
from auditor.rulebook.patterns import NamePattern
from auditor.rulebook.types import Example, Origin, Rulebook

_KINDS = {
    "publishers": "Who makes models, under which names, and where they are.",
    "families": "Names as people write them outside the Hub.",
    "models": "Curated records: parents that are undeclared, wrong or withdrawn.",
    "providers": "Who operates an API.",
    "registries": "Where weights are published, and how addresses there are written.",
    "calls": "Calls whose argument names a model.",
    "keys": "Configuration keys, variables and parameters whose value names a model.",
    "commands": "Programs that are given a model.",
    "words": "Words that tell what part a name plays.",
    "packages": "Dependencies that bring weights of their own.",
    "stacks": "Accelerator stacks and serving runtimes.",
    "flags": "Lists and licence clauses worth knowing.",
    "jurisdictions": "Named sets of countries to ask for.",
}


@dataclass(frozen=True, slots=True)
class Entry:
    """One rule for showing. `told` is its name or what stands for one; `lines` are (field, text)."""

    kind: str
    id: str
    told: str
    lines: tuple[tuple[str, str], ...]


def kinds() -> dict[str, str]:
    """The kinds of rules with what each says, in reading order."""
    return _KINDS


def entries(rulebook: Rulebook) -> Iterator[Entry]:
    """Every rule, kind by kind, in file order."""
    for kind in _KINDS:
        for rule in getattr(rulebook, kind):
            lines = tuple(_lines(rule))
            yield Entry(kind, _id(rule), _told(dict(lines)), lines)


def _id(rule: object) -> str:
    return rule.id if isinstance(rule, Jurisdiction) else str(getattr(rule, "origin", Origin("", "", "", (), ())).id)


def _told(lines: dict[str, str]) -> str:
    telling = ("name", "publisher.name", "record.id", "flag.subject", "callee", "keys", "words", "scheme")
    return next((lines[label] for label in telling if label in lines), "")


def _lines(value: object, prefix: str = "") -> Iterator[tuple[str, str]]:
    """The fields of a dataclass, nested ones after a dot; the origin, which every rule has, without its name."""
    assert is_dataclass(value)
    for field in fields(value):
        inner = getattr(value, field.name)
        label = f"{prefix}{field.name.replace('_', '-')}"
        if isinstance(inner, Example | NamePattern) or not is_dataclass(inner):
            parts = inner if isinstance(inner, tuple) else (inner,)
            nested = [part for part in parts if is_dataclass(part) and not isinstance(part, Example | NamePattern)]
            for part in nested:
                yield label, ", ".join(f"{name} {text}" for name, text in _lines(part))
            text = ", ".join(_word(part) for part in parts if part not in nested)
            if text and text != "-1":
                yield label, text
        else:
            yield from _lines(inner, "" if isinstance(inner, Origin) else f"{label}.")


def _word(value: object) -> str:
    match value:
        case Example():
            tail = f" -> {', '.join(value.finds)}" if value.finds else f" ({value.because})" if value.because else ""
            return value.text + tail
        case NamePattern():
            return value.pattern
        case Confidence():
            return value.label
        case bool():
            return "true" if value else ""
        case StrEnum():
            return value.value
        case _:
            return str(value)
