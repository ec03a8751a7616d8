"""What a portfolio run is doing, on a terminal: how far it is, what is being audited, and how long is left."""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from auditor.render.escape import visible

if TYPE_CHECKING:
    from auditor.portfolio.execute import Watch
    from auditor.portfolio.job import Job

_EVERY = 0.5  # seconds
_MOST_NAMES = 4


@contextmanager
def watching(*, quiet: bool) -> Iterator[Watch | None]:
    """A watch for the run that draws until the context ends; None where nobody would see it."""
    if quiet or not sys.stderr.isatty() or os.environ.get("TERM") == "dumb":
        yield None
        return
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeElapsedColumn,
        TimeRemainingColumn,
    )

    columns = (
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("left"),
        TimeRemainingColumn(),
        TextColumn("{task.description}", markup=False),
    )
    over = threading.Event()
    threads: list[threading.Thread] = []
    with Progress(
        *columns, console=Console(stderr=True, highlight=False), transient=True, speed_estimate_period=3600
    ) as bars:
        task = bars.add_task("starting", total=None)

        def follow(events: Events, total: int) -> None:
            while not over.wait(_EVERY):
                done, running = events.read()
                bars.update(task, completed=done, total=total, description=" ".join(running))

        def watch(scratch: Path, jobs: Sequence[Job]) -> None:
            events = Events(scratch / "events", [job.path for job in jobs])
            threads.append(threading.Thread(target=follow, args=(events, len(jobs)), daemon=True))
            threads[-1].start()

        try:
            yield watch
        finally:
            over.set()
            for thread in threads:
                thread.join()


class Events:
    """What the processes of a run note, read as it grows."""

    def __init__(self, file: Path, names: Sequence[str]) -> None:
        self._file, self._names = file, names
        self._position, self._done = 0, 0
        self._running: dict[int, float] = {}

    def read(self) -> tuple[int, list[str]]:
        """How many are done, and what is running, with its seconds; the longest first."""
        try:
            with open(self._file, encoding="utf-8") as file:
                file.seek(self._position)
                new = file.read()
        except OSError:
            new = ""
        whole = new[: new.rfind("\n") + 1]
        self._position += len(whole)
        for line in whole.splitlines():
            what, _, number = line.partition("\t")
            if what == "begin":
                self._running[int(number)] = time.monotonic()
            else:
                self._running.pop(int(number), None)
                self._done += 1
        longest = sorted(self._running.items(), key=lambda pair: pair[1])[:_MOST_NAMES]
        return self._done, [f"{visible(self._names[n])} {time.monotonic() - began:.0f}s" for n, began in longest]
