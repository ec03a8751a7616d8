"""What inference answers when parents are withheld: `python -m tests.field.measure_inference [--seed N]`.

A fifth of the snapshot's edges is left out, drawn with SEED, which rules were mended on, or with a seed that they were not.
Every model that then has no stated parent, no curated record and no rule that calls it a root is asked for, and what the
name alone tells is held against the edge that was withheld: the same parent; another parent whose roots are of the same
maker; roots of another maker; or nothing.
"""

from __future__ import annotations

import argparse
import random
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, replace

from auditor.domain.model import Edge, Lineage, Record
from auditor.domain.reference import Reference, Scheme
from auditor.resolve.catalog import Alias
from auditor.resolve.chain import Resolver
from auditor.resolve.snapshot import Snapshot, embedded, open_snapshot
from auditor.resolve.tables import read_table
from auditor.rulebook.load import load

SEED = 20261124
SHARE = 5  # one edge in so many is withheld


class Withheld:
    """A snapshot without some of its edges."""

    def __init__(self, snapshot: Snapshot, edges: frozenset[tuple[str, str]]) -> None:
        self._snapshot = snapshot
        self._edges = edges

    def record(self, name: str) -> Record | None:
        found = self._snapshot.record(name)
        return None if found is None else replace(found, parents=tuple(filter(self._told, found.parents)))

    def _told(self, edge: Edge) -> bool:
        return (edge.child.casefold(), edge.parent.casefold()) not in self._edges

    def hub_id(self, name: str) -> str | None:
        return self._snapshot.hub_id(name)

    def alias(self, name: str, scheme: str = "") -> tuple[Alias, ...]:
        return self._snapshot.alias(name, scheme)

    def named(self, basename: str) -> tuple[str, ...]:
        return self._snapshot.named(basename)

    def author_known(self, org: str) -> bool:
        return self._snapshot.author_known(org)


@dataclass(frozen=True, slots=True)
class Answered:
    """One model asked for without its parents. `outcome`: same parent, same maker, wrong maker, no root."""

    child: str
    relation: str
    stated: str
    inferred: str  # "" when the name told nothing
    sure: str
    outcome: str


def answers(seed: int = SEED) -> Iterator[Answered]:
    rows = list(read_table(embedded() / "edges.tsv.gz"))
    drawn = random.Random(seed).sample(rows, len(rows) // SHARE)
    edges = frozenset((row["child"].casefold(), row["parent"].casefold()) for row in drawn)
    remaining = {r["child"].casefold() for r in rows if (r["child"].casefold(), r["parent"].casefold()) not in edges}
    rules = load()
    curated = {rule.record.id.casefold() for rule in rules.models}
    with closing(open_snapshot(embedded())) as snapshot:
        knowing, guessing = Resolver(rules, snapshot), Resolver(rules, Withheld(snapshot, edges))
        for row in drawn:
            child = row["child"]
            if child.casefold() in remaining | curated:
                continue
            before, _ = _makers(knowing, child)
            after, lineage = _makers(guessing, child)
            if child in lineage.roots:
                continue  # a rule says that it starts here: nothing is inferred
            own = [edge for edge in lineage.edges if edge.child == child]
            guess, sure = (own[0].parent, own[0].confidence.label) if own else ("", "none")
            if guess.casefold() == row["parent"].casefold():
                outcome = "same parent"
            elif not after:
                outcome = "no root"
            elif not before:
                outcome = "not known"
            else:
                outcome = "same maker" if before & after else "wrong maker"
            yield Answered(child, row["relation"], row["parent"], guess, sure, outcome)


def _makers(resolver: Resolver, name: str) -> tuple[set[str], Lineage]:
    """The makers of the model's roots, and its lineage."""
    (resolution,) = resolver.resolve([Reference(Scheme.HUGGINGFACE, name)])
    assert resolution.lineage is not None
    publishers = {origin.model: origin.publisher for origin in resolution.origins}
    return {p.id for root in resolution.lineage.roots if (p := publishers[root])}, resolution.lineage


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seed", type=int, default=SEED)
    found = list(answers(parser.parse_args().seed))
    table: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for one in found:
        for key in ((one.relation, one.sure), ("all", one.sure), ("all", "all")):
            table[key][one.outcome] += 1
    outcomes = ("same parent", "same maker", "wrong maker", "no root", "not known")
    print(f"{'relation':12} {'confidence':10} {'models':>7} " + " ".join(f"{o:>12.12}" for o in outcomes))
    for (relation, sure), counted in sorted(table.items(), key=lambda item: (item[0][0] == "all", item[0])):
        print(f"{relation:12} {sure:10} {counted.total():7} " + " ".join(f"{counted[o]:12}" for o in outcomes))
    for one in found:
        if one.outcome == "wrong maker":
            print(f"wrong ({one.sure}): {one.child}: {one.inferred}, not {one.stated}")


if __name__ == "__main__":
    main()
