"""What a dependency loads by itself."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Default:
    """What a package loads when nobody names a model, for versions `since <= v < until` ("" open).

    `calls` are dotted callee globs that trigger it when none of `unless` keywords (and no positional beyond `unless_position`) is given;
    `always` says the package loads it whenever used at all. `literals` restricts to calls whose first argument is one of them
    (`pipeline("summarization")`). `beside` are calls of which the target has to make one for the default to be reached: a callee glob, then
    keywords that it has and, with `-`, has not (`*.add documents -embeddings`). Of a default that is
    loaded whenever the package is used, `imports` are globs over what code under the manifest's folder imports for it, and `unless_set` globs over
    the key path of a setting there that names another model (`spring/ai/openai/chat/*model`).
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
    imports: tuple[str, ...] = ()
    unless_set: tuple[str, ...] = ()
