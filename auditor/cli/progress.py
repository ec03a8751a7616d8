"""Progress on a terminal; nothing anywhere else."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

Progress = Callable[[str, int, int], None]
_BETWEEN = 0.1  # seconds


@contextmanager
def progress(*, quiet: bool) -> Iterator[Progress | None]:
    """A callback (stage, done, total) that draws a bar which vanishes at the end; None where nobody would see it."""
    if quiet or not sys.stderr.isatty() or os.environ.get("TERM") == "dumb":
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as Bars

    from auditor.render.escape import visible

    columns = (
        TextColumn("{task.description:<10}", markup=False),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    console = Console(stderr=True, highlight=False)
    with Bars(*columns, console=console, transient=True, auto_refresh=False) as bars:  # a thread would hinder a fork
        task = bars.add_task("", total=None)
        stage_shown, shown = "", 0.0

        def show(stage: str, done: int, total: int) -> None:
            nonlocal stage_shown, shown
            bars.update(task, description=visible(stage), completed=done, total=total or None)
            if stage != stage_shown or time.monotonic() - shown > _BETWEEN:
                bars.refresh()
                stage_shown, shown = stage, time.monotonic()

        yield show
