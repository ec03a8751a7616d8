"""Which family a bare name belongs to, asked only of the patterns that can begin as it does."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cached_property
from re import _parser  # type: ignore[attr-defined]
from typing import Any

from auditor.rulebook.types import FamilyRule


class FamilyPatterns:
    """One pattern for each first character, joined when first asked: most strings that look like names are none."""

    def __init__(self, families: Sequence[FamilyRule]) -> None:
        self._families = families
        self._joined: dict[str, re.Pattern[str]] = {}

    def match(self, lower: str) -> FamilyRule | None:
        """The first family one of whose patterns is the whole name."""
        first = lower[:1]
        joined = self._joined.get(first)
        if joined is None:
            joined = self._joined[first] = self._join(first)
        found = joined.fullmatch(lower)
        return self._families[int(found.lastgroup[1:])] if found and found.lastgroup else None

    @cached_property
    def _patterns(self) -> list[tuple[frozenset[str] | None, int, str]]:
        """Each pattern behind what it can begin with: of no use to a scan that asks no bare name."""
        return [
            (_first(pattern.pattern), n, pattern.pattern)
            for n, one in enumerate(self._families)
            for pattern in one.names
        ]

    def _join(self, first: str) -> re.Pattern[str]:
        """Every pattern that may take a name of that beginning: the group that matched tells whose it is."""
        fit: dict[int, list[str]] = {}
        for beginnings, n, pattern in self._patterns:
            if beginnings is None or first in beginnings:
                fit.setdefault(n, []).append(f"(?:{pattern})")
        return re.compile("|".join(f"(?P<f{n}>{'|'.join(some)})" for n, some in fit.items()) or "(?!)", re.ASCII)


def _first(pattern: str) -> frozenset[str] | None:
    """The characters that what a pattern takes can begin with; None where that cannot be told."""
    if _PLAIN.match(pattern) and "|" not in pattern:
        return frozenset(pattern[0])
    characters, _ = _beginnings(_parser.parse(pattern))
    return characters


_PLAIN = re.compile(r"[a-z0-9](?![?*{])")


def _beginnings(sequence: Iterable[tuple[object, Any]]) -> tuple[frozenset[str] | None, bool]:
    """The first characters of what a part takes, None for any; and whether it may take nothing at all."""
    found: frozenset[str] = frozenset()
    for operator, value in sequence:
        characters, empty = _of_one(str(operator), value)
        if characters is None:
            return None, False
        found |= characters
        if not empty:
            return found, False
    return found, True


def _of_one(operator: str, value: Any) -> tuple[frozenset[str] | None, bool]:
    match operator:
        case "LITERAL":
            return frozenset(chr(value)), False
        case "ASSERT" | "ASSERT_NOT" | "AT":
            return frozenset(), True
        case "SUBPATTERN":
            return _beginnings(value[3])
        case "BRANCH":
            parts = [_beginnings(part) for part in value[1]]
            known = [one for one, _ in parts if one is not None]
            united = frozenset[str]().union(*known) if len(known) == len(parts) else None
            return united, any(empty for _, empty in parts)
        case "IN" if all(str(kind) == "LITERAL" for kind, _ in value):
            return frozenset(chr(code) for _, code in value), False
        case "MAX_REPEAT" | "MIN_REPEAT":
            characters, empty = _beginnings(value[2])
            return characters, empty or value[0] == 0
        case _:
            return None, False
