"""Jobs on a Dask cluster: the same work as here, in the same isolation, into a store that all machines reach."""

from __future__ import annotations

import multiprocessing
import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures import CancelledError
from dataclasses import replace
from pathlib import Path
from typing import Any

from auditor.domain.source import Gap
from auditor.errors import AuditError
from auditor.portfolio.job import Done, Job, work
from auditor.workers import isolated_map

_PATIENCE = "30s"  # for a cluster to answer
_RETRIES = 2  # of a product whose worker was lost


def on_cluster(jobs: Sequence[Job], address: str, *, seconds: float) -> Iterator[Done | Gap]:
    """What comes of each job, in their order. *Raises*: AuditError for a cluster that is not there or goes away.

    A product whose worker is lost is begun again on another one; what was finished is in the store all the same.
    """
    try:
        from distributed import Client, as_completed
        from distributed.scheduler import KilledWorker
    except ImportError as error:
        raise AuditError(
            "--scheduler needs Dask, which is not installed", hint="pip install 'auditor[portfolio]'"
        ) from error
    try:
        client: Any = Client(address, timeout=_PATIENCE, set_as_default=False)  # type: ignore[no-untyped-call]
    except (OSError, ValueError) as error:
        raise AuditError(f"no cluster answers at {address}", hint="--scheduler tcp://HOST:8786") from error
    with client:
        futures: list[Any] = [client.submit(isolated, job, seconds, pure=False, retries=_RETRIES) for job in jobs]
        number = {future.key: n for n, future in enumerate(futures)}
        done: dict[int, Done | Gap] = {}
        following = 0
        for future in as_completed(list(futures), loop=client.loop):  # type: ignore[no-untyped-call]
            n = number[future.key]
            try:
                done[n] = future.result()
            except KilledWorker:
                done[n] = Gap("portfolio", jobs[n].path, "crashed", "every worker that worked on it was lost")
            except (CancelledError, OSError) as error:
                hint = "what was finished is in the store: run it again"
                raise AuditError(f"the cluster at {address} went away", hint=hint) from error
            futures[n] = None  # so that the cluster may forget it
            _end(jobs[n])
            while following in done:
                yield done.pop(following)
                following += 1


def isolated(job: Job, seconds: float) -> Done | Gap:
    """Runs on a worker: the job in a process of its own, which may crash or hang."""
    if multiprocessing.current_process().daemon:
        told = "the worker may start no process: set DASK_DISTRIBUTED__WORKER__DAEMON=False where workers start"
        return Gap("portfolio", job.path, "failed", told)
    with tempfile.TemporaryDirectory(prefix="auditor-portfolio-") as scratch:
        return next(isolated_map(work, [replace(job, scratch=scratch)], jobs=1, seconds=seconds))


def _end(job: Job) -> None:
    with open(Path(job.scratch, "events"), "a", encoding="utf-8") as file:
        file.write(f"end\t{job.number}\n")
