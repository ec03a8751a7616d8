"""A comment on a pull request: short, found again by its marker, within the limit, and nobody is mentioned by it."""

from __future__ import annotations

import re
from dataclasses import replace
from html import unescape

import pytest
from markdown_it import MarkdownIt

from auditor.domain.reference import Role
from auditor.domain.report import Decision, Outcome, ProductVerdict, Report
from auditor.domain.source import Gap
from auditor.render.gfm import MOST_BYTES
from auditor.render.markdown import render
from tests.render.poison import poisoned
from tests.render.reports import BGE, GPT, SEARCH, place, report


def outside_code(text: str) -> str:
    """The comment without its code spans and elements, where GitHub acts on nothing."""
    return re.sub(r"`[^`\n]*`|<code>[^<\n]*</code>", "", text)


def test_it_begins_with_a_marker_that_stays_the_same() -> None:
    assert render(report()).splitlines()[0] == "<!-- auditor-report: chinese acme-search -->"
    assert render(report(findings=(), gaps=())).splitlines()[0] == "<!-- auditor-report: chinese acme-search -->"


def test_another_target_has_another_marker_that_no_name_can_end() -> None:
    given = report()
    other = replace(given, provenance=replace(given.provenance, location="a --><img src=x>"))
    assert render(other).splitlines()[0] == "<!-- auditor-report: chinese a-img-src-x- -->"


def test_the_verdict_and_what_it_rests_on_are_not_folded_away() -> None:
    before = render(report()).partition("<details>")[0]
    assert "### YES: acme-search runs on Chinese-origin weights" in before
    assert "embeds with BAAI/bge-m3 by default" in before
    assert "| `BAAI/bge-m3` | BAAI (CN) on Meta (US) | **derived**, high confidence | by default |" in before
    assert "incomplete: 8 things could not be examined" in before


def test_a_denial_is_not_folded_away() -> None:
    denied = Decision("BAAI/bge-m3", Outcome.DENY, "no-such-weights", None, "choose another embedding model")
    before = render(report(decisions=(denied,))).partition("<details>")[0]
    assert "policy violated: 1 model denied" in before
    assert "- by `no-such-weights`: `BAAI/bge-m3`. choose another embedding model" in before


def test_every_fold_is_closed() -> None:
    lines = render(report()).splitlines()
    assert sum(line.startswith("<details>") for line in lines) == lines.count("</details>") > 3


def test_nothing_found_is_said_as_such() -> None:
    product = replace(SEARCH, verdict=ProductVerdict.NO, runs=(), selectable=(), mentions=(), trains=())
    text = render(report(findings=(), products=(product,), gaps=(), decisions=(), stacks=(), waivers=()))
    assert "### NO: no AI model was found in acme-search" in text


def large() -> Report:
    many = tuple(
        replace(
            model,
            id=f"{model.id}-{n}{'x' * 300}",
            occurrences=(place("x", Role.DEFAULT, f"{'deep/' * 80}{n}.py", n, why="w" * 900),),
        )
        for n in range(300)
        for model in (GPT, BGE)
    )
    gaps = tuple(Gap("detect", f"{'deep/' * 80}{n}.py", "syntax", "m" * 900) for n in range(900))
    products = tuple(
        replace(SEARCH, name="n" * 400 + str(n), path=f"p{n}", why="&" * 900, runs=tuple(m.id for m in many))
        for n in range(200)
    )
    decisions = tuple(Decision(m.id, Outcome.WARN, f"clause-{n}{'c' * 200}", None, "") for n, m in enumerate(many))
    return report(findings=many, gaps=gaps, products=products, decisions=decisions)


def test_a_large_report_stays_within_the_limit_and_says_what_was_cut() -> None:
    text = render(large())
    assert len(text.encode()) <= MOST_BYTES
    assert re.search(r"…and \d+ more", text)
    assert text.rstrip().endswith("</sub>")


def test_what_is_cut_is_the_least_serious() -> None:
    text = render(large())
    assert "**derived**" in text.partition("<details>")[0]
    assert "**no**" not in text.partition("<details>")[0]


@pytest.mark.parametrize(
    "poison", ["@octocat", "org/repo#12", "#12", "GH-12", "https://evil.example/", "www.evil.example"]
)
def test_nobody_is_mentioned_and_nothing_is_linked(poison: str) -> None:
    shown = unescape(outside_code(render(poisoned(report(), f" {poison} "))))
    assert not re.search(r"@\w|#\d|gh-\d|https?:/|www\.\w", shown.partition("\n")[2], re.IGNORECASE)


def structure(text: str) -> list[str]:
    """What the comment is made of once a parser has read it, whichever way code is written."""
    parser = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
    tokens = parser.parse(re.sub(r"<code>[^<\n]*</code>", "`x`", text))
    return [f"{one.type} {one.tag}" for token in tokens for one in (token, *(token.children or ()))]


@pytest.mark.parametrize(
    "poison",
    [
        *("<script>", "</details>", "<!--", "-->", "<https://e.example>", "&lt;b&gt;", "<a@b.example>"),
        *("![x](y)", "[x](y)", "[x]: y", "**b**", "__b__", "~~s~~", "$x$"),
        *("`", "``", "```", "`|", "`\\|", "|", "\\", "\\|", "~~~", "|---|"),
        *("# x", "> x", "- x", "* x", "+ x", "1. x", "---", "===", "    x", "\t- x"),
    ],
)
def test_text_of_a_repository_changes_no_markup(poison: str) -> None:
    assert structure(render(poisoned(report(), poison))) == structure(render(poisoned(report(), "x")))


def test_a_line_break_in_a_name_starts_no_line() -> None:
    assert len(render(poisoned(report(), "\n\n# x\n")).splitlines()) == len(
        render(poisoned(report(), "x")).splitlines()
    )


def test_the_same_report_gives_the_same_bytes() -> None:
    assert render(report()) == render(report())
