"""TOML tables read field by field; what is wrong is gathered with its line, so that all of it can be told at once."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path as FilePath

from auditor.errors import AuditError
from auditor.portfolio.lines import Lines, Path

_MOST_SHOWN = 50


@dataclass(slots=True)
class Problems:
    """Every fault found so far, with its line, and what to try about the first that says."""

    lines: Lines
    found: set[tuple[int, str]] = field(default_factory=set)
    hint: str = ""

    def add(self, path: Path, message: str, hint: str = "") -> None:
        self.found.add((self.lines.of(path), f"{_told(path)} {message}".strip()))
        self.hint = self.hint or hint

    def error(self, file: FilePath, what: str, hint: str) -> AuditError:
        """All faults in the order of the file, as one error."""
        found = sorted(self.found)
        told = [f"{file}:{line}: {message}" for line, message in found[:_MOST_SHOWN]]
        if len(found) > _MOST_SHOWN:
            told.append(f"... and {len(found) - _MOST_SHOWN} more")
        count = f"{len(found)} faults" if len(found) > 1 else "a fault"
        return AuditError(f"{count} in {what}\n" + "\n".join(told), hint=self.hint or hint)


@dataclass(slots=True)
class Table:
    """A table at a path of the file. A getter that finds a fault notes it and gives the empty value of its kind."""

    values: Mapping[str, object]
    path: Path
    problems: Problems
    failed: bool = False

    def fail(self, key: str, message: str, hint: str = "") -> None:
        self.failed = True
        self.problems.add((*self.path, key), message, hint)

    def only(self, known: Collection[str]) -> None:
        for key in self.values:
            if key not in known:
                near = get_close_matches(key, known, n=1)
                self.fail(
                    key, "is no key here" + (f": did you mean {near[0]!r}?" if near else f" ({', '.join(known)})")
                )

    def text(self, key: str, *, required: bool = False) -> str:
        value = self.values.get(key)
        if value is None and not required:
            return ""
        if value is None:
            self.fail(key, "is missing")
        elif not isinstance(value, str) or not value.strip():
            self.fail(key, "must be a text that is not empty")
        elif any(ord(c) < 0x20 for c in value):
            self.fail(key, "must be on one line")
        else:
            return value.strip()
        return ""

    def texts(self, key: str) -> tuple[str, ...]:
        value = self.values.get(key, [])
        if not isinstance(value, list) or not all(isinstance(one, str) and one.strip() for one in value):
            self.fail(key, "must be a list of texts")
            return ()
        return tuple(value)

    def whole(self, key: str) -> int:
        value = self.values.get(key, 0)
        if not isinstance(value, int) or isinstance(value, bool) or value < 0:
            self.fail(key, "must be a whole number")
            return 0
        return value

    def share(self, key: str) -> float:
        value = self.values.get(key)
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 1:
            self.fail(key, "is missing" if value is None else "must be a share from 0 to 1")
            return 0.0
        return float(value)

    def flag(self, key: str) -> bool:
        value = self.values.get(key, False)
        if not isinstance(value, bool):
            self.fail(key, "must be true or false")
            return False
        return value

    def chosen(self, key: str, known: Collection[str], default: str = "") -> str:
        value = self.text(key, required=not default) if key in self.values or not default else default
        if value and value not in known:
            near = get_close_matches(value, known, n=1)
            self.fail(
                key, f"is {value!r}" + (f": did you mean {near[0]!r}?" if near else f", not one of {', '.join(known)}")
            )
            return ""
        return value

    def table(self, key: str) -> Table:
        value = self.values.get(key, {})
        if not isinstance(value, dict):
            self.fail(key, "must be a table")
            value = {}
        return Table(value, (*self.path, key), self.problems)

    def tables(self, key: str) -> list[Table]:
        value = self.values.get(key, [])
        if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
            self.fail(key, f"must be a list of tables, as in [[{'.'.join(_told((*self.path, key)).split())}]]")
            return []
        return [Table(one, (*self.path, key, number), self.problems) for number, one in enumerate(value)]


def _told(path: Path) -> str:
    """`product[2].source`, counted from 1."""
    told = ""
    for step in path:
        told += f"[{step + 1}]" if isinstance(step, int) else f".{step}" if told else step
    return told
