"""What a dependency loads by itself."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Default:
    """What a package loads when nobody names a model, for versions `since <= v < until` ("" open).

    `calls` are dotted callee globs that trigger it when none of `unless` keywords (and no positional beyond `unless_position`) is given;
    `always` says the package loads it whenever used at all. `literals` restricts to calls whose first argument is one of them
    (`pipeline("summarization")`). `beside` are calls of which the target has to make one for the default to be reached: a callee glob, then
    keywords that it has and, with `-`, has not (`*.add documents -embeddings`).
    """

    model: str
    since: str = ""
    until: str = ""
    when: str = ""
    calls: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()
    unless_position: int = -1
    literals: tuple[str, ...] = ()
    always: bool = False
    beside: tuple[str, ...] = ()
