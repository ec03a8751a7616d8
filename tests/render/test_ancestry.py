"""A lineage as a tree: parents below their child, each model told once, whatever the graph."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from auditor.domain.model import Edge, Relation
from auditor.domain.reference import Confidence
from auditor.render.ancestry import ancestry
from tests.render.reports import BGE, CARD, GPT


def edge(child: str, parent: str) -> Edge:
    return Edge(child, parent, Relation.FINETUNE, Confidence.HIGH, CARD)


def test_a_parent_stands_below_its_child_and_the_root_has_its_maker() -> None:
    assert [(step.edge.parent, step.depth, step.maker) for step in ancestry(BGE)] == [
        ("BAAI/bge-m3-retromae", 1, ""),
        ("FacebookAI/xlm-roberta-large", 2, "Meta (US)"),
    ]


def test_a_model_without_parents_has_no_steps() -> None:
    assert ancestry(GPT) == ()


def test_a_common_ancestor_of_a_merge_is_told_once() -> None:
    edges = (edge(GPT.id, "a"), edge(GPT.id, "b"), edge("a", "root"), edge("b", "root"), edge("root", "older"))
    steps = [(step.edge.parent, step.depth, step.told) for step in ancestry(replace(GPT, edges=edges))]
    assert steps == [
        ("a", 1, False),
        ("root", 2, False),
        ("older", 3, False),
        ("b", 1, False),
        ("root", 2, True),
    ]


@given(st.lists(st.tuples(st.sampled_from(["m", "a", "b", "c"]), st.sampled_from(["m", "a", "b", "c"])), unique=True))
def test_it_ends_on_any_graph_and_shows_no_edge_twice(pairs: list[tuple[str, str]]) -> None:
    steps = ancestry(replace(GPT, id="m", edges=tuple(edge(*pair) for pair in pairs)))
    shown = [(step.edge.child, step.edge.parent) for step in steps]
    assert len(shown) == len(set(shown))
    assert set(shown) <= set(pairs)
