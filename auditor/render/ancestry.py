"""What a model was made from, step by step, for formats that show it as a tree."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from auditor.domain.model import Edge
from auditor.domain.report import Finding
from auditor.render import words


@dataclass(frozen=True, slots=True)
class Step:
    """One parent in a lineage. *Units*: depth 1 is a parent of the model itself.

    `maker` is its developer where the report names it, else ""; `told` is true when its own parents stand further up.
    """

    edge: Edge
    depth: int
    maker: str
    told: bool


def ancestry(finding: Finding) -> tuple[Step, ...]:
    """The lineage depth first, a parent below its child. Ends in merges and cycles too: each model is told once."""
    parents: defaultdict[str, list[Edge]] = defaultdict(list)
    for edge in finding.edges:
        parents[edge.child].append(edge)
    makers = {root.id: words.maker(root.developer, root.countries) for root in finding.judgement.roots}
    return tuple(_steps(finding.id, parents, makers))


def _steps(model: str, parents: dict[str, list[Edge]], makers: dict[str, str]) -> Iterator[Step]:
    told = {model}
    waiting = [(edge, 1) for edge in reversed(parents.get(model, []))]
    while waiting:
        edge, depth = waiting.pop()
        again = edge.parent in told
        yield Step(edge, depth, makers.get(edge.parent, ""), again)
        if not again:
            told.add(edge.parent)
            waiting.extend((further, depth + 1) for further in reversed(parents.get(edge.parent, [])))
