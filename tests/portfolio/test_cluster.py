"""The same portfolio on a real cluster of processes: the same bytes, also when a worker is killed in mid-run."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from auditor.config import Options
from auditor.domain.portfolio import Audited
from auditor.errors import AuditError
from auditor.portfolio.cluster import on_cluster
from auditor.portfolio.execute import Plan, run
from auditor.portfolio.manifest import read
from tests.collect.repos import write

distributed = pytest.importorskip("distributed")
dask = pytest.importorskip("dask")
pytestmark = pytest.mark.filterwarnings("default")

CHAT = 'from transformers import pipeline\n\nchat = pipeline("text-generation", model="Qwen/Qwen3-8B")\n'


@pytest.fixture(scope="module")
def cluster() -> Iterator[Any]:
    """Two workers in processes of their own."""
    with (
        dask.config.set({"distributed.worker.daemon": False}),
        distributed.LocalCluster(n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None) as made,
    ):
        yield made


def manifest(folder: Path, count: int) -> Path:
    write(folder, {f"p{n}/app.py": f"{CHAT}# {n}\n" for n in range(count)})
    file = folder / "fund.toml"
    products = [f'[[product]]\nname = "p{n}"\nsource = "p{n}"\n' for n in range(count)]
    file.write_text("".join(products) + '[[product]]\nname = "gone"\nsource = "nowhere"\n', "utf-8")
    return file


def test_a_cluster_with_a_killed_worker_gives_what_one_machine_gives(cluster: Any, tmp_path: Path) -> None:
    file = read(manifest(tmp_path, 5))
    here = [one.audited for one in run(file, Plan(Options(), str(tmp_path / "here"), 1, 120))]
    there: list[Audited] = []
    for one in run(file, Plan(Options(), str(tmp_path / "there"), 0, 120, scheduler=cluster.scheduler_address)):
        if not there:
            with distributed.Client(cluster.scheduler_address, set_as_default=False) as client:
                os.kill(next(iter(client.run(os.getpid).values())), signal.SIGKILL)
        there.append(one.audited)
    assert there == here
    assert [path.read_bytes() for path in sorted((tmp_path / "there" / "reports").iterdir())] == [
        path.read_bytes() for path in sorted((tmp_path / "here" / "reports").iterdir())
    ]


def test_no_cluster_at_an_address_is_told_as_that(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("auditor.portfolio.cluster._PATIENCE", "0.2s")
    with pytest.raises(AuditError, match="no cluster answers at tcp://127"):
        next(on_cluster([], "tcp://127.0.0.1:1", seconds=1))
