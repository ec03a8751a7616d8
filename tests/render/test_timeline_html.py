"""The history as a page: everything is in it, nothing is loaded, and what a repository says cannot act."""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import replace

import pytest

from auditor.domain.history import Moment, Stretch
from auditor.domain.model import Verdict
from auditor.domain.reference import Usage
from auditor.render.timeline_html import render
from tests.cli.test_history import FIRST, LAST, MIDDLE, TOLD, past
from tests.render.test_html import HOSTILE, Page

QUIET = replace(TOLD, pasts=())


def bars(document: str) -> list[tuple[str, str, str]]:
    """Usage, start and width of every bar of a model, in percent."""
    return re.findall(r'<rect class="(runs|selectable|trains)" x="([\d.]+)%" width="([\d.]+)%"', document)


def test_it_begins_with_what_the_question_is_about() -> None:
    words = Page(render(TOLD)).text
    assert "acme-search has used 3 models, 1 of Chinese origin" in words
    assert "It runs on such weights at its last commit: BAAI/bge-m3 (since 2025-01-01)" in words
    assert words.index("Of Chinese origin") < words.index("Of unknown origin") < words.index("Others")


def test_a_model_has_its_commits_days_places_reasons_and_verdict() -> None:
    words = Page(render(TOLD)).text
    for told in (
        "derived, high confidence: why",
        "2024-01-01 – 2025-01-01came with aaaaaaaaaa, gone with bbbbbbbbbb",
        "since 2025-01-01came with bbbbbbbbbb",
        "c.py:3",
        "reaches SentenceTransformer()",
        "is one of 3 to choose from in search",
    ):
        assert told in words


def test_bars_show_the_uses_in_their_time() -> None:
    assert bars(render(TOLD)) == [
        ("selectable", "0.0", "50.07"),
        ("runs", "50.07", "49.93"),
        ("selectable", "50.07", "49.93"),
        ("runs", "0.0", "50.07"),
    ]


def test_how_many_ran_is_drawn_by_origin() -> None:
    document = render(TOLD)
    assert "from 2024-01-01: 1 run, of which 0 asked for" in document
    assert "from 2025-01-01: 1 run, of which 1 asked for" in document
    assert "How many models run" not in Page(render(QUIET)).text


def test_a_day_and_dates_out_of_order_are_drawn_inside_the_page() -> None:
    early, late = Moment("d" * 40, "2019-05-05"), Moment("e" * 40, "2031-05-05")
    stretches = (
        Stretch(Usage.RUNS, early, late, "a.py:1", ".", "why"),
        Stretch(Usage.RUNS, late, early, "a.py:1", ".", "why"),
        Stretch(Usage.RUNS, LAST, None, "a.py:1", ".", "why"),
    )
    for _, start, width in bars(render(replace(TOLD, pasts=(past("a/b", Verdict.NO, *stretches),)))):
        assert 0 <= float(start) < float(start) + float(width) <= 100


def test_one_day_is_a_history() -> None:
    alone = past("a/b", Verdict.ROOT, Stretch(Usage.RUNS, FIRST, None, "a.py:1", ".", "why"))
    document = render(replace(TOLD, last=FIRST, pasts=(alone,)))
    assert bars(document) == [("runs", "0.0", "100.0")]


def test_a_history_without_models_says_so() -> None:
    assert "has used 0 models" in Page(render(QUIET)).text


def test_a_long_list_is_folded_but_not_that_of_what_was_asked() -> None:
    stretch = Stretch(Usage.RUNS, FIRST, MIDDLE, "a.py:1", ".", "why")
    many = (past(f"a/m{n}", Verdict.NO, stretch) for n in range(60))
    asked = (past(f"b/m{n}", Verdict.ROOT, stretch) for n in range(60))
    document = render(replace(TOLD, pasts=(*many, *asked)))
    assert re.findall(r"and (\d+) more</summary>", document) == ["35"]


def test_only_its_own_style_is_allowed_and_nothing_is_loaded() -> None:
    document = render(TOLD)
    (style,) = re.findall(r"<style>(.*?)</style>", document, re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    page = Page(document)
    policy = next(a["content"] for tag, a in page.elements if a.get("http-equiv") == "Content-Security-Policy")
    assert policy == f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    assert not page.unbalanced
    assert not {tag for tag, _ in page.elements} & {"script", "link", "img", "iframe", "object", "form"}
    assert not [a for _, attrs in page.elements for a in attrs if a in ("src", "href", "style") or a.startswith("on")]


def saying(text: str) -> str:
    """The page of a history in which everything that a repository can say holds a text."""
    pasts = tuple(
        replace(
            one,
            model=text + one.model,
            origin=text,
            stretches=tuple(replace(use, place=f"{text}:1", product=text, why=text) for use in one.stretches),
        )
        for one in TOLD.pasts
    )
    return render(replace(TOLD, name=text, pasts=pasts))


@pytest.mark.parametrize("poison", HOSTILE)
def test_names_and_paths_of_the_repository_cannot_act(poison: str) -> None:
    clean, page = Page(saying("x")), Page(saying(poison))
    assert [tag for tag, _ in page.elements if tag != "wbr"] == [tag for tag, _ in clean.elements if tag != "wbr"]
    assert {name for _, attrs in page.elements for name in attrs} == {n for _, attrs in clean.elements for n in attrs}
    assert not page.unbalanced
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f\u202e\u2028\ud800-\udfff]", saying(poison))
