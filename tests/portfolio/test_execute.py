"""A run over products: each by itself, in processes, kept in a store that a rerun takes up."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from datetime import datetime
from pathlib import Path

import pytest

from auditor.config import Options
from auditor.domain.portfolio import Frame
from auditor.domain.report import ProductVerdict
from auditor.errors import AuditError
from auditor.portfolio import store
from auditor.portfolio.execute import Plan, run
from auditor.portfolio.job import Done
from auditor.portfolio.manifest import read
from auditor.portfolio.merge import samples
from tests.collect.repos import bare_clone, commit, git, repository, write

CHAT = 'from transformers import pipeline\n\nchat = pipeline("text-generation", model="Qwen/Qwen3-8B")\n'
OTHER = 'from transformers import pipeline\n\nchat = pipeline("text-generation", model="mistralai/Mistral-7B-v0.1")\n'


def manifest(folder: Path, *products: str) -> Path:
    file = folder / "fund.toml"
    file.write_text("".join(f"[[product]]\n{product}\n" for product in products), "utf-8")
    return file


def audited(file: Path, *, seconds: float = 120, jobs: int = 1) -> list[Done]:
    return list(run(read(file), Plan(Options(), str(file.parent / "store"), jobs, seconds)))


def test_each_product_has_its_row_and_one_that_fails_stops_no_other(tmp_path: Path) -> None:
    work = repository(tmp_path / "chat", {"chat.py": CHAT, "services/b/b.py": OTHER})
    bare_clone(work, tmp_path / "bare.git")
    done = audited(
        manifest(
            tmp_path,
            'name = "gone"\nsource = "nowhere"',
            'name = "tree"\nsource = "chat"',
            'name = "bare"\nsource = "bare.git"',
            'name = "part"\nsource = "chat"\npath = "services/b"',
            'name = "bare part"\nsource = "bare.git"\npath = "services/b"',
            'name = "no part"\nsource = "bare.git"\npath = "services/c"',
            'name = "no revision"\nsource = "chat"\nrevision = "v9"',
            f'name = "url"\nsource = "file://{tmp_path}/bare.git"\nrevision = "main"',
            'name = "unreachable"\nsource = "https://localhost:1/a/b.git"',
        ),
        jobs=2,
    )
    rows = {one.audited.holding.name: one.audited for one in done}
    assert [one.number for one in done] == list(range(9))
    assert {name: row.verdict for name, row in rows.items() if not row.error} == {
        "tree": ProductVerdict.YES,
        "bare": ProductVerdict.YES,
        "part": ProductVerdict.NO,
        "bare part": ProductVerdict.NO,
        "url": ProductVerdict.YES,
    }
    assert "no such target" in rows["gone"].error
    assert "services/c" in rows["no part"].error
    assert "no such revision 'v9'" in rows["no revision"].error
    assert "cannot read https://localhost:1/a/b.git" in rows["unreachable"].error
    assert not any(str(tmp_path) in row.error for row in rows.values())


def test_a_rerun_takes_up_what_is_done_and_audits_what_has_changed(tmp_path: Path) -> None:
    write(tmp_path, {"a/a.py": CHAT, "b/b.py": CHAT})
    file = manifest(tmp_path, 'name = "a"\nsource = "a"', 'name = "b"\nsource = "b"')
    first = audited(file)
    again = audited(file)
    write(tmp_path, {"b/b.py": OTHER})
    changed = audited(file)
    assert [one.fresh for one in first] == [True, True]
    assert [one.fresh for one in again] == [False, False]
    assert [one.audited for one in again] == [one.audited for one in first]
    assert [one.fresh for one in changed] == [False, True]


def test_a_commit_is_known_by_its_id_whatever_lies_beside_it(tmp_path: Path) -> None:
    work = repository(tmp_path / "a", {"a.py": CHAT})
    pinned = commit(work)
    file = manifest(tmp_path, f'name = "a"\nsource = "a"\nrevision = "{pinned}"')
    audited(file)
    write(work, {"a.py": OTHER})
    (done,) = audited(file)
    assert not done.fresh
    assert done.audited.commit == pinned


def dated(folder: Path, commits: dict[str, str]) -> Path:
    """A bare repository whose app.py had these contents from these days on."""
    folder.mkdir()
    git(folder, "init", "-q", "--bare", "-b", "main")
    stream = ""
    for day, content in commits.items():
        second = int(datetime.fromisoformat(f"{day}T12:00:00+00:00").timestamp())
        stream += f"commit refs/heads/main\ncommitter A <a@example.com> {second} +0000\ndata 1\nx\n"
        stream += f"M 100644 inline app.py\ndata {len(content)}\n{content}\n"
    git(folder, "fast-import", "--quiet", stdin=stream.encode())
    return folder


def test_a_product_is_audited_as_it_was_on_other_days_too(tmp_path: Path) -> None:
    dated(tmp_path / "a.git", {"2024-03-01": OTHER, "2025-03-01": CHAT})
    file = manifest(tmp_path, 'name = "a"\nsource = "a.git"', 'name = "gone"\nsource = "nowhere"')
    dates = ("2024-01-01", "2024-03-01", "2025-02-28", "2025-03-01", "2025-06-01")
    plan = Plan(Options(), str(tmp_path / "store"), 1, 120, dates)
    done = list(run(read(file), plan))
    told = [one and one.verdict.value for one in done[0].past]
    assert told == [None, "no", "no", "yes", "yes"]
    now, past = samples(Frame(), dates, ((one.audited, one.origin, one.past) for one in done))
    assert now.products[0].since == "2025-03-01"
    assert [len(then.products) for then in past] == [1, 2, 2, 2, 2]
    assert len(list((tmp_path / "store" / "reports").glob("*.json"))) == 2


def test_a_damaged_report_is_made_anew(tmp_path: Path) -> None:
    write(tmp_path, {"a/a.py": CHAT})
    file = manifest(tmp_path, 'name = "a"\nsource = "a"')
    audited(file)
    (report,) = (tmp_path / "store" / "reports").glob("*.json")
    whole = report.read_bytes()
    report.write_bytes(whole[: len(whole) // 2])
    (done,) = audited(file)
    assert done.fresh
    assert report.read_bytes() == whole


def test_a_product_that_takes_too_long_has_failed_with_that_reason(tmp_path: Path) -> None:
    write(tmp_path, {f"a/f{n}.py": CHAT for n in range(40)})
    write(tmp_path, {"b/b.py": CHAT})
    (done,) = audited(manifest(tmp_path, 'name = "a"\nsource = "a"'), seconds=0.001)
    assert done.audited.error == "took longer than 0.001 seconds"
    assert done.origin is None


def test_a_run_that_is_killed_leaves_what_a_whole_run_leaves(tmp_path: Path) -> None:
    write(tmp_path, {f"p{n}/app.py": CHAT if n % 2 else OTHER for n in range(5)})
    file = manifest(tmp_path, *(f'name = "p{n}"\nsource = "p{n}"' for n in range(5)))
    command = [sys.executable, "-m", "auditor", "portfolio", str(file), "--jobs", "1", "--format", "json", "--store"]
    killed, whole = tmp_path / "killed", tmp_path / "whole"
    with subprocess.Popen([*command, str(killed)], stdout=subprocess.DEVNULL) as process:
        patience = time.monotonic() + 120
        while not list(killed.glob("reports/*.json")) and time.monotonic() < patience:
            time.sleep(0.01)
        os.kill(process.pid, signal.SIGKILL)
    resumed = subprocess.run([*command, str(killed)], capture_output=True, check=True).stdout
    assert resumed == subprocess.run([*command, str(whole)], capture_output=True, check=True).stdout
    assert [path.read_bytes() for path in sorted(killed.glob("reports/*"))] == [
        path.read_bytes() for path in sorted(whole.glob("reports/*"))
    ]


def test_a_store_of_another_version_is_refused_and_left_as_it_is(tmp_path: Path) -> None:
    folder = write(tmp_path / "old", {"store.json": json.dumps({"format": "0", "written_by": "0.0.1"})})
    with pytest.raises(AuditError, match=r"written by auditor 0\.0\.1 in format 0") as caught:
        store.opened(str(folder))
    assert "--store" in caught.value.hint


def test_a_folder_that_holds_other_things_is_no_store(tmp_path: Path) -> None:
    write(tmp_path, {"thesis.txt": "mine"})
    with pytest.raises(AuditError, match="holds other things than a store"):
        store.opened(str(tmp_path))


def test_what_is_written_is_there_whole_and_nothing_else_is_left(tmp_path: Path) -> None:
    held = store.opened(str(tmp_path / "new"))
    held.write("reports/a.json", b"one")
    held.write("reports/a.json", b"two")
    assert held.read("reports/a.json") == b"two"
    assert held.read("reports/b.json") is None
    assert [path.name for path in (tmp_path / "new" / "reports").iterdir()] == ["a.json"]


def test_a_store_can_be_any_url_of_fsspec() -> None:
    pytest.importorskip("fsspec")
    held = store.opened("memory://portfolio-test")
    held.write("reports/a.json", b"one")
    assert held.read("reports/a.json") == b"one"
    assert held.read("reports/b.json") is None
