"""The picture: everybody finds their box, nothing lies on top of anything, and what is left out is counted."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from itertools import pairwise

import pytest

from auditor.domain.model import Verdict
from auditor.domain.report import Ancestor, Finding, Product
from auditor.render.flowpicture import MOST_MODELS, WIDTH, Box, Picture, flow
from auditor.render.regions import Stands, regions
from tests.render.reports import ACME, BGE, CHINESE, GPT, MENU, QWEN3, SEARCH, judgement


def drawn(*findings: Finding, products: tuple[Product, ...] = (SEARCH,)) -> Picture:
    having = [(product, [finding.id for finding in findings]) for product in products]
    picture = flow(having, findings, CHINESE, regions(CHINESE, ()), verb="runs")
    assert picture
    return picture


def named(picture: Picture) -> dict[str, Box]:
    return {box.told.partition(",")[0]: box for box in picture.boxes}


def joined(picture: Picture, left: str, right: str) -> list[bool]:
    """For each line between two boxes, whether it is for later training."""
    boxes = named(picture)
    start, end = boxes[left], boxes[right]
    return [
        line.later
        for line in picture.lines
        if (line.x1, line.x2) == (start.x + start.width, end.x)
        and abs(line.y1 - start.y) < 10
        and abs(line.y2 - end.y) < 10
    ]


def test_without_a_model_there_is_no_picture() -> None:
    assert flow([(SEARCH, [])], [], CHINESE, regions(CHINESE, ()), verb="runs") is None


def test_a_model_leads_over_its_base_to_the_country_of_its_developer() -> None:
    picture = drawn(BGE)
    assert joined(picture, "acme-search", "BAAI/bge-m3") == [False]
    assert joined(picture, "BAAI/bge-m3", "FacebookAI/xlm-roberta-large") == [False]
    assert joined(picture, "FacebookAI/xlm-roberta-large", "US") == [False]


def test_later_training_is_a_line_of_its_own_kind() -> None:
    assert joined(drawn(BGE), "BAAI/bge-m3", "China (CN)") == [True]


def test_a_model_that_is_its_own_base_leads_straight_to_its_country() -> None:
    picture = drawn(QWEN3)
    assert joined(picture, "Qwen/Qwen3-8B", "China (CN)") == [False]
    assert len(picture.boxes) == 3


def test_what_is_not_known_leads_to_not_known() -> None:
    picture = drawn(ACME)
    assert joined(picture, "acme/ranker-7b", "Not known") == [False]
    assert {box.stands for box in picture.boxes if box.x > 0} == {Stands.UNKNOWN}


def test_what_was_asked_stands_out_from_the_rest() -> None:
    stands = {name: box.stands for name, box in named(drawn(BGE, GPT)).items()}
    assert stands["BAAI/bge-m3"] is stands["China (CN)"] is Stands.ASKED
    assert stands["openai:gpt-5"] is stands["US"] is Stands.ELSEWHERE


@pytest.mark.parametrize(
    "findings",
    [(BGE,), (BGE, GPT, ACME, QWEN3), (*MENU, BGE, GPT), tuple(replace(GPT, id=f"a:{n}") for n in range(40))],
)
def test_no_box_touches_another_and_all_lie_inside(findings: tuple[Finding, ...]) -> None:
    products = tuple(replace(SEARCH, name=f"p{n}", path=f"p{n}") for n in range(12))
    picture = drawn(*findings, products=products)
    columns = defaultdict(list)
    for box in picture.boxes:
        columns[box.x].append(box.top)
        assert box.x >= 0
        assert box.x + box.width <= WIDTH
        assert box.top >= 0
        assert box.top + picture.box_height <= picture.height
    for tops in columns.values():
        ordered = sorted(tops)
        assert all(b - a >= picture.box_height for a, b in pairwise(ordered))


def test_of_many_models_the_most_relevant_are_drawn_and_the_rest_is_counted() -> None:
    many = (*(replace(GPT, id=f"openai:{n}") for n in range(50)), BGE)
    picture = drawn(*many)
    assert "BAAI/bge-m3" in named(picture)
    assert (picture.models, picture.left_out) == (51, 51 - MOST_MODELS)


def test_of_many_products_the_rest_is_counted() -> None:
    picture = drawn(BGE, products=tuple(replace(SEARCH, name=f"p{n}", path=f"p{n}") for n in range(12)))
    assert picture.products_left_out == 12 - sum(box.x == 0 for box in picture.boxes) > 0


def test_a_merge_of_many_shows_a_few_of_its_bases() -> None:
    roots = tuple(Ancestor(f"org/base-{n}", "Org", ("US",)) for n in range(9))
    picture = drawn(replace(GPT, judgement=judgement(Verdict.NO, "a merge", *roots)))
    assert sum(name.startswith("org/base-") for name in named(picture)) == 3


def test_a_long_name_loses_its_middle_and_keeps_its_whole_in_the_title() -> None:
    long = replace(GPT, id="organisation-with-a-long-name/Model-With-A-Very-Long-Name-7B-Instruct-GGUF")
    (box,) = [box for box in drawn(long).boxes if box.model]
    assert len(box.name) < len(long.id)
    assert box.name.startswith("organisation")
    assert box.name.endswith("GGUF")
    assert long.id in box.told
