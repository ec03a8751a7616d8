"""How well a scan reads real repositories: its findings against labels that people made from the source.

    python tests/field/measure_references.py LABELS CHECKOUTS [--only TEXT] [--misses]

LABELS is one of the tables beside this file; CHECKOUTS a folder with one directory `owner+name` for each repository, at the
commit that the table names. Counted is each distinct (repository, model): see README.md here.
"""

from __future__ import annotations

import argparse
import csv
from collections import defaultdict
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from functools import cache, partial
from pathlib import Path

from auditor.audit import audit, explain
from auditor.config import Options
from auditor.domain.reference import Occurrence, Usage
from auditor.domain.report import Report
from auditor.domain.source import Target

_NAMES = Path(__file__).with_name("names.tsv")
_NEAR = 2  # lines by which a label and a finding may differ


@dataclass(frozen=True)
class Label:
    usage: str
    model: str
    hub_id: str
    roles: frozenset[str]
    path: str
    line: int


@dataclass
class Score:
    """Counts over distinct models of one or all repositories."""

    labelled: int = 0  # models that run, by the labels
    found: int = 0  # of these, models that the scan says run
    reported: int = 0  # models that the scan says run
    references: int = 0  # models of any usage, by the labels
    seen: int = 0  # of these, models that the scan saw at all
    places: int = 0  # labelled places that the scan saw
    right: int = 0  # of these, places with the right role
    misses: list[str] = field(default_factory=list)

    def add(self, other: Score) -> None:
        for name in ("labelled", "found", "reported", "references", "seen", "places", "right"):
            setattr(self, name, getattr(self, name) + getattr(other, name))

    def row(self, name: str) -> str:
        cells = (
            _share(self.found, self.labelled),
            _share(self.found, self.reported),
            _share(self.seen, self.references),
            _share(self.right, self.places),
        )
        return f"| {name} | " + " | ".join(cells) + " |"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("labels", type=Path)
    parser.add_argument("checkouts", type=Path)
    parser.add_argument("--only", default="", help="only repositories whose name contains this text")
    parser.add_argument("--misses", action="store_true", help="name every model that was missed or wrongly said to run")
    parser.add_argument("--jobs", type=int, default=2)
    asked = parser.parse_args()
    labels = {name: rows for name, rows in _labels(asked.labels).items() if asked.only in name}
    here = {name: rows for name, rows in labels.items() if _folder(asked.checkouts, name).is_dir()}
    print("| repository | runs: recall | runs: precision | references: recall | roles |")
    print("| --- | --- | --- | --- | --- |")
    total = Score()
    with ProcessPoolExecutor(asked.jobs) as workers:
        scores = workers.map(partial(_scored, asked.checkouts), here.items())
        for name, score in zip(here, scores, strict=True):
            total.add(score)
            print(score.row(name), flush=True)
            if asked.misses:
                print("".join(f"    {miss}\n" for miss in score.misses), end="")
    print(total.row(f"**{len(here)} repositories**"))
    if missing := sorted(set(labels) - set(here)):
        print(f"not checked out: {', '.join(missing)}")


def _labels(table: Path) -> dict[str, list[Label]]:
    found: dict[str, list[Label]] = defaultdict(list)
    with table.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE, escapechar="\\"):
            labels = found[row["repository"]]
            if row["usage"] != "none":
                roles = frozenset([row["role"], *row["also"].split(",")]) - {""}
                labels.append(
                    Label(row["usage"], row["model"], row["hub_id"], roles, row["path"], int(row["line"] or 0))
                )
    return dict(found)


def _scored(checkouts: Path, named: tuple[str, list[Label]]) -> Score:
    name, labels = named
    options = Options(cache=False, jobs=1)
    report = audit(Target(str(_folder(checkouts, name))), options)
    names = sorted({text for label in labels for text in (label.model, label.hub_id) if text})
    canonical = {e.query: e.finding.id.lower() for e in explain(names, options) if e.finding} if names else {}
    return _compared(report, labels, canonical)


def _compared(report: Report, labels: list[Label], canonical: dict[str, str]) -> Score:
    score = Score()
    places: dict[tuple[str, int], list[tuple[str, Occurrence]]] = defaultdict(list)
    usages: dict[str, set[Usage]] = defaultdict(set)
    for finding in report.findings:
        for place in finding.occurrences:
            places[place.path, place.span.line].append((finding.id.lower(), place))
            usages[finding.id.lower()].add(place.usage)
    grouped: dict[str, list[Label]] = defaultdict(list)
    ids: dict[str, set[str]] = defaultdict(set)
    for label in labels:
        key = label.model.lower()
        grouped[key].append(label)
        ids[key] |= {canonical[text] for text in (label.model, label.hub_id) if text in canonical}
        ids[key] |= {model for model in usages if model.startswith("file:") and model.endswith(f"/{key}")}
        ids[key] |= _wholes().get(key, frozenset())
        at = _at(label, places, ids[key])
        ids[key] |= {model for model, _ in at}
        if at:
            score.places += 1
            score.right += any(place.role.value in label.roles for _, place in at)
    running = {model for model, used in usages.items() if Usage.RUNS in used}
    covered: set[str] = set()
    for key, mine in grouped.items():
        score.references += 1
        score.seen += bool(ids[key] & set(usages))
        if any(label.usage == "runs" for label in mine):
            score.labelled += 1
            score.found += bool(ids[key] & running)
            covered |= ids[key] & running
            if not ids[key] & running:
                score.misses.append(f"missed: {mine[0].model} ({mine[0].path}:{mine[0].line})")
    # A label may cover several ids of one package; what counts is whether each reported model is labelled as running.
    wrong = sorted({_whole(model) for model in running - covered})
    score.reported = score.found + len(wrong)
    score.misses += [f"wrong: {model}" for model in wrong]
    return score


def _at(
    label: Label, places: dict[tuple[str, int], list[tuple[str, Occurrence]]], ids: set[str]
) -> list[tuple[str, Occurrence]]:
    """The findings at the place of a label: those of its model near by, else the only model on its very line."""
    near = [p for line in range(label.line - _NEAR, label.line + _NEAR + 1) for p in places.get((label.path, line), ())]
    same = [(model, place) for model, place in near if model in ids]
    on_line = places.get((label.path, label.line), [])
    return same or (on_line if len({model for model, _ in on_line}) == 1 else [])


@cache
def _wholes() -> dict[str, frozenset[str]]:
    """Labels that name a whole, in lower case, with the ids of its parts or versions: names.tsv beside this file."""
    with _NAMES.open(encoding="utf-8", newline="") as lines:
        return {row["label"]: frozenset(row["ids"].split()) for row in csv.DictReader(lines, delimiter="\t")}


def _whole(model: str) -> str:
    """What a wrongly reported model is a part of, so that the parts of one thing are one mistake; else itself."""
    return next((label for label, ids in _wholes().items() if model in ids), model)


def _folder(checkouts: Path, name: str) -> Path:
    return checkouts / name.replace("/", "+")


def _share(part: int, whole: int) -> str:
    return f"{part}/{whole} = {part / whole:.2f}" if whole else "0/0"


if __name__ == "__main__":
    main()
