"""Short names that a default gives and a call elsewhere takes: `--model small`, and in another file `WhisperModel(name)`."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache

from auditor.domain.fact import Literal
from auditor.domain.rows import columns
from auditor.domain.sighting import FileFacts, Name, Sighting
from auditor.rulebook.types import CallRule, Rulebook, Shorthand
from auditor.trace.flow import Flow
from auditor.trace.symbols import last

Short = Callable[[str, Shorthand], Name | None]


def shorthand(
    files: Sequence[FileFacts], rulebook: Rulebook, flow: Flow, short: Short
) -> Iterator[tuple[FileFacts, Sighting]]:
    """The strings that mean nothing where they stand and a model where they end, each with its file."""
    called = {last(callee) for file in files for (callee,) in columns(file.calls, "callee")}
    rules = [r for r in rulebook.calls if r.short != Shorthand() and any(_may_be(last(c), called) for c in r.callee)]
    if not rules:
        return
    meant = lru_cache(maxsize=None)(lambda text: _meant(text, rules, short))
    for file in files:
        taken = {sighting.span for sighting in file.sightings}
        for fact in file.selectors:
            if not isinstance(fact, Literal) or fact.dynamic or fact.span in taken:
                continue
            names = meant(fact.text)
            if not names:
                continue
            ends = (names[s.rule] for s in flow.sinks(fact, file) if s.rule in names and not s.by_name)
            name = next(ends, None)
            if name is not None:
                yield file, Sighting(name, fact, fact.span, fact.text)


def _may_be(glob: str, called: set[str]) -> bool:
    return "*" in glob or glob in called


def _meant(text: str, rules: Sequence[CallRule], short: Short) -> dict[str, Name]:
    """What a text means to each rule that takes it, by the rule's id."""
    found = ((rule.origin.id, short(text, rule.short)) for rule in rules)
    return {rule: name for rule, name in found if name is not None}
