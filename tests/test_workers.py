"""One bad item costs that item, never the others."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import pytest

from auditor.domain.source import Gap
from auditor.workers import isolated_map

ROOT = Path(__file__).parent.parent


@dataclass(frozen=True)
class Item:
    path: str


def treat(item: Item) -> str:
    match item.path.rstrip("0123456789"):
        case "crash":
            os.kill(os.getpid(), signal.SIGSEGV)
        case "hang":
            time.sleep(600)
        case "raise":
            raise ValueError("no good\nand more")
        case "odd":
            return lambda: None  # type: ignore[return-value]
        case _:
            pass
    return item.path.upper()


def slow(item: Item) -> bytes:
    time.sleep(0.01)
    return b"-" * 100_000


def of(*paths: str, jobs: int = 2, seconds: float = 30.0) -> list[str | Gap]:
    return list(isolated_map(treat, [Item(path) for path in paths], jobs=jobs, seconds=seconds))


def test_results_come_in_the_order_of_the_items() -> None:
    paths = [f"a{n}" for n in range(100)]
    assert of(*paths, jobs=3) == [path.upper() for path in paths]


def test_nothing_to_do_gives_nothing() -> None:
    assert of() == []


def test_a_crash_is_a_gap_and_the_rest_is_done() -> None:
    *before, crashed, after = of("a", "b", "crash", "c", jobs=1)
    assert before == ["A", "B"]
    assert after == "C"
    assert isinstance(crashed, Gap)
    assert (crashed.path, crashed.code) == ("crash", "crashed")


def test_a_hang_ends_at_its_time_limit() -> None:
    hung, after = of("hang", "a", jobs=1, seconds=1.0)
    assert isinstance(hung, Gap)
    assert (hung.path, hung.code) == ("hang", "timeout")
    assert after == "A"


@pytest.mark.parametrize("path", ["raise", "odd"])
def test_an_exception_and_a_result_that_cannot_be_sent_are_gaps(path: str) -> None:
    failed, after = of(path, "a", jobs=1)
    assert isinstance(failed, Gap)
    assert failed.code == "failed"
    assert "\n" not in failed.message
    assert after == "A"


def test_every_process_may_be_lost_in_turn() -> None:
    results = of(*(f"crash{n}" for n in range(4)), "a")
    assert [isinstance(result, Gap) for result in results] == [True] * 4 + [False]


def test_whoever_stops_listening_leaves_no_process_behind() -> None:
    results = isolated_map(treat, [Item("a"), Item("hang")], jobs=2, seconds=600.0)
    assert next(results) == "A"
    results.close()  # type: ignore[attr-defined]  # would wait for ten minutes if it waited


def test_where_no_process_can_begin_the_work_is_done_here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("auditor.workers._serve", len)  # ends at once, with an error
    *done, failed = of("a", "b", "raise")
    assert done == ["A", "B"]
    assert isinstance(failed, Gap)


def test_a_process_whose_parent_was_killed_ends_without_a_word() -> None:
    script = (
        "from tests.test_workers import Item, slow; from auditor.workers import isolated_map\n"
        "for n, _ in enumerate(isolated_map(slow, [Item('a')] * 1000, jobs=2, seconds=30)): print(n, flush=True)"
    )
    with subprocess.Popen(
        [sys.executable, "-c", script], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as parent:
        assert parent.stdout is not None
        assert parent.stderr is not None
        parent.stdout.readline()
        parent.kill()
        assert parent.stderr.read() == b""  # read to its end, which comes when the last process has ended


@pytest.mark.parametrize("threads", [0, 1])
def test_processes_that_begin_as_copies_or_afresh_do_the_same(threads: int) -> None:
    script = (
        "import json, threading\n"
        "from auditor.workers import start_is_cheap\n"
        "from tests.test_workers import of\n"
        "over = threading.Event()\n"
        f"for _ in range({threads}): threading.Thread(target=over.wait).start()\n"
        "print(start_is_cheap())\n"
        "print(json.dumps([str(one) for one in of('a', 'crash', 'b', 'raise', 'hang', 'c', seconds=2.0)]))\n"
        "over.set()\n"
    )
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    cheap, results = done.stdout.splitlines()
    assert cheap == str(sys.platform == "linux" and not threads)
    first, crashed, second, raised, hung, third = json.loads(results)
    assert (first, second, third) == ("A", "B", "C")
    assert "crashed" in crashed
    assert "ValueError: no good" in raised
    assert "timeout" in hung
