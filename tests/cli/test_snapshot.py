"""`auditor snapshot`: what is in use, taking newer data, and crawling the Hub."""

from __future__ import annotations

from pathlib import Path

import pytest

from auditor.resolve.place import newest
from tests.cli.running import run
from tests.resolve.hubserver import FakeHub, running
from tests.resolve.test_update import made


@pytest.fixture(autouse=True)
def _own_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


def test_newer_data_is_taken_and_shown(tmp_path: Path) -> None:
    result = run("snapshot", "update", str(made(tmp_path / "new")))
    assert (result.exit_code, result.stderr) == (0, "")
    lines = dict(line.split(maxsplit=1) for line in run("snapshot", "status").stdout.splitlines())
    assert (lines["built"], lines["models"], lines["place"]) == ("2030-01-01", "1", str(newest()))


def test_older_data_is_taken_and_said_not_to_be_used(tmp_path: Path) -> None:
    result = run("snapshot", "update", str(made(tmp_path / "old", built="2020-01-01")))
    assert "stays in use" in result.stderr


def test_what_is_no_snapshot_is_one_line_and_2(tmp_path: Path) -> None:
    (tmp_path / "x.tar.gz").write_text("nothing")
    result = run("snapshot", "update", str(tmp_path / "x.tar.gz"))
    assert result.exit_code == 2
    assert len(result.stderr.splitlines()) == 1


def test_the_hub_is_crawled_and_built_in_one_command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    hub = FakeHub()
    hub.add("org/base")
    hub.add("user/tuned", "org/base")
    with running(hub):
        monkeypatch.setenv("HF_ENDPOINT", hub.url)
        out = tmp_path / "out"
        result = run("snapshot", "build", "--hub", str(tmp_path / "tables"), str(out), "--built", "2026-11-24")
    assert result.exit_code == 0
    assert "2 models, 1 edges" in result.stdout
    assert run("snapshot", "verify", "--snapshot", str(out)).exit_code == 0
