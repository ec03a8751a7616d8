"""A repository that means harm: nothing of it runs, nothing outside is read, and what stands beside it is found.

`python -m tests.hostile.run` gives the same cases as a table, each in a process of its own with its time and memory.
"""

from __future__ import annotations

import csv
import json
import os
import signal
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.hostile.case import Case, Place
from tests.hostile.injection_cases import INJECTIONS
from tests.hostile.run import CASES, FORMATS, audited, flattened

_HANGS = 60  # seconds after which a case is taken to go on for ever


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    yield Place(tmp_path).prepared()
    flattened(os.fspath(tmp_path))


@pytest.fixture(autouse=True)
def ends() -> Iterator[None]:
    """What never ends fails here, not the whole run."""
    signal.signal(signal.SIGALRM, _late)
    signal.alarm(_HANGS)
    yield
    signal.alarm(0)


def _late(*_: object) -> None:
    raise TimeoutError(f"not done after {_HANGS} s")


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.group}: {case.name}")
def test_nothing_runs_nothing_outside_is_read_and_the_rest_is_found(case: Case, place: Place) -> None:
    if "devices" in case.name and not _may_make_devices(place.top):
        pytest.skip("only root makes devices")
    case.build(place)
    assert audited(case, place).broken == []


@pytest.mark.parametrize("reader", INJECTIONS)
def test_a_report_says_nothing_to_who_reads_it_but_what_the_audit_says(reader: str, place: Place) -> None:
    (case,) = (case for case in CASES if case.name == f"text that speaks to {reader}")
    case.build(place)
    os.rename(
        place.repo / "model.py", os.fsencode(place.repo) + b"/" + INJECTIONS[reader].replace("/", "_").encode()[:200]
    )
    with open(
        os.fsencode(place.repo) + b"/" + INJECTIONS[reader].replace("/", "_").encode()[:190] + b".py", "w"
    ) as file:
        file.write('pipeline(model="BAAI/bge-m3")\n')
    assert audited(case, place, *FORMATS).broken == []
    for name in FORMATS:
        text = (place.top / f"report.{name}").read_text("utf-8-sig")
        assert all(c.isprintable() or c == "\n" for c in text), name
    page = (place.top / "report.html").read_text("utf-8")
    assert "<script>alert" not in page
    assert "<img" not in page
    assert "<svg/onload" not in page
    markdown = (place.top / "report.md").read_text("utf-8")
    assert "](javascript:" not in markdown
    assert "](https://evil" not in markdown
    assert not any(line.startswith(("::", "##[", "##vso[")) for line in markdown.splitlines())
    with open(place.top / "report.csv", encoding="utf-8-sig", newline="") as table:
        assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r")) for row in csv.reader(table) for cell in row)
    json.loads((place.top / "report.sarif").read_text("utf-8"))


def test_the_watch_sees_what_is_run_opened_and_unpickled(place: Place) -> None:
    """A case can fail: the same watch, over what must not be done."""
    from tests.hostile import run

    with run._watched() as events:
        os.system(str(place.evil) + " </dev/null >/dev/null")
        (place.outside / "secret.py").read_text()
    told = list(run._done(place, events))
    assert any("evil program" in one for one in told)
    assert any("os.system" in one for one in told)
    assert any("secret.py" in one for one in told)


def _may_make_devices(folder: Path) -> bool:
    try:
        os.mknod(folder / "probe", stat.S_IFCHR | 0o600, os.makedev(1, 3))
    except (PermissionError, AttributeError):
        return False
    return True
