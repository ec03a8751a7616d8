"""Configuration files inside YAML: a ConfigMap's `app.yaml: |`, a chart's values that become a file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from auditor.detect import braces, dialect, pairs, tree, yaml_tree
from auditor.detect.text import Places
from auditor.detect.tree import Node
from auditor.domain.fact import Prose, Setting
from auditor.domain.source import Span

_MAX_FILES = 200


@dataclass(frozen=True, slots=True)
class _Within:
    """Places of a part of a text that begins at `start`."""

    places: Places
    start: int

    def span(self, start: int, end: int) -> Span:
        return self.places.span(self.start + start, self.start + end)


def parse(root: Node, text: str, places: Places, kind: str) -> Iterator[Setting | Prose]:
    """The settings of every block text whose key is the name of a configuration file; their paths begin with its own."""
    seen = 0
    for leaf in tree.leaves(root, maps=False):
        scalar = leaf.scalar
        if scalar.style != "|" or not leaf.path or seen >= _MAX_FILES:
            continue
        seen += 1
        # The first line is indented like the others.
        start = text.rfind("\n", 0, scalar.start) + 1
        for fact in _facts(dialect.of(leaf.path[-1], ""), text[start : scalar.end], _Within(places, start)):
            if isinstance(fact, Setting):
                yield replace(fact, path=(*leaf.path, *fact.path), dialect=kind)
            else:
                yield fact


def _facts(kind: str, text: str, places: Places) -> Iterator[Setting | Prose]:
    match kind:
        case "yaml":
            for document in yaml_tree.documents(text):
                yield from tree.settings(document.node, places.span, kind)
        case "json":
            yield from tree.settings(braces.parse(text).node, places.span, kind)
        case "env":
            yield from pairs.env(text, places)
        case "ini" | "properties":
            yield from pairs.ini(text, places, kind)
