"""One rule as TOML gives it, read field by field; whatever is wrong names its file, its rule and its field."""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping, Sequence
from enum import Enum
from typing import TypeVar

from auditor.domain.reference import Confidence
from auditor.errors import RuleError
from auditor.rulebook.types import Example, Origin

UNVERIFIED = "unverified"

_ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*", re.ASCII)
_SOURCE = re.compile(
    r"https://\S+|(?:pypi|npm|cargo|golang|maven|nuget|gem):\S+(?:==|@)\S.*|github:[\w.-]+/[\w.-]+@\S.*", re.ASCII
)
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_E = TypeVar("_E", bound=Enum)


class Table:
    """A TOML table that knows where it stands. A key that nobody asked for is an error when `close` is called."""

    def __init__(self, raw: object, file: str, rule: str = "", field: str = "") -> None:
        self.file, self.rule, self.field = file, rule, field
        if not isinstance(raw, Mapping):
            raise self.error("", "must be a table")
        self._raw: Mapping[str, object] = raw
        self._asked: dict[str, None] = {}

    def error(self, key: str, problem: str, *, hint: str = "") -> RuleError:
        field = ".".join(part for part in (self.field, key) if part)
        where = f"{self.file}: rule {self.rule!r}" if self.rule else self.file
        return RuleError(f"{where}: field {field!r} {problem}" if field else f"{where}: {problem}", hint=hint)

    def id(self) -> str:
        """The rule's id; every later error names it. *Raises* RuleError when it is not kebab-case."""
        value = self.text("id")
        if not _ID.fullmatch(value):
            raise self.error("id", f"must be kebab-case, not {value!r}")
        self.rule = value
        return value

    def has(self, key: str) -> bool:
        self._asked[key] = None
        return key in self._raw

    def text(self, key: str, default: str | None = None) -> str:
        """*Raises* RuleError when it is not text, or absent (or empty) without a default."""
        value = self._get(key, default)
        if not isinstance(value, str):
            raise self.error(key, "must be text")
        if default is None and not value.strip():
            raise self.error(key, "must not be empty")
        return value

    def texts(self, key: str, *, required: bool = False) -> tuple[str, ...]:
        value = self._get(key, None if required else [])
        if not isinstance(value, list) or not all(isinstance(v, str) and v for v in value):
            raise self.error(key, "must be a list of texts")
        if required and not value:
            raise self.error(key, "must not be empty")
        if len(set(value)) != len(value):
            raise self.error(key, "repeats itself")
        return tuple(value)

    def number(self, key: str, default: int) -> int:
        value = self._get(key, default)
        if not isinstance(value, int) or isinstance(value, bool):
            raise self.error(key, "must be a whole number")
        return value

    def boolean(self, key: str, default: bool = False) -> bool:
        value = self._get(key, default)
        if not isinstance(value, bool):
            raise self.error(key, "must be true or false")
        return value

    def choice(self, key: str, kind: type[_E], default: _E | None = None) -> _E:
        """The member of an enumeration that the text names."""
        if default is not None and not self.has(key):
            return default
        return self._member(key, kind, self.text(key))

    def one_of(self, key: str, names: tuple[str, ...]) -> str:
        value = self.text(key)
        if value not in names:
            raise self.error(key, _not_one_of(value, names), hint=_did_you_mean(value, names))
        return value

    def choices(self, key: str, kind: type[_E]) -> tuple[_E, ...]:
        return tuple(self._member(key, kind, value) for value in self.texts(key, required=True))

    def confidence(self, source: str, default: Confidence) -> Confidence:
        """How sure the rule is: never more than low when its source is not verified."""
        stated = default
        if self.has("confidence"):
            levels = {level.label: level for level in Confidence}
            stated = levels[self.one_of("confidence", tuple(levels))]
        return Confidence.LOW if source == UNVERIFIED else stated

    def date(self, key: str, default: str | None = None) -> str:
        """An ISO date; TOML's own dates are accepted."""
        value = self._get(key, default)
        if isinstance(value, datetime.date) and not isinstance(value, datetime.datetime):
            return value.isoformat()
        if isinstance(value, str) and (value == default or _DATE.fullmatch(value)):
            return value
        raise self.error(key, "must be a date such as 2026-11-24")

    def source(self, key: str = "source", default: str | None = None) -> str:
        """Where a statement comes from: https, `pypi:name==version path`, `github:owner/name@commit path`, or unverified."""
        value = self.text(key, default)
        if value != UNVERIFIED and not _SOURCE.fullmatch(value):
            raise self.error(
                key,
                f"is not a source: {value!r}",
                hint="https://..., pypi:name==version path, github:owner/name@commit path, or unverified",
            )
        return value

    def pairs(self, key: str) -> tuple[tuple[str, str], ...]:
        """The entries of an inline table of texts, in order; empty when it is absent."""
        value = self._get(key, {})
        if not isinstance(value, Mapping) or not all(isinstance(v, str) and v for v in value.values()):
            raise self.error(key, "must be a table of texts")
        return tuple(value.items())

    def tables(self, *keys: str) -> tuple[Table, ...]:
        """The inline tables under the first of `keys` that is present."""
        for key in keys:
            if self.has(key):
                value = self._raw[key]
                if not isinstance(value, list):
                    raise self.error(key, "must be a list of tables")
                return tuple(Table(item, self.file, self.rule, f"{key}[{i}]") for i, item in enumerate(value))
        return ()

    def origin(self, *, hits: bool = True, misses: bool = True) -> Origin:
        """Id, source, date and examples; `hits` and `misses` tell which of them the kind of rule must have."""
        id = self.id()
        origin = Origin(id, self.source(), self.date("as-of"), self._examples("hit"), self._examples("miss"))
        if hits and not origin.hit:
            raise self.error("hit", "is missing: a rule shows what it finds")
        if misses and not origin.miss:
            raise self.error("miss", "is missing: a rule shows what it must not find")
        return origin

    def close(self) -> None:
        """*Raises* RuleError when a key is left that nothing asked for."""
        for key in self._raw:
            if key not in self._asked:
                raise self.error(key, "is not known", hint=_did_you_mean(key, list(self._asked)))

    def _get(self, key: str, default: object) -> object:
        if self.has(key):
            return self._raw[key]
        if default is None:
            raise self.error(key, "is missing", hint=self._misspelt(key))
        return default

    def _misspelt(self, key: str) -> str:
        import difflib

        near = difflib.get_close_matches(key, [k for k in self._raw if k not in self._asked], n=1)
        return f"did you mean {key!r} where it says {near[0]!r}?" if near else ""

    def _member(self, key: str, kind: type[_E], value: str) -> _E:
        try:
            return kind(value)
        except ValueError:
            names = [str(member.value) for member in kind]
            raise self.error(key, _not_one_of(value, names), hint=_did_you_mean(value, names)) from None

    def _examples(self, key: str) -> tuple[Example, ...]:
        value = self._raw.get(key, []) if self.has(key) else []
        if not isinstance(value, list):
            raise self.error(key, "must be a list")
        return tuple(self._example(item, f"{key}[{i}]") for i, item in enumerate(value))

    def _example(self, raw: object, field: str) -> Example:
        if isinstance(raw, str):
            return Example(raw)
        table = Table(raw, self.file, self.rule, field)
        spelled = [key for key in ("text", "code", "version") if table.has(key)]
        if len(spelled) != 1:
            raise table.error("text", "is missing, or given twice")
        example = Example(
            table.text(spelled[0], ""), table.texts("finds"), table.text("because", ""), table.text("path", "")
        )
        table.close()
        return example


def _not_one_of(value: str, names: Sequence[str]) -> str:
    return f"is {value!r}, not one of {', '.join(names)}"


def _did_you_mean(word: str, known: Sequence[str]) -> str:
    import difflib  # only a broken rule pays for it

    near = difflib.get_close_matches(word, known, n=1)
    return f"did you mean {near[0]!r}?" if near else f"known: {', '.join(known)}"
