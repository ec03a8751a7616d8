"""Products -> rows: one process a job on this machine; what crashes, hangs or cannot be reached is a failed product."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from auditor.config import Options
from auditor.domain.portfolio import Holding
from auditor.domain.source import Gap
from auditor.portfolio.job import Done, Job, digests, failed, work
from auditor.portfolio.manifest import Manifest, place
from auditor.portfolio.store import opened
from auditor.workers import isolated_map

_PREFIX = "auditor-portfolio-"


@dataclass(frozen=True, slots=True)
class Plan:
    """How a portfolio is audited. *Units*: `jobs` processes, `seconds` for one product."""

    options: Options
    store: str
    jobs: int
    seconds: float
    dates: tuple[str, ...] = ()  # ISO, ascending: the portfolio is audited as of their ends as well
    scheduler: str = ""  # address of a Dask cluster, "" for this machine


Watch = Callable[[Path, Sequence[Job]], None]


def run(manifest: Manifest, plan: Plan, *, watch: Watch | None = None) -> Iterator[Done]:
    """A row for each product in the order of the manifest. *Raises*: AuditError for a store or rules that cannot be used.

    `watch` is told the folder in which the run notes what begins and ends, and the jobs.
    """
    opened(plan.store)
    known = digests(plan.options)
    with _scratch() as scratch:
        jobs = [
            Job(
                number,
                one.name,
                one,
                _absolute(one, manifest.folder),
                replace(plan.options, jobs=1),
                known,
                plan.store if "://" in plan.store else os.path.abspath(plan.store),
                str(scratch),
                plan.dates,
            )
            for number, one in enumerate(manifest.holdings)
        ]
        if watch is not None:
            watch(scratch, jobs)
        done = _done(jobs, plan)
        for job, result in zip(jobs, done, strict=True):
            yield Done(job.number, failed(job, _reason(result)), None, True, 0.0) if isinstance(result, Gap) else result


def _done(jobs: Sequence[Job], plan: Plan) -> Iterator[Done | Gap]:
    if not plan.scheduler:
        return isolated_map(work, jobs, jobs=plan.jobs, seconds=plan.seconds)
    from auditor.portfolio.cluster import on_cluster

    return on_cluster(jobs, plan.scheduler, seconds=plan.seconds)


def _absolute(holding: Holding, folder: Path) -> str:
    where = place(holding, folder)
    return where if where == holding.source and not os.path.exists(where) else os.path.abspath(where)


def _reason(gap: Gap) -> str:
    return gap.message if gap.code == "timeout" else f"{gap.code}: {gap.message}"


@contextmanager
def _scratch() -> Iterator[Path]:
    """A folder for what does not outlive the run. Those of runs that were killed are taken away."""
    root = Path(tempfile.gettempdir())
    for left in root.glob(f"{_PREFIX}*"):
        owner = left.name.removeprefix(_PREFIX).partition("-")[0]
        if owner.isdigit() and not _alive(int(owner)):
            shutil.rmtree(left, ignore_errors=True)
    folder = Path(tempfile.mkdtemp(prefix=f"{_PREFIX}{os.getpid()}-"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
