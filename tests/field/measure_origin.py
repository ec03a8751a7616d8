"""How often the most downloaded models resolve to the right root developer: `python -m tests.field.measure_origin`.

The population is the thousand ids with the most downloads in the shipped snapshot (the counts are those of the packages that
it is built from, which know language models best: speech and vision are few). The labels are three random draws of it: 200
with seed 20261124, after which rules were still mended; 100 of the others with seed 2, after which only the one was mended
that they showed to be wrong; and 150 of the rest with seed 3, labelled and committed before the program was asked for any of
them. They were labelled by hand; origin_labels.tsv tells for each id on what its label stands: own (a series that its maker
pretrained), name (the name states the base), card (the maker's card or paper), search (public text read for the label, at
`source`), open (not established: counted apart). Labels and rules are of the same hands.
"""

from __future__ import annotations

import argparse
import csv
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from auditor.domain.model import Lineage
from auditor.domain.reference import Confidence, Reference, Scheme
from auditor.resolve.chain import Resolver
from auditor.resolve.snapshot import embedded, open_snapshot
from auditor.resolve.tables import read_table
from auditor.rulebook.load import load

LABELS = Path(__file__).with_name("origin_labels.tsv")
POPULATION = 1_000
OPEN = "?"  # nobody established the root


@dataclass(frozen=True, slots=True)
class Asked:
    """One model and the answer. *Shape*: `roots` are publisher ids, empty when no root is known; `sure` is the best chain to one."""

    id: str
    task: str
    roots: tuple[str, ...]
    sure: str


def population(most: int = POPULATION) -> list[tuple[str, str]]:
    """The most downloaded ids with their tasks, most downloaded first."""
    rows = [row for row in read_table(embedded() / "models.tsv.gz") if row["downloads"]]
    rows.sort(key=lambda row: (-int(row["downloads"]), row["id"]))
    return [(row["id"], row["task"] or "not told") for row in rows[:most]]


def labels(draw: str = "") -> dict[str, str]:
    """The developer of the root by id, "?" where it is not established; of one draw, or of all."""
    with LABELS.open(encoding="utf-8", newline="") as file:
        return {row["id"]: row["root"] for row in csv.DictReader(file, delimiter="\t") if draw in ("", row["draw"])}


def answers(models: Iterable[tuple[str, str]]) -> Iterator[Asked]:
    """What the program answers offline, in the order asked."""
    with closing(open_snapshot()) as snapshot:
        resolver = Resolver(load(), snapshot)
        for name, task in models:
            (resolution,) = resolver.resolve([Reference(Scheme.HUGGINGFACE, name)])
            lineage = resolution.lineage
            origins = {o.model: o for o in resolution.origins}
            roots = lineage.roots if lineage else ()
            makers = {o.publisher.id for root in roots if (o := origins[root]).publisher is not None}
            chains = _reach(lineage, resolution.answers[0].confidence) if lineage else {}
            sure = max((min(chains[root], origins[root].confidence) for root in roots), default=None)
            yield Asked(name, task, tuple(sorted(makers)), sure.label if sure else "")


def _reach(lineage: Lineage, answer: Confidence) -> dict[str, Confidence]:
    """How surely each model is reached: the best way, each as sure as its weakest step."""
    found = {lineage.model: answer}
    for _ in lineage.edges:
        for edge in lineage.edges:
            if edge.child in found:
                through = min(found[edge.child], edge.confidence)
                found[edge.parent] = max(found.get(edge.parent, through), through)
    return found


def judged(asked: Asked, truth: str) -> str:
    """right, wrong or unknown."""
    if not asked.roots:
        return "unknown"
    return "right" if truth in asked.roots else "wrong"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--unknown", action="store_true", help="name what has no root, and what is wrong")
    parser.add_argument("--draw", default="", help="only the labels of this draw: 1, 2 or 3")
    told = parser.parse_args()
    everything = list(answers(population()))
    known = labels(told.draw)
    print(f"{'task':32} {'all':>5} {'root known':>10} | {'labelled':>8} {'right':>6} {'wrong':>6} {'unknown':>8}")
    tasks = Counter(asked.task for asked in everything)
    for task in (*(name for name, _ in tasks.most_common()), ""):
        of_task = [asked for asked in everything if task in ("", asked.task)]
        found = sum(bool(asked.roots) for asked in of_task)
        labelled = [asked for asked in of_task if known.get(asked.id, OPEN) != OPEN]
        count = Counter(judged(asked, known[asked.id]) for asked in labelled)
        line = f"{task or 'together':32} {len(of_task):5} {found:10} | {len(labelled):8}"
        print(f"{line} {count['right']:6} {count['wrong']:6} {count['unknown']:8}")
    sure = Counter(asked.sure or "no root" for asked in everything)
    print("how sure: " + ", ".join(f"{n} {what}" for what, n in sure.most_common()))
    for draw in ("1", "2", "3"):
        drawn = labels(draw)
        count = Counter(
            "not established" if drawn[asked.id] == OPEN else judged(asked, drawn[asked.id])
            for asked in everything
            if asked.id in drawn
        )
        print(f"draw {draw}: {len(drawn)} labelled, " + ", ".join(f"{n} {what}" for what, n in count.most_common()))
    unsettled = sum(truth == OPEN for truth in known.values())
    print(
        f"of the {len(known)} labelled, {unsettled} have a root that nobody established; they are left out of the right half"
    )
    if told.unknown:
        for asked in everything:
            if not asked.roots:
                print(f"unknown  {asked.id}")
            elif known.get(asked.id, OPEN) not in (OPEN, *asked.roots):
                print(f"wrong    {asked.id}: {', '.join(asked.roots)}, not {known[asked.id]}")


if __name__ == "__main__":
    main()
