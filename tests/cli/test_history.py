"""`auditor history`: a timeline for people, JSON for programs."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from auditor.domain.history import History, Moment, Past, Stretch
from auditor.domain.model import Verdict
from auditor.domain.reference import Confidence, Usage
from auditor.render.timeline import render, render_json
from tests.cli.running import run
from tests.collect.repos import git, repository
from tests.render.reports import CHINESE

FIRST, MIDDLE, LAST = (
    Moment(sign * 40, day) for sign, day in (("a", "2024-01-01"), ("b", "2025-01-01"), ("c", "2026-01-01"))
)


def past(model: str, verdict: Verdict, *stretches: Stretch) -> Past:
    return Past(model, verdict, Confidence.HIGH, "why", stretches)


TOLD = History(
    "acme-search",
    CHINESE,
    FIRST,
    LAST,
    1200,
    31,
    4000,
    (
        past("openai:gpt-4", Verdict.NO, Stretch(Usage.RUNS, FIRST, MIDDLE, "a.py:1", ".", "reaches Chat()")),
        past(
            "acme/ranker",
            Verdict.UNKNOWN,
            Stretch(Usage.SELECTABLE, MIDDLE, None, "b.py:2", "search", "is one of 3 to choose from"),
        ),
        past(
            "BAAI/bge-m3",
            Verdict.DERIVED,
            Stretch(Usage.SELECTABLE, FIRST, MIDDLE, "c.py:3", ".", "is one of 4 to choose from"),
            Stretch(Usage.RUNS, MIDDLE, None, "c.py:3", ".", "reaches SentenceTransformer()"),
        ),
    ),
    cut=False,
)


def test_the_timeline_tells_what_the_question_is_about_first() -> None:
    lines = render(TOLD, width=100, color=False).splitlines()
    assert lines[0] == "acme-search has used 3 models, 1 of Chinese origin"
    assert lines[1] == "1,200 commits, 2024-01-01 to 2026-01-01, of which 31 can have changed that"
    assert [line for line in lines if line.endswith(("model", "models"))] == [
        "Of Chinese origin  1 model",
        "Of unknown origin  1 model",
        "Others  1 model",
    ]


def test_a_bar_shows_the_uses_in_their_time() -> None:
    text = render(TOLD, width=100, color=False)
    assert "▒▒▒▒▒▒▒▒▒▒██████████  runs  2024-01-01 – today" in text
    assert "██████████··········  runs  2024-01-01 – 2025-01-01  aaaaaaaaaa" in text


@pytest.mark.parametrize("width", [40, 80, 100])
def test_no_line_is_wider_than_the_terminal(width: int) -> None:
    assert max(map(len, render(TOLD, width=width, color=False).splitlines())) <= width


def test_a_clone_that_does_not_go_back_says_so() -> None:
    cut = History(**{name: getattr(TOLD, name) for name in History.__slots__} | {"cut": True})
    assert "may be older" in render(cut, width=100, color=False)


def test_the_json_has_commits_and_days() -> None:
    document = json.loads(render_json(TOLD))
    assert document["models"][0]["used"] == [
        {
            "usage": "runs",
            "since": {"commit": "a" * 40, "date": "2024-01-01"},
            "until": {"commit": "b" * 40, "date": "2025-01-01"},
            "place": "a.py:1",
            "product": ".",
            "why": "reaches Chat()",
        }
    ]


def test_text_of_the_repository_cannot_act_on_the_terminal() -> None:
    hostile = History(
        **{name: getattr(TOLD, name) for name in History.__slots__}
        | {
            "pasts": (past("a/\x1b[2J", Verdict.NO, Stretch(Usage.RUNS, FIRST, None, "\x1b[2J:1", ".", "why")),),
            "name": "\x1b]0;x",
        }
    )
    assert "\x1b" not in render(hostile, width=100, color=False)
    assert "\x1b" not in render_json(hostile)


def test_a_history_without_models_is_told_as_such(tmp_path: Path) -> None:
    folder = repository(tmp_path / "shop", {"a.py": "x = 1\n"})
    result = run("history", str(folder))
    assert result.exit_code == 0
    assert result.stdout.startswith("shop has used 0 models, 0 of Chinese origin\n1 commit, ")


def test_what_has_no_history_is_3(tmp_path: Path) -> None:
    assert run("history", str(tmp_path)).exit_code == 3
    git(tmp_path, "init", "-q")
    assert run("history", str(tmp_path)).exit_code == 3


def test_files_are_written_in_the_format_of_their_names(tmp_path: Path) -> None:
    folder = repository(tmp_path / "shop", {"a.py": "x = 1\n"})
    page, data = tmp_path / "shop.html", tmp_path / "shop.json"
    result = run("history", str(folder), "-o", str(page), "-o", str(data))
    assert (result.exit_code, result.stdout) == (0, "")
    assert page.read_text("utf-8").startswith("<!doctype html>")
    assert json.loads(data.read_text("utf-8"))["commits"] == 1
    assert run("history", str(folder), "--format", "html").stdout == page.read_text("utf-8")


def test_a_format_that_a_history_has_not_is_bad_usage(tmp_path: Path) -> None:
    folder = repository(tmp_path / "shop", {"a.py": "x = 1\n"})
    result = run("history", str(folder), "-o", str(tmp_path / "shop.sarif"))
    assert result.exit_code == 2
    assert "known: *.json, *.html" in result.stderr
