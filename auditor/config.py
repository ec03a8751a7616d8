"""What the user has decided before the audit: options, and the policy file.

The policy belongs to the party that audits: it is read from the work tree one stands in, or from the file one names,
never from the target.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from enum import StrEnum
from pathlib import Path
from typing import TypeVar

from auditor.domain.model import Verdict
from auditor.domain.reference import Confidence, Role, Usage
from auditor.domain.report import Outcome
from auditor.errors import AuditError
from auditor.policy import SHIPPED, Clause, Match, Policy, Waiver, is_country

OWN_FILE = "auditor.toml"
SHARED_FILE = "pyproject.toml"

_E = TypeVar("_E", bound=StrEnum)
_COUNTED = "counted"
_CLAUSE_OUTCOMES = (Outcome.ALLOW, Outcome.WARN, Outcome.DENY)


@dataclass(frozen=True, slots=True)
class Options:
    """How to audit. `jobs` 0 lets the program decide; `since` "" audits everything; None means what is shipped."""

    jurisdiction: str = "chinese"
    rules: Path | None = None
    snapshot: Path | None = None
    online: bool = False
    jobs: int = 0
    cache: bool = True
    since: str = ""
    elsewhere: tuple[str, ...] = ()  # jurisdictions to judge for besides, because the policy asks of them


def policy(file: Path | None, *, standing_in: Path) -> Policy:
    """The policy in `file`, else of the work tree around `standing_in`, else the shipped one, which only warns.

    *Raises* AuditError naming file and key.
    """
    if file is not None:
        document = _document(file)
        table = _tool_table(file, document) if file.name == SHARED_FILE else document
        if table is None:
            raise AuditError(f"{file} has no [tool.auditor]", hint="name a file with [policy] and [[policy.clause]]")
        return _policy(table, file)
    found = next(filter(None, map(policy_file, _up_to_root(standing_in))), None)
    if found is None:
        return SHIPPED
    document = _document(found)
    return _policy(document if found.name == OWN_FILE else _tool_table(found, document) or {}, found)


def policy_file(folder: Path) -> Path | None:
    """The file of a folder that holds a policy, None where none does. *Raises*: AuditError for one that is broken."""
    own, shared = folder / OWN_FILE, folder / SHARED_FILE
    if own.is_file():
        return own
    return shared if _speaks_of_us(shared) and _tool_table(shared, _document(shared)) is not None else None


def root_of(folder: Path) -> Path:
    """The root of the work tree around a folder; the folder itself outside of one."""
    return _up_to_root(folder)[-1]


def _up_to_root(folder: Path) -> tuple[Path, ...]:
    """The folder and those above it up to the root of its work tree; just the folder outside of one."""
    above = (folder, *folder.parents)
    depth = next((n for n, one in enumerate(above) if (one / ".git").exists()), 0)
    return above[: depth + 1]


def _speaks_of_us(file: Path) -> bool:
    """Whether a file that belongs to others too is any business of ours: if not, it may be as broken as it likes."""
    try:
        return file.is_file() and b"auditor" in file.read_bytes()
    except OSError:
        return False


def _document(file: Path) -> dict[str, object]:
    try:
        return tomllib.loads(file.read_text("utf-8"))
    except OSError as error:
        raise AuditError(f"cannot read {file}: {error.strerror}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise AuditError(f"{file}: not valid TOML: {error}") from error


def _tool_table(file: Path, document: Mapping[str, object]) -> dict[str, object] | None:
    tool = document.get("tool")
    if not isinstance(tool, dict) or "auditor" not in tool:
        return None
    return _Table(file, "tool", tool).table("auditor")


@dataclass(frozen=True, slots=True)
class _Table:
    """A TOML table with its name for messages. Every getter refuses a value of another type."""

    file: Path
    name: str
    values: Mapping[str, object]

    def fail(self, key: str, problem: str, hint: str = "") -> AuditError:
        return AuditError(f"{self.file}: {self.name + '.' if self.name else ''}{key}: {problem}", hint=hint)

    def only(self, known: Collection[str]) -> None:
        for key in self.values:
            if key not in known:
                raise self.fail(key, "no such key", _suggest(key, known))

    def table(self, key: str) -> dict[str, object]:
        value = self.values.get(key, {})
        if not isinstance(value, dict):
            raise self.fail(key, "must be a table")
        return value

    def tables(self, key: str) -> list[_Table]:
        value = self.values.get(key, [])
        if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
            raise self.fail(key, f"must be a list of tables, as in [[{key}]]")
        name = f"{self.name}.{key}" if self.name else key
        return [_Table(self.file, f"{name}[{n}]", one) for n, one in enumerate(value, 1)]

    def text(self, key: str) -> str:
        value = self.values.get(key)
        if not isinstance(value, str) or not value.strip():
            raise self.fail(key, "is required, as a text" if value is None else "must be a text that is not empty")
        return value

    def texts(self, key: str) -> tuple[str, ...]:
        value = self.values.get(key, [])
        listed = [value] if isinstance(value, str) else value
        if not isinstance(listed, list) or not all(isinstance(one, str) for one in listed):
            raise self.fail(key, "must be a text or a list of texts")
        return tuple(listed)

    def chosen(self, key: str, read: Callable[[str], _E], known: Collection[str]) -> tuple[_E, ...]:
        return tuple(read(self.one_of(key, text, known)) for text in self.texts(key))

    def one_of(self, key: str, text: str, known: Collection[str]) -> str:
        if text not in known:
            raise self.fail(key, f"no such value {text!r}", _suggest(text, known))
        return text

    def day(self, key: str) -> date:
        value = self.values.get(key)
        if type(value) is date:
            return value
        try:
            return date.fromisoformat(value if isinstance(value, str) else "")
        except ValueError:
            raise self.fail(key, "is required, as a date such as 2027-03-31") from None


def _policy(document: Mapping[str, object], file: Path) -> Policy:
    top = _Table(file, "", document)
    top.only(("policy", "waiver"))
    table = _Table(file, "policy", top.table("policy"))
    table.only(("unknown", "clause"))
    allowed = [outcome.value for outcome in _CLAUSE_OUTCOMES]
    clauses = (
        tuple(_clause(one, allowed) for one in table.tables("clause")) if "policy" in document else SHIPPED.clauses
    )
    unknown = Outcome(table.one_of("unknown", table.text("unknown"), allowed)) if "unknown" in table.values else None
    _refuse_twins(clauses, file)
    waivers = tuple(_waiver(one) for one in top.tables("waiver"))
    return Policy(clauses, unknown or SHIPPED.unknown, waivers, file.name)


def _refuse_twins(clauses: Iterable[Clause], file: Path) -> None:
    seen: set[str] = set()
    for clause in clauses:
        if clause.id in seen:
            raise AuditError(f"{file}: two clauses have the id {clause.id!r}")
        seen.add(clause.id)


def _clause(table: _Table, outcomes: Collection[str]) -> Clause:
    table.only(("id", "match", "outcome", "message"))
    return Clause(
        table.text("id"),
        _match(_Table(table.file, f"{table.name}.match", table.table("match"))),
        Outcome(table.one_of("outcome", table.text("outcome"), outcomes)),
        table.text("message") if "message" in table.values else "",
    )


def _match(table: _Table) -> Match:
    conditions = "jurisdiction verdicts countries not-countries usage roles modality min-confidence model license flags"
    table.only((*conditions.split(), "operator", "product"))
    if "jurisdiction" in table.values and not table.texts("verdicts"):
        raise table.fail("jurisdiction", "needs verdicts", 'as in verdicts = ["counted"]')
    verdicts = [table.one_of("verdicts", text, (*Verdict, _COUNTED)) for text in table.texts("verdicts")]
    levels = {level.label: level for level in Confidence}
    least = table.text("min-confidence") if "min-confidence" in table.values else Confidence.LOW.label
    return Match(
        jurisdiction=table.text("jurisdiction") if "jurisdiction" in table.values else "",
        verdicts=tuple(Verdict(text) for text in verdicts if text != _COUNTED),
        counted=_COUNTED in verdicts,
        countries=_countries(table, "countries"),
        not_countries=_countries(table, "not-countries"),
        usage=table.chosen("usage", Usage, tuple(Usage)),
        roles=table.chosen("roles", Role, tuple(Role)),
        modality=table.texts("modality"),
        min_confidence=levels[table.one_of("min-confidence", least, levels)],
        model=table.texts("model"),
        license=table.texts("license"),
        flags=table.texts("flags"),
        operator=table.texts("operator"),
        product=table.texts("product"),
    )


def _countries(table: _Table, key: str) -> tuple[str, ...]:
    """Codes of countries and ids of jurisdictions, which are looked up when the rules are there."""
    for text in table.texts(key):
        if not is_country(text) and not (text.isascii() and text.islower() and len(text) > 1):
            hint = 'two capital letters (ISO 3166-1, as in "DE"), or the id of a jurisdiction, as in "eu"'
            raise table.fail(key, f"no such value {text!r}", hint)
    return table.texts(key)


def _waiver(table: _Table) -> Waiver:
    table.only(("match", "reason", "approved-by", "expires"))
    match = _Table(table.file, f"{table.name}.match", table.table("match"))
    match.only(("model", "paths", "product"))
    if not match.texts("model"):
        raise match.fail("model", "is required: a waiver is for named models")
    return Waiver(
        match.texts("model"),
        table.text("reason"),
        table.text("approved-by"),
        table.day("expires"),
        match.texts("paths"),
        match.texts("product"),
    )


def _suggest(word: str, known: Collection[str]) -> str:
    near = get_close_matches(word, [str(one) for one in known], n=1)
    return f"did you mean {near[0]!r}?" if near else f"one of {', '.join(known)}"
