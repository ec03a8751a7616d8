"""Which commits of a history can have changed what models are used."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from auditor.audit import Progress
from auditor.collect import Line, contents, holds_weights
from auditor.collect.commits import Step
from auditor.names import NamesOfText


def looks_of(way: Line, names: NamesOfText, tell: Progress) -> list[Step]:
    """The commits at which a name enters a shipped file or leaves one for good or for another, and the last commit."""
    return list(_looks(way.steps, _names(way, names, tell)))


def _names(way: Line, names: NamesOfText, tell: Progress) -> dict[str, frozenset[str]]:
    """The names in each blob that has any."""
    blobs = {blob for step in way.steps for path, blob in step.changed if blob and not holds_weights(path)}
    said: dict[str, frozenset[str]] = {}
    for n, (blob, content) in enumerate(contents(way.repo, blobs)):
        tell("reading", n, len(blobs))
        if found := names.of(content):
            said[blob] = found
    return said


def _looks(steps: Iterable[Step], said: dict[str, frozenset[str]]) -> Iterator[Step]:
    held: dict[str, frozenset[str]] = {}
    step, seen = None, True
    for step in steps:
        before: Counter[str] = Counter()
        after: Counter[str] = Counter()
        for path, blob in step.changed:
            before.update(held.pop(path, ()))
            names = frozenset([path]) if blob and holds_weights(path) else said.get(blob, frozenset())
            if names:
                held[path] = names
                after.update(names)
        seen = before != after
        if seen:
            yield step
    if step is not None and not seen:
        yield step
