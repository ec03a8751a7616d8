"""What a snapshot of the whole Hub costs, tried with made-up rows: `python -m tests.field.measure_snapshot FOLDER`.

The tables are written into FOLDER as a crawl writes them (2.5 million models, two in five with a base, half of them under
an organisation that has others), with a fixed seed; then `auditor snapshot build` is timed, the compiling that the first use
does, opening, and look-ups of models drawn at random, each in a process of its own that tells its peak of memory. The names
are as long as those of the Hub are, and no two are the same.
"""

from __future__ import annotations

import argparse
import multiprocessing
import multiprocessing.connection
import random
import resource
import statistics
import sys
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import TypeVar

from auditor.resolve.build import build
from auditor.resolve.compile import compile
from auditor.resolve.snapshot import open_snapshot
from auditor.resolve.tables import SOURCES, read_table
from auditor.resolve.verify import verify

T = TypeVar("T")

MODELS = 2_500_000
BASED = 5, 2  # of so many models, so many have a base
LOOKED_UP = 10_000
SEED = 20261124
SIZES = (1, 3, 7, 13, 70)
COLUMNS = {
    "models": ("id", "downloads", "task", "license", "source"),
    "edges": ("child", "relation", "parent", "source"),
    "aliases": ("scheme", "alias", "hub_id", "source"),
}
NOTES = '[[source]]\nmatch = "hub:"\nlicense = "terms of the Hub"\nedges = "high"\naliases = ""\nsays = "base_model"\n'
SOURCE = "hub:huggingface.co@2026-11-24"
FORMS = ("GGUF", "AWQ", "bnb-4bit", "lora", "Instruct", "merged-v2", "8bit-mlx")
RELATIONS = ("finetune", "finetune", "quantized", "adapter", "merge")
TASKS = ("text-generation", "text-to-image", "feature-extraction", "")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--models", type=int, default=MODELS)
    told = parser.parse_args()
    tables, text, compiled = told.folder / "tables", told.folder / "text", told.folder / "snapshot.sqlite"
    tables.mkdir(parents=True, exist_ok=True)
    written(tables, told.models)
    print(f"{'step':34} {'seconds':>10} {'peak MiB':>9}")
    for name, step in (
        ("build the text form", lambda: build(tables, text, built="2026-11-24").edges),
        ("verify the text form", lambda: verify(text).problems),
        ("compile it (first use)", lambda: compile(text, compiled)),
    ):
        seconds, peak, _ = alone(step)
        print(f"{name:34} {seconds:10.1f} {peak:9.0f}")
    _, peak, (opened, each, followed) = alone(lambda: look_ups(text, compiled))
    print(f"{'open the compiled file':34} {opened:10.4f}")
    print(f"{'look up a model (median)':34} {each:10.6f}")
    print(f"{'the same, with its parents (median)':34} {followed:9.6f} {peak:9.0f}")
    size = sum(file.stat().st_size for file in text.iterdir())
    print(f"text form {size / 1e6:.0f} MB, compiled {compiled.stat().st_size / 1e6:.0f} MB")


def written(tables: Path, most: int) -> None:
    """The tables of so many models."""
    draw = random.Random(SEED)
    (tables / SOURCES).write_text(NOTES, encoding="utf-8")
    for table, columns in COLUMNS.items():
        (tables / f"{table}.tsv").write_text("\t".join(columns) + "\n", encoding="utf-8")
    with (
        (tables / "models.tsv").open("a", encoding="utf-8") as models,
        (tables / "edges.tsv").open("a", encoding="utf-8") as edges,
    ):
        for number in range(most):
            name = named(number)
            downloads = int(draw.paretovariate(0.5)) - 1
            models.write(f"{name}\t{min(downloads, 10**8)}\t{draw.choice(TASKS)}\tapache-2.0\t{SOURCE}\n")
            if number and number % BASED[0] < BASED[1]:
                # Most descend from few: an old model is as likely a base as all that came since.
                base = named(int(number * draw.random() ** 8))
                edges.write(f"{name}\t{draw.choice(RELATIONS)}\t{base}\t{SOURCE}\n")


def named(number: int) -> str:
    """The id of a made-up model, always the same."""
    mixed = number * 2_654_435_761 % 2**32
    owner = mixed % (number + 1) if number % 2 else number
    return f"owner-{owner:x}/Model-{number:x}-{SIZES[mixed % len(SIZES)]}B-{FORMS[mixed % len(FORMS)]}"


def look_ups(text: Path, compiled: Path) -> tuple[float, float, float]:
    """Seconds to open, and medians of a look-up alone and with all parents on the way."""
    names = [row["id"] for row in read_table(text / "models.tsv.gz")]
    drawn = random.Random(SEED).sample(names, min(LOOKED_UP, len(names)))
    del names
    started = time.perf_counter()
    with closing(open_snapshot(compiled)) as snapshot:
        opened = time.perf_counter() - started
        alone, followed = [], []
        for name in drawn:
            started = time.perf_counter()
            record = snapshot.record(name)
            alone.append(time.perf_counter() - started)
            for _ in range(64):
                if record is None or not record.parents:
                    break
                record = snapshot.record(record.parents[0].parent)
            followed.append(time.perf_counter() - started)
    return opened, statistics.median(alone), statistics.median(followed)


def alone(step: Callable[[], T]) -> tuple[float, float, T]:
    """Seconds and peak MiB of a step in a process of its own, and what it gave."""
    ours, theirs = multiprocessing.get_context("fork").Pipe(duplex=False)
    process = multiprocessing.get_context("fork").Process(target=_told, args=(step, theirs))
    process.start()
    found: tuple[float, float, T] = ours.recv()
    process.join()
    return found


def _told(step: Callable[[], object], pipe: multiprocessing.connection.Connection) -> None:
    started = time.perf_counter()
    made = step()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1024 * 1024 if sys.platform == "darwin" else 1024)
    pipe.send((time.perf_counter() - started, peak, made))


if __name__ == "__main__":
    main()
