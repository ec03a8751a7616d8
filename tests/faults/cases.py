"""What may go wrong on the machine while a repository is audited, each with what must be true afterwards.

A case is a function of a folder; it raises where a promise is not kept, and says in words what came of it.
"""

from __future__ import annotations

import ctypes
import json
import os
import random
import resource
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.hostile.case import APP, FOUND

ROOT = Path(__file__).parent.parent.parent
Limit = Callable[[], None]


class NotHere(Exception):
    """The fault cannot be brought about on this machine or for this user."""


def started(folder: Path, *arguments: str, limit: Limit | None = None, **variables: str) -> subprocess.Popen[str]:
    """The program in a process of its own, with a cache in the folder."""
    given = {"XDG_CACHE_HOME": os.fspath(folder / "cache"), "PYTHONPATH": os.fspath(ROOT), "HOME": os.fspath(folder)}
    return subprocess.Popen(
        [sys.executable, "-m", "auditor", *arguments],
        cwd=folder,
        env=os.environ | given | variables,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=limit,  # noqa: PLW1509 - set up in one thread, before any other is started
    )


def scanned(folder: Path, *more: str, limit: Limit | None = None, **variables: str) -> tuple[int, dict[str, Any], str]:
    """Exit code, report and complaints of a scan."""
    process = started(folder, "scan", "--format", "json", "--quiet", "repo", *more, limit=limit, **variables)
    out, err = process.communicate(timeout=300)
    return process.returncode, json.loads(out) if out.startswith("{") else {}, err


def made(folder: Path) -> Path:
    """The folder with a repository in it that runs one model."""
    (folder / "repo").mkdir(parents=True)
    (folder / "repo" / "app.py").write_text(APP)
    return folder


def whole(report: dict[str, Any]) -> None:
    """The report says what it says on a machine where nothing goes wrong."""
    assert [model["id"] for model in report["models"]] == [FOUND], report.get("models")
    assert report["gaps"] == [], report["gaps"]


def at_most(what: int, amount: int) -> Limit:
    return lambda: resource.setrlimit(what, (amount, amount))


def disk_full_for_the_report(folder: Path) -> str:
    old = folder / "report.html"
    old.write_text("the report of yesterday")
    scanned(folder)  # the cache is there
    code, _, said = scanned(folder, "-o", "report.html", limit=at_most(resource.RLIMIT_FSIZE, 4096))
    assert code == 2, said
    assert "cannot write report.html" in said
    assert old.read_text() == "the report of yesterday"
    assert sorted(path.name for path in folder.iterdir()) == ["cache", "repo", "report.html"]
    return f"exit code {code}, the old report stands, no other file: {said.splitlines()[0]}"


def disk_full_for_the_cache(folder: Path) -> str:
    with _small_disk(folder / "cache"):
        code, report, said = scanned(folder)
        assert code == 0, said
        whole(report)
        left = [path.name for path in (folder / "cache").rglob("*") if path.suffix in (".tmp", ".partial")]
        assert left == []
    return "the same report, nothing half written in the cache"


@contextmanager
def _small_disk(place: Path) -> Iterator[None]:
    place.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=256k", "none", os.fspath(place)]
    if os.geteuid() != 0 or subprocess.run(mount, capture_output=True, check=False).returncode:
        raise NotHere("only root mounts a small disk")
    try:
        yield
    finally:
        subprocess.run(["umount", os.fspath(place)], check=True)


def no_permission_to_a_file(folder: Path) -> str:
    secret = folder / "repo" / "locked.py"
    secret.write_text(APP)
    secret.chmod(0)
    code, report, said = scanned(folder, limit=_as_anybody if os.geteuid() == 0 else None)
    assert code == 0, said
    assert [(gap["path"], gap["code"]) for gap in report["gaps"]] == [("locked.py", "unreadable")]
    assert [model["id"] for model in report["models"]] == [FOUND]
    return "found 1; gap: locked.py unreadable; --strict would exit with 4"


def _as_anybody() -> None:
    """What root starts from here on may read no more than the modes of files say."""
    for capability in (1, 2):  # CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH
        ctypes.CDLL(None).prctl(24, capability)  # PR_CAPBSET_DROP


def cache_that_cannot_be_written(folder: Path) -> str:
    (folder / "cache").write_text("a file, where a folder should be")
    code, report, said = scanned(folder)
    assert code == 0, said
    whole(report)
    code, report, said = scanned(folder, XDG_CACHE_HOME="/proc/auditor")
    assert code == 0, said
    whole(report)
    return "the same report, without a cache"


def cache_that_is_damaged(folder: Path) -> str:
    scanned(folder)
    kept = [path for path in (folder / "cache").rglob("*") if path.is_file()]
    assert kept
    for path in kept:
        with open(path, "r+b") as file:
            file.truncate(path.stat().st_size // 2)
    code, report, said = scanned(folder)
    if code == 0:
        whole(report)
        return "the same report"
    assert code == 2, said
    assert "damaged" in said
    assert "made anew once it is removed" in said
    return f"exit code 2: {said.splitlines()[0].replace(os.fspath(folder), '')}"


def two_scans_at_once(folder: Path) -> str:
    processes = [started(folder, "scan", "--format", "json", "--quiet", "repo") for _ in range(3)]
    said = {process.communicate(timeout=300)[0] for process in processes}
    assert [process.returncode for process in processes] == [0, 0, 0]
    assert len(said) == 1
    whole(json.loads(said.pop()))
    assert list((folder / "cache").rglob("*.tmp")) == []
    return "three reports, the same bytes"


def killed_at_any_moment(folder: Path) -> str:
    begun = time.monotonic()
    code, report, said = scanned(folder, "-o", "good.json")
    assert code == 0, said
    took = time.monotonic() - begun
    expected = (folder / "good.json").read_bytes()
    chance = random.Random(8)
    seen = set()
    for _ in range(_KILLS):
        shutil.rmtree(folder / "cache", ignore_errors=True)
        (folder / "report.json").unlink(missing_ok=True)
        process = started(folder, "scan", "--quiet", "repo", "-o", "report.json")
        try:
            process.wait(chance.uniform(0.05, 1.1 * took))
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
        process.communicate()
        if (folder / "report.json").exists():
            assert (folder / "report.json").read_bytes() == expected
            seen.add("whole")
        else:
            seen.add("none")
        code, report, said = scanned(folder)  # with whatever was left behind
        assert code == 0, said
        whole(report)
    return f"{_KILLS} kills, each with a fresh cache: report {' or '.join(sorted(seen))}; the next run right each time"


_KILLS = int(os.environ.get("AUDITOR_KILLS", "2"))


def clock_that_jumps(folder: Path) -> str:
    scanned(folder)
    for moment in (0, 4_102_444_800, 1_000_000_000):  # 1970, 2100, 2001
        for path in [*(folder / "cache").rglob("*"), *(folder / "repo").rglob("*")]:
            os.utime(path, (moment, moment))
        code, report, said = scanned(folder)
        assert code == 0, said
        whole(report)
    return "the same report with files of 1970, 2100 and 2001; answers of the Hub from the future are asked again (tests/resolve)"


def worker_killed(folder: Path) -> str:
    for number in range(_ENOUGH):
        (folder / "repo" / f"f{number:04}.py").write_text(f"x = {number}\n" * 40)
    process = started(folder, "scan", "--format", "json", "--quiet", "--jobs", "2", "repo")
    killed = 0
    until = time.monotonic() + 60
    while process.poll() is None and not killed and time.monotonic() < until:
        for child in _workers(process.pid):
            time.sleep(1.0)
            try:
                os.kill(child, signal.SIGKILL)
            except ProcessLookupError:
                continue
            killed += 1
            break
        time.sleep(0.02)
    out, err = process.communicate(timeout=300)
    if not killed:
        raise NotHere("the scan was done before a worker was there")
    assert process.returncode == 0, err
    report = json.loads(out)
    lost = [(gap["path"], gap["code"]) for gap in report["gaps"]]
    assert {code for _, code in lost} <= {"crashed"}
    assert len(lost) <= killed
    assert FOUND in [model["id"] for model in report["models"]] or ("app.py", "crashed") in lost
    return f"{killed} worker killed: found 1; gaps: {len(lost)} crashed"


_ENOUGH = 1_600  # files, from which on several processes work


def _workers(parent: int) -> list[int]:
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if (
                f"PPid:\t{parent}\n" in (folder / "status").read_text()
                and b"spawn_main" in (folder / "cmdline").read_bytes()
            ):
                found.append(int(folder.name))
        except OSError:
            continue
    return found


def out_of_memory_in_one_file(folder: Path) -> str:
    (folder / "repo" / "deep.py").write_text("x = [" + "[1, 'a', {}], " * 140_000 + "]\n")
    scanned(made(folder / "first"))
    code, report, said = scanned(folder, "--jobs", "1", limit=at_most(resource.RLIMIT_AS, 420 << 20))
    assert code == 0, said
    assert [model["id"] for model in report["models"]] == [FOUND]
    told = {(gap["path"], gap["message"].rpartition(": ")[2]) for gap in report["gaps"]}
    assert told, "420 MB were enough"
    return f"found 1; gaps: {', '.join(f'{path} ({why})' for path, why in sorted(told))}"


def hub_that_dies_in_its_answer(folder: Path) -> str:
    with socket.create_server(("127.0.0.1", 0)) as server:
        threading.Thread(target=_half_answers, args=(server,), daemon=True).start()
        address = f"http://127.0.0.1:{server.getsockname()[1]}"
        asked = ["scan", "--online", "--format", "json", "--quiet", "repo"]
        (folder / "repo" / "more.py").write_text(
            'from transformers import pipeline\npipeline(model="nobody-knows/this-7b")\n'
        )
        process = started(folder, *asked, HF_ENDPOINT=address, HF_TOKEN="", NO_PROXY="*")
        out, err = process.communicate(timeout=300)
    assert process.returncode == 0, err
    report = json.loads(out)
    assert FOUND in [model["id"] for model in report["models"]]
    assert [(gap["stage"], gap["path"]) for gap in report["gaps"]] == [("resolve", "nobody-knows/this-7b")], report[
        "gaps"
    ]
    return f"found {len(report['models'])}; gap: {report['gaps'][0]['path']} {report['gaps'][0]['code']}"


def _half_answers(server: socket.socket) -> None:
    while True:
        try:
            connection, _ = server.accept()
        except OSError:
            return
        with connection:
            connection.recv(65_536)
            connection.sendall(
                b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 5000\r\n\r\n" + b'{"id": "nob'
            )


CASES: dict[str, Callable[[Path], str]] = {
    "disk full while a report is written (RLIMIT_FSIZE)": disk_full_for_the_report,
    "disk full for the cache (a tmpfs of 256 KB)": disk_full_for_the_cache,
    "no permission to read a file": no_permission_to_a_file,
    "a cache that cannot be written": cache_that_cannot_be_written,
    "a cache cut off in the middle": cache_that_is_damaged,
    "three scans at once on one fresh cache": two_scans_at_once,
    "kill -9 at random moments": killed_at_any_moment,
    "clock jumps": clock_that_jumps,
    "a worker killed": worker_killed,
    "out of memory in one file (RLIMIT_AS 420 MB)": out_of_memory_in_one_file,
    "the Hub dying in the middle of an answer": hub_that_dies_in_its_answer,
}
