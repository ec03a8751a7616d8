"""A report in which every text that anybody could have written carries something that must not work."""

from __future__ import annotations

from dataclasses import fields, is_dataclass, replace
from enum import Enum
from typing import TypeVar, cast

from auditor.domain.report import Report

_T = TypeVar("_T")

# Escapes of terminals, of bidirectional text, of JSON, URIs, links, templates and spreadsheets; bytes that are no text.
POISONS = [
    "\x1b[2J",
    "\u202e",
    "\udcff",
    "\ud800",
    "\n- x",
    '"},{',
    "](javascript:x)",
    "%0a",
    "{0}",
    "\x00",
    "'=1+1",
    "../",
]


def poisoned(report: Report, poison: str) -> Report:
    """The report with the poison before and behind each of its texts, names and paths; equal texts stay equal."""
    return _poisoned(report, poison)


def _poisoned(value: _T, poison: str) -> _T:
    if isinstance(value, Enum):
        return value
    if isinstance(value, str):
        return cast("_T", f"{poison}{value}{poison}")
    if isinstance(value, tuple):
        return cast("_T", tuple(_poisoned(one, poison) for one in value))
    if is_dataclass(value) and not isinstance(value, type):
        return cast("_T", replace(value, **{f.name: _poisoned(getattr(value, f.name), poison) for f in fields(value)}))
    return value
