"""What the operating system sees of a scan: no connection, and no program but git. Asked of strace, where there is one."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.collect.repos import bare_clone, repository
from tests.hostile.case import APP, FOUND

ROOT = Path(__file__).parent.parent
_CALL = re.compile(r"(?:^|\s)(connect|sendto|sendmsg|bind|listen|accept4?|execve|execveat)\((.*)")


def traces() -> bool:
    """Whether a process may be watched here: containers often forbid it."""
    return (
        shutil.which("strace") is not None
        and not subprocess.run(["strace", "-f", "-o", os.devnull, "true"], capture_output=True, check=False).returncode
    )


pytestmark = pytest.mark.skipif(not traces(), reason="needs strace, and the right to use it")


@pytest.fixture(scope="module")
def places(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("places")
    work = repository(folder / "work", {"app.py": APP})
    bare_clone(work, folder / "bare.git")
    return folder


@pytest.mark.parametrize(
    "arguments",
    [["work"], ["bare.git"], ["work", "--rev", "HEAD"], ["work", "--jobs", "2"], ["work/app.py"]],
    ids=" ".join,
)
def test_a_scan_connects_to_nothing_and_starts_nothing_but_git(arguments: list[str], places: Path) -> None:
    seen, output = traced(places, "scan", "--quiet", "--format", "json", *arguments)
    assert FOUND in output
    assert [call for call in seen if call.startswith("execve") and not git(call)] == []
    assert [call for call in seen if not call.startswith("execve")] == []


def test_the_trace_shows_a_connection_where_there_is_one(places: Path) -> None:
    """The test above can fail: the same trace over a scan that may ask the Hub, at an address where nobody listens."""
    (places / "unknown").mkdir(exist_ok=True)
    (places / "unknown" / "app.py").write_text(APP.replace(FOUND, "nobody-knows/this-7b"))
    seen, _ = traced(places, "scan", "--quiet", "--online", "unknown", HF_ENDPOINT="http://127.0.0.1:9", NO_PROXY="*")
    assert any(call.startswith("connect") for call in seen)


def git(call: str) -> bool:
    return re.match(r'execve\("[^"]*/git"', call) is not None


def traced(folder: Path, *arguments: str, **variables: str) -> tuple[list[str], str]:
    """Every connection and every program of a run but the first, and what the run printed."""
    kept = folder / "trace"
    command = [sys.executable, "-m", "auditor", *arguments]
    done = subprocess.run(
        ["strace", "-f", "-qq", "-s", "200", "-e", "trace=network,execve,execveat", "-o", os.fspath(kept), *command],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": os.fspath(ROOT)} | variables,
        capture_output=True,
        text=True,
        check=True,
    )
    lines = kept.read_text("utf-8", "replace").splitlines()
    calls = [f"{found[1]}({found[2]}" for line in lines if (found := _CALL.search(line))]
    assert calls
    assert "python" in calls[0]
    return [call for call in calls[1:] if not _failed(call)], done.stdout


def _failed(call: str) -> bool:
    """A program that was looked for along the path and is not there."""
    return call.startswith("execve") and "ENOENT" in call
