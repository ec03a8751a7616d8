"""Progress is drawn for people at a terminal and for nobody else."""

from __future__ import annotations

import io
import sys

import pytest

from auditor.cli.progress import progress


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_nothing_is_drawn_where_nobody_looks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stderr", io.StringIO())
    with progress(quiet=False) as tell:
        assert tell is None


@pytest.mark.parametrize(("quiet", "term"), [(True, "xterm"), (False, "dumb")])
def test_nothing_is_drawn_where_it_is_not_wanted(quiet: bool, term: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stderr", Terminal())
    monkeypatch.setenv("TERM", term)
    with progress(quiet=quiet) as tell:
        assert tell is None


def test_a_terminal_shows_the_stage(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = Terminal()
    monkeypatch.setattr(sys, "stderr", drawn)
    monkeypatch.setenv("TERM", "xterm")
    with progress(quiet=False) as tell:
        assert tell is not None
        tell("reading [red]\x1b", 3, 12)
    assert "reading [red]\\x1b" in drawn.getvalue()
    assert "3/12" in drawn.getvalue()
