"""How findings are said: every role and relation has words, and a lineage reads from the model back to its roots."""

from __future__ import annotations

from dataclasses import replace

import pytest

from auditor.domain.model import Edge, Relation, Verdict
from auditor.domain.reference import Confidence, Role
from auditor.domain.report import Ancestor, Finding
from auditor.render import words
from tests.render.reports import ACME, BAAI, BGE, CARD, CHINESE, GPT, LLAMA, finding, judgement, place

BASES = CHINESE.bases
LONG = replace(BAAI, id="baai")


def edge(child: str, parent: str, relation: Relation) -> Edge:
    return Edge(child, parent, relation, Confidence.HIGH, CARD)


def test_every_role_and_relation_has_its_words() -> None:
    assert set(words.ROLE) == set(Role)
    assert set(words.RELATION) == set(Relation)


def test_a_merge_names_its_parents_together() -> None:
    roots = (Ancestor("a/one", "A", ("US",)), Ancestor("b/two", "B", ("CN",)))
    merged = finding("m/mix", judgement(Verdict.ROOT, "", *roots))
    edges = tuple(edge("m/mix", root.id, Relation.MERGE) for root in roots)
    assert words.lineage(replace(merged, edges=edges), BASES) == "mix ← merge of one (A, US) + two (B, CN)"


def test_a_merge_of_very_many_is_cut() -> None:
    merged = finding("m/mix", judgement(Verdict.NO, ""))
    edges = tuple(edge("m/mix", f"a/p{n}", Relation.MERGE) for n in range(5))
    assert words.lineage(replace(merged, edges=edges), BASES) == "mix ← merge of p0 + p1 + p2 + 2 more"


def test_parents_of_different_kinds_are_only_said_to_be_made_from() -> None:
    mixed = finding("m/mix", judgement(Verdict.NO, ""))
    edges = (edge("m/mix", "a/one", Relation.MERGE), edge("m/mix", "a/two", Relation.ADAPTER))
    assert words.lineage(replace(mixed, edges=edges), BASES) == "mix ← made from one + two"


def test_components_and_teachers_stand_beside_the_line() -> None:
    edges = (
        *BGE.edges,
        edge(BGE.id, "openai/clip", Relation.COMPONENT),
        edge(BGE.id, "x/teacher", Relation.DISTILLED),
    )
    line = words.lineage(replace(BGE, edges=edges), BASES)
    assert line.endswith("← fine-tune of xlm-roberta-large (Meta, US); contains clip; taught by teacher")


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (BGE, "BAAI (CN) on Meta (US)"),
        (LLAMA, "Meta (US)"),
        (ACME, "origin not known"),
        (replace(BGE, judgement=replace(BGE.judgement, roots=())), "BAAI (CN) on a base not known"),
        (replace(GPT, judgement=replace(GPT.judgement, roots=()), publisher=None), "publisher not known"),
    ],
)
def test_whose_weights_they_are(given: Finding, said: str) -> None:
    assert words.whose(given, BASES) == said


@pytest.mark.parametrize(("model", "name"), [("BAAI/bge-m3", "BAAI"), ("other/x", "baai")])
def test_a_long_name_gives_way_to_the_organisation_published_as(model: str, name: str) -> None:
    assert words.short_name(replace(BGE, id=model, publisher=LONG)) == name


def test_the_best_place_is_the_one_that_convinces() -> None:
    places = [
        place("a/b", Role.DOCUMENTATION, "README.md", 1),
        place("a/b", Role.DEFAULT, "z.py", 9, confidence=Confidence.MEDIUM),
        place("a/b", Role.DEFAULT, "z.py", 2),
        place("a/b", Role.CONFIGURED, "a.env", 1),
    ]
    assert [words.where(p) for p in words.best_places(places)] == ["z.py:2", "z.py:9", "a.env:1", "README.md:1"]


def test_two_names_on_one_line_are_one_place() -> None:
    twice = [place("a/b", role, "a.py", 1) for role in (Role.CATALOG, Role.DEFAULT)]
    assert [p.role for p in words.best_places(twice)] == [Role.DEFAULT]


def test_a_model_is_counted_once_by_what_mentions_it_most() -> None:
    roles = (Role.TEST, Role.DOCUMENTATION, Role.DOCUMENTATION)
    mixed = finding("a/b", judgement(Verdict.NO, ""), *(place("a/b", r, "x", n + 1) for n, r in enumerate(roles)))
    tests = finding("a/c", judgement(Verdict.NO, ""), place("a/c", Role.TEST, "x", 1))
    assert words.mention_counts([mixed, tests, mixed]) == [(2, "in documentation"), (1, "in tests")]


def test_shares_are_never_silent_about_the_unknown() -> None:
    assert words.origin_counts([BGE, ACME, GPT], CHINESE) == "1 of Chinese origin, 1 of unknown origin"
    assert words.origin_counts([GPT], CHINESE) == "none of Chinese origin"


def test_an_origin_is_said_without_our_terms() -> None:
    assert [words.verdict(verdict, CHINESE) for verdict in Verdict] == [
        "Chinese base",
        "Chinese training",
        "Chinese part inside",
        "Chinese teacher",
        "not Chinese",
        "not known",
    ]
