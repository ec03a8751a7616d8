"""The same portfolio on a real cluster of processes: the same bytes, also when a worker is killed in mid-run."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
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


CLUSTER = """
import time
import dask, distributed
if __name__ == "__main__":
    with dask.config.set({"distributed.worker.daemon": False}):
        made = distributed.LocalCluster(n_workers=1, threads_per_worker=1, processes=True, dashboard_address=None)
        print(made.scheduler_address, flush=True)
        time.sleep(300)
"""


def test_a_cluster_that_goes_away_is_told_and_what_was_finished_is_kept(tmp_path: Path) -> None:
    (tmp_path / "cluster.py").write_text(CLUSTER, "utf-8")
    command = [sys.executable, os.fspath(tmp_path / "cluster.py")]
    file, store = read(manifest(tmp_path, 6)), tmp_path / "store"
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, start_new_session=True) as made:
        assert made.stdout is not None
        coming = run(file, Plan(Options(), str(store), 0, 120, scheduler=made.stdout.readline().strip()))
        next(coming)
        os.killpg(made.pid, signal.SIGKILL)
        with pytest.raises(AuditError, match="went away"):
            list(coming)
    kept = {path.name: path.read_bytes() for path in (store / "reports").iterdir()}
    assert kept
    for folder in (store, tmp_path / "whole"):
        assert len(list(run(file, Plan(Options(), str(folder), 1, 120)))) == 7
    finished = {path.name: path.read_bytes() for path in (store / "reports").iterdir()}
    assert finished == {path.name: path.read_bytes() for path in (tmp_path / "whole" / "reports").iterdir()}
    assert kept.items() <= finished.items()
