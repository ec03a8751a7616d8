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
_RETRIES = 2  # of a part whose worker was lost
_SHARE = 16  # products that a worker is given at once: a process is started for each share, not for each


def on_cluster(jobs: Sequence[Job], address: str, *, seconds: float) -> Iterator[Done | Gap]:
    """What comes of each job, in their order. *Raises*: AuditError for a cluster that is not there or goes away.

    What a lost worker was given is begun again on another one; what was finished is in the store all the same.
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
        share = max(1, min(_SHARE, len(jobs) // (4 * max(1, sum(client.ncores().values())))))
        parts = [jobs[start : start + share] for start in range(0, len(jobs), share)]
        futures: list[Any] = [client.submit(isolated, part, seconds, pure=False, retries=_RETRIES) for part in parts]
        number = {future.key: n for n, future in enumerate(futures)}
        done: dict[int, list[Done | Gap]] = {}
        following = 0
        for future in as_completed(list(futures), loop=client.loop):  # type: ignore[no-untyped-call]
            n = number[future.key]
            try:
                done[n] = future.result()
            except KilledWorker:
                told = "every worker that worked on it, or on another of its part, was lost"
                done[n] = [Gap("portfolio", job.path, "crashed", told) for job in parts[n]]
            except (CancelledError, OSError) as error:
                hint = "what was finished is in the store: run it again"
                raise AuditError(f"the cluster at {address} went away", hint=hint) from error
            futures[n] = None  # so that the cluster may forget it
            _end(parts[n])
            while following in done:
                yield from done.pop(following)
                following += 1


def isolated(jobs: Sequence[Job], seconds: float) -> list[Done | Gap]:
    """Runs on a worker: the jobs one by one in a process of their own, which may crash or hang."""
    if multiprocessing.current_process().daemon:
        told = "the worker may start no process: set DASK_DISTRIBUTED__WORKER__DAEMON=False where workers start"
        return [Gap("portfolio", job.path, "failed", told) for job in jobs]
    with tempfile.TemporaryDirectory(prefix="auditor-portfolio-") as scratch:
        here = [replace(job, scratch=scratch) for job in jobs]
        return list(isolated_map(work, here, jobs=1, seconds=seconds))


def _end(jobs: Sequence[Job]) -> None:
    for job in jobs:
        with open(Path(job.scratch, "events"), "a", encoding="utf-8") as file:
            file.write(f"end\t{job.number}\n")
