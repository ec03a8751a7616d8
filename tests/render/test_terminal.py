"""What a person sees: the verdict first, nothing wider than the terminal, nothing unknown that looks clean."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len

from auditor.domain.model import Verdict
from auditor.domain.reference import Confidence, Role
from auditor.domain.report import Decision, Explained, Outcome, ProductVerdict, Report
from auditor.render.terminal import render
from auditor.render.terminal_explain import render_explained
from tests.render.reports import ACME, BGE, CHINESE, GPT, MENU, QWEN3, SEARCH, place, report

_COLOUR = re.compile(r"\x1b\[[0-9;]*m")


def shown(given: Report, width: int = 100) -> str:
    return render(given, width=width, color=False)


def flat(given: Report) -> str:
    """The text without its line breaks, for sentences that may wrap."""
    return " ".join(shown(given, 120).split())


def with_product(verdict: ProductVerdict, runs: tuple[str, ...] = (GPT.id,)) -> Report:
    return report(products=(replace(SEARCH, verdict=verdict, runs=runs),), gaps=())


def test_the_verdict_comes_first() -> None:
    assert shown(report()).splitlines()[:2] == [
        "YES  acme-search runs on Chinese-origin weights",
        "embeds with BAAI/bge-m3 by default (src/embed.py:14)",
    ]


@pytest.mark.parametrize(
    ("verdict", "runs", "line"),
    [
        (ProductVerdict.SELECTABLE, ("openai:gpt-5",), "SELECTABLE  acme-search offers Chinese-origin weights"),
        (ProductVerdict.UNKNOWN, ("acme/ranker-7b",), "UNKNOWN  acme-search runs models whose origin is not known"),
        (ProductVerdict.NO, ("openai:gpt-5",), "NO  acme-search runs no Chinese-origin weights"),
        (ProductVerdict.NO, (), "NO  no model that acme-search runs was found"),
    ],
)
def test_each_verdict_has_its_sentence(verdict: ProductVerdict, runs: tuple[str, ...], line: str) -> None:
    assert shown(with_product(verdict, runs=runs)).startswith(line)


def test_nothing_found_is_said_as_such() -> None:
    empty = report(findings=(), products=(replace(SEARCH, verdict=ProductVerdict.NO, runs=()),), gaps=())
    assert shown(empty).startswith("NO  no AI model was found in acme-search")


def test_a_no_with_gaps_is_not_green() -> None:
    clean = with_product(ProductVerdict.NO)
    green = "\x1b[1;32m"
    assert render(clean, width=80, color=True).startswith(green)
    gaps = replace(clean, gaps=report().gaps)
    assert green not in render(gaps, width=80, color=True).splitlines()[0]
    assert "incomplete: 8 things could not be examined" in shown(gaps)


def test_a_yes_that_rests_on_likeness_says_so() -> None:
    unsure = replace(BGE, judgement=replace(BGE.judgement, confidence=Confidence.LOW))
    assert "runs on Chinese-origin weights (low confidence)" in shown(report(findings=(unsure,)))


def test_a_model_that_runs_shows_its_lineage_reason_and_places() -> None:
    text = flat(report())
    assert "bge-m3 (BAAI, CN) ← fine-tune of bge-m3-retromae ← fine-tune of xlm-roberta-large (Meta, US)" in text
    assert "derived, high confidence: trained by BAAI (CN) from xlm-roberta-large" in text
    assert "src/embed.py:14, deploy/values-0.yaml:7, deploy/values-1.yaml:8 +3 more" in text


def test_places_that_only_mention_do_not_count_as_use() -> None:
    assert "README.md" not in shown(report())


def test_an_unknown_base_is_named_as_unknown() -> None:
    assert "ranker-7b ← base not known" in shown(report())


def test_a_long_menu_is_cut_and_the_relevant_come_first() -> None:
    lines = shown(report()).splitlines()
    start = next(n for n, line in enumerate(lines) if line.startswith("Can be selected"))
    assert lines[start] == "Can be selected  15 models, 1 of Chinese origin"
    assert QWEN3.id in lines[start + 1]
    assert lines[start + 13] == "  +3 more, see --format json"


def test_mentions_are_counted_and_not_listed() -> None:
    text = shown(report())
    assert "Only mentioned  3 models, 3 of Chinese origin\n  2 in documentation, 1 in tests\n" in text
    assert "Qwen/Qwen2.5-1B" not in text


def test_gaps_are_grouped_with_a_few_examples() -> None:
    text = flat(report())
    assert "too-large 7 assets/blob-0.bin" in text
    assert "assets/blob-4.bin +2 more" in text
    assert "assets/blob-5.bin" not in text


def test_a_violated_policy_stands_at_the_top() -> None:
    denied = report(decisions=(Decision(BGE.id, Outcome.DENY, "no-cn", None, "no"),))
    assert "policy violated: 1 model denied" in "\n".join(shown(denied).splitlines()[:4])


def test_a_waiver_without_effect_is_listed() -> None:
    assert "waiver                  expired, until 2026-03-31: acme/* (evaluation only)" in shown(report())


def test_a_monorepo_starts_with_a_table_of_its_products() -> None:
    others = tuple(
        replace(SEARCH, name=f"part-{n}", path=f"parts/{n}", verdict=verdict, runs=(GPT.id,), why="")
        for n, verdict in enumerate((ProductVerdict.NO, ProductVerdict.UNKNOWN))
    )
    lines = shown(report(products=(*others, SEARCH))).splitlines()
    assert lines[0] == "YES  1 of 3 products runs on Chinese-origin weights: acme-search"
    table = lines[lines.index("Products  3 products") + 1 :][:3]
    assert [line.split()[:2] for line in table] == [["YES", "acme-search"], ["UNKNOWN", "part-1"], ["NO", "part-0"]]


@pytest.mark.parametrize(
    ("verdicts", "line"),
    [
        (
            ("selectable", "no"),
            "SELECTABLE 1 of 2 products offers Chinese-origin weights to choose from; none runs them",
        ),
        (("unknown", "unknown"), "UNKNOWN 2 of 2 products run models whose origin is not known; none is known to run"),
        (("no", "no"), "NO none of 2 products runs Chinese-origin weights"),
        ((), "NO there is no product here"),
    ],
)
def test_several_products_have_one_sentence(verdicts: tuple[str, ...], line: str) -> None:
    products = tuple(
        replace(SEARCH, name=f"p{n}", path=f"p{n}", verdict=ProductVerdict(v), runs=()) for n, v in enumerate(verdicts)
    )
    assert flat(report(products=products, gaps=())).startswith(line)


def test_many_products_of_one_verdict_are_counted_and_not_named() -> None:
    several = tuple(replace(SEARCH, name=f"part-{n}", path=f"parts/{n}") for n in range(4))
    assert shown(report(products=several)).startswith("YES  4 of 4 products run on Chinese-origin weights\n")


def test_models_that_are_cleared_take_one_line_each() -> None:
    assert "  openai:gpt-5  text  OpenAI (US)  .env:3\n" in shown(report())


def test_a_share_that_the_jurisdiction_does_not_count_is_still_shown_in_full() -> None:
    part = replace(BGE, judgement=replace(BGE.judgement, verdict=Verdict.COMPONENT))
    given = replace(report(findings=(part, GPT)), jurisdiction=replace(CHINESE, counted=(Verdict.ROOT,)))
    assert "origin   component, high confidence: trained by BAAI (CN)" in shown(given)


def test_a_flag_is_told_once_however_many_models_carry_it() -> None:
    other = replace(ACME, flags=BGE.flags)
    text = flat(report(findings=(BGE, other)))
    assert text.count("flags entity-list") == 2
    assert text.count("BAAI: on the US Entity List since 2025-03-25") == 1


def test_a_long_reason_is_cut_after_two_lines() -> None:
    windy = replace(ACME, occurrences=(replace(ACME.occurrences[0], why="word " * 200),))
    assert shown(report(findings=(windy,)), 80).count("word word") <= 2 * 80 // 5
    assert "…" in shown(report(findings=(windy,)), 80)


def test_each_product_shows_its_own_places_only() -> None:
    there = replace(place(GPT.id, Role.DEFAULT, "parts/a/run.py", 1), product="parts/a")
    both = replace(GPT, occurrences=(*GPT.occurrences, there))
    part = replace(SEARCH, name="a", path="parts/a", verdict=ProductVerdict.NO, runs=(GPT.id,))
    text = shown(report(findings=(both,), products=(replace(SEARCH, runs=()), part)))
    assert "Runs in a  1 model, none of Chinese origin" in text
    assert ".env" not in text


@pytest.mark.parametrize("width", [40, 60, 80, 120, 200])
@pytest.mark.parametrize("color", [False, True])
def test_no_line_is_wider_than_the_terminal(width: int, color: bool) -> None:
    lines = _COLOUR.sub("", render(report(), width=width, color=color)).splitlines()
    assert max(cell_len(line) for line in lines) <= width


def test_without_colour_there_is_no_escape_and_with_it_the_words_are_the_same() -> None:
    plain, coloured = (render(report(), width=80, color=color) for color in (False, True))
    assert "\x1b" not in plain
    assert [line.rstrip() for line in _COLOUR.sub("", coloured).splitlines()] == plain.splitlines()


@settings(max_examples=40, deadline=None)
@given(st.text(min_size=1, max_size=200), st.integers(40, 130))
def test_hostile_text_can_neither_act_nor_overflow(hostile: str, width: int) -> None:
    occurrence = replace(place(BGE.id, Role.DEFAULT, hostile, 1), why=hostile, as_written=hostile)
    given = replace(
        report(
            findings=(
                replace(BGE, occurrences=(occurrence,), license=hostile),
                replace(MENU[0], id=hostile, occurrences=(replace(occurrence, role=Role.CATALOG),)),
            ),
            products=(replace(SEARCH, name=hostile, why=hostile), replace(SEARCH, path=hostile)),
        ),
    )
    for line in render(given, width=width, color=False).splitlines():
        assert line.isprintable() or not line
        assert cell_len(line) <= width


def test_markup_of_the_repository_is_only_text() -> None:
    given = report(products=(replace(SEARCH, why="[red]x[/red] [link=https://e.example]y[/link] :smile:"),))
    assert "[red]x[/red] [link=https://e.example]y[/link] :smile:" in shown(given)


def explained(*asked: Explained, width: int = 100) -> str:
    return render_explained(asked, jurisdiction=CHINESE, width=width, color=False)


def test_an_explanation_gives_the_verdict_then_the_tree_then_where_to_check() -> None:
    text = explained(Explained("bge-m3", BGE))
    assert text.startswith("YES  BAAI/bge-m3 is of Chinese origin (derived)\n")
    assert "bge-m3 is taken for BAAI/bge-m3" in text
    assert "└── fine-tune of FacebookAI/xlm-roberta-large  Meta (US)" in text
    assert "snapshot, base_model in the model card, 2026-10-05, medium confidence" in text
    assert "Check it yourself\n  https://huggingface.co/BAAI/bge-m3\n" in text


@pytest.mark.parametrize(
    ("asked", "start"),
    [
        (Explained("gpt-5", GPT), "NO  openai:gpt-5 is not of Chinese origin"),
        (Explained("acme/ranker-7b", ACME), "UNKNOWN  the origin of acme/ranker-7b is not known"),
        (Explained("x/y", None, ("x/z",)), "UNKNOWN  nothing is known of x/y"),
        (
            Explained("t", replace(GPT, judgement=replace(GPT.judgement, verdict=Verdict.TEACHER))),
            "NO  openai:gpt-5 is not counted as of Chinese origin (teacher)",
        ),
    ],
)
def test_each_explanation_starts_with_its_verdict(asked: Explained, start: str) -> None:
    assert explained(asked).startswith(start)


def test_near_names_are_offered() -> None:
    assert "near names: x/z" in explained(Explained("x/y", None, ("x/z",)))


def test_a_cycle_in_a_lineage_ends() -> None:
    back = replace(BGE.edges[0], child="FacebookAI/xlm-roberta-large", parent="BAAI/bge-m3")
    looped = replace(BGE, edges=(*BGE.edges, back))
    assert explained(Explained(BGE.id, looped)).count("fine-tune of") == 3
    assert flat(report(findings=(looped,))).count("xlm-roberta-large (Meta, US)") == 1


def test_a_tangle_of_merges_is_told_in_as_many_lines_as_it_has_edges() -> None:
    layers = [[f"m/{depth}-{side}" for side in "ab"] for depth in range(20)]
    edges = tuple(
        replace(BGE.edges[0], child=child, parent=parent)
        for children, parents in pairwise([[BGE.id], *layers])
        for child in children
        for parent in parents
    )
    tangle = replace(BGE, edges=edges)
    assert explained(Explained(BGE.id, tangle), width=200).count("fine-tune of") == len(edges)
    assert len(shown(report(findings=(tangle,)))) < 10_000


@pytest.mark.parametrize("width", [40, 80, 120])
def test_an_explanation_keeps_to_the_width(width: int) -> None:
    text = explained(Explained("bge-m3", BGE), Explained("z" * 200, None), width=width)
    assert max(cell_len(line) for line in text.splitlines()) <= width
