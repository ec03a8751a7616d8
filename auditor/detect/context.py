"""What surrounds an expression in source code, the same for every language."""

from __future__ import annotations

from dataclasses import dataclass

from auditor.domain.fact import Entry, Guard


@dataclass(frozen=True, slots=True)
class Context:
    """Carried down an expression; the fields are those of `auditor.domain.fact.Literal`."""

    within: str = ""
    guards: tuple[Guard, ...] = ()
    entries: tuple[Entry, ...] = ()
    env: str = ""
    option: str = ""
    fallback: bool = False
    holder: str = ""
