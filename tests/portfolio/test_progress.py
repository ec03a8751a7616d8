"""What a run is doing, told from what its processes note."""

from __future__ import annotations

from pathlib import Path

from auditor.cli.portfolio_progress import Events, watching


def test_what_has_begun_and_not_ended_is_running(tmp_path: Path) -> None:
    file = tmp_path / "events"
    events = Events(file, ["a", "b\x1b", "c"])
    assert events.read() == (0, [])
    file.write_text("begin\t0\nbegin\t1\nend\t0\nbeg", "utf-8")
    done, running = events.read()
    assert (done, [one.split(" ")[0] for one in running]) == (1, ["b\\x1b"])
    with file.open("a", encoding="utf-8") as more:
        more.write("in\t2\nend\t1\nend\t2\n")
    assert events.read() == (3, [])


def test_nothing_is_drawn_where_nobody_would_see_it() -> None:
    with watching(quiet=False) as watch:
        assert watch is None
