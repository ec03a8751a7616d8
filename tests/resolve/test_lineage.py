"""What a model was made from, over made-up graphs."""

from __future__ import annotations

from collections.abc import Iterable

from auditor.domain.model import Lineage, Record, Relation
from auditor.resolve.lineage import trace
from tests.resolve.world import edge, record


def _trace(model: str, *records: Record, roots: Iterable[str] = (), most: int = 64) -> Lineage:
    known = {r.id.casefold(): r for r in records}
    return trace(model, lambda name: known.get(name.casefold()), lambda name, _: name in set(roots), most=most)


def test_a_root_by_rule_ends_the_branch() -> None:
    lineage = _trace("c/tuned", record("c/tuned", edge("c/tuned", "b/base")), record("b/base"), roots=["b/base"])
    assert lineage.ancestors == ("b/base",)
    assert lineage.roots == ("b/base",)
    assert lineage.complete


def test_a_model_of_which_nothing_is_known_is_a_named_leaf() -> None:
    lineage = _trace("c/tuned", record("c/tuned", edge("c/tuned", "b/base")))
    assert lineage.ancestors == ("b/base",)
    assert lineage.roots == ()
    assert not lineage.complete


def test_ids_take_the_case_of_the_record_that_knows_them() -> None:
    assert _trace("B/BASE", record("b/Base")).model == "b/Base"


def test_a_merge_keeps_all_its_roots() -> None:
    merge = record("m/m", edge("m/m", "a/a", Relation.MERGE), edge("m/m", "b/b", Relation.MERGE))
    lineage = _trace("m/m", merge, record("a/a", root=True), record("b/b", root=True))
    assert lineage.roots == ("a/a", "b/b")
    assert lineage.complete


def test_one_branch_without_an_end_makes_a_merge_incomplete() -> None:
    merge = record("m/m", edge("m/m", "a/a", Relation.MERGE), edge("m/m", "b/b", Relation.MERGE))
    lineage = _trace("m/m", merge, record("a/a", root=True))
    assert lineage.roots == ("a/a",)
    assert not lineage.complete


def test_a_teacher_is_no_ancestor_and_neither_is_anything_behind_it() -> None:
    lineage = _trace(
        "s/s",
        record("s/s", edge("s/s", "b/b"), edge("s/s", "t/t", Relation.DISTILLED)),
        record("t/t", edge("t/t", "u/u")),
        record("b/b", root=True),
    )
    assert lineage.ancestors == ("b/b",)
    assert lineage.teachers == ("t/t", "u/u")
    assert lineage.complete


def test_a_component_is_no_ancestor_but_has_to_end_somewhere() -> None:
    model = record("s/s", edge("s/s", "b/b"), edge("s/s", "v/v", Relation.COMPONENT))
    known = _trace("s/s", model, record("b/b", root=True), record("v/v", root=True))
    unknown = _trace("s/s", model, record("b/b", root=True))
    assert known.components == unknown.components == ("v/v",)
    assert known.roots == ("b/b",)
    assert known.complete
    assert not unknown.complete


def test_a_model_that_is_teacher_and_ancestor_is_an_ancestor_with_all_behind_it() -> None:
    lineage = _trace(
        "s/s",
        record("s/s", edge("s/s", "t/t", Relation.DISTILLED), edge("s/s", "m/m")),
        record("t/t", edge("t/t", "r/r")),
        record("m/m", edge("m/m", "t/t")),
        record("r/r", root=True),
    )
    assert set(lineage.ancestors) == {"m/m", "t/t", "r/r"}
    assert lineage.teachers == ()


def test_cycles_end_and_leave_the_lineage_incomplete() -> None:
    lineage = _trace("a/a", record("a/a", edge("a/a", "b/b")), record("b/b", edge("b/b", "a/a")))
    assert lineage.ancestors == ("b/b",)
    assert not lineage.complete


def test_a_model_that_names_itself_as_parent_has_none() -> None:
    lineage = _trace("a/a", record("a/a", edge("a/a", "A/A")), roots=["a/a"])
    assert lineage.edges == ()
    assert lineage.roots == ("a/a",)


def test_a_withheld_base_is_never_a_root() -> None:
    lineage = _trace("a/a", record("a/a", undisclosed=True), roots=["a/a"])
    assert lineage.roots == ()
    assert not lineage.complete


def test_a_maker_s_own_model_stands_for_a_base_that_nobody_knows() -> None:
    lineage = _trace("a/chat", record("a/chat", edge("a/chat", "a/internal")), roots=["a/chat"])
    assert lineage.roots == ("a/chat",)
    assert lineage.complete


def test_a_known_base_outranks_the_rule_for_the_model_itself() -> None:
    lineage = _trace("a/chat", record("a/chat", edge("a/chat", "b/b")), record("b/b", root=True), roots=["a/chat"])
    assert lineage.roots == ("b/b",)


def test_a_long_chain_is_cut_and_said_to_be_incomplete() -> None:
    chain = [record(f"m/{n}", edge(f"m/{n}", f"m/{n + 1}")) for n in range(20)]
    lineage = _trace("m/0", *chain, record("m/20", root=True), most=8)
    assert len(lineage.ancestors) == 7
    assert not lineage.complete


def test_sources_that_disagree_on_the_relation_are_both_kept() -> None:
    lineage = _trace(
        "a/a",
        record("a/a", edge("a/a", "b/b", Relation.QUANTIZED), edge("a/a", "b/b", Relation.FINETUNE)),
        record("b/b", root=True),
    )
    assert [e.relation for e in lineage.edges] == [Relation.QUANTIZED, Relation.FINETUNE]
    assert lineage.ancestors == ("b/b",)
