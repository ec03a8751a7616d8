"""Where values end."""

from __future__ import annotations

from dataclasses import dataclass

from auditor.domain.fact import Guard
from auditor.domain.source import Scope, Span
from auditor.rulebook.types import Reads


@dataclass(frozen=True, slots=True)
class Sink:
    """Where a value ends: what takes it, and what stood in the way.

    `reads` is None where the taker is not known to the rules; `by_name` when only the argument's name tells what it is;
    `guards` are the conditions passed; `key` the key that picked the value from its collection ("*" a computed one, "" none);
    `listed` how many stood beside it in a list on its way, 0 when it went alone or was picked;
    `kept` when an object of the target keeps the value and nothing further is known of it;
    `weak` when a field was joined to its reader by its name alone.
    """

    reads: Reads | None
    callee: str
    keyword: str
    path: str
    span: Span
    scope: Scope
    within: str
    rule: str = ""
    by_name: bool = False
    guards: tuple[Guard, ...] = ()
    key: str = ""
    weak: bool = False
    steps: tuple[str, ...] = ()
    kept: bool = False
    listed: int = 0
