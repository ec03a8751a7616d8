"""Properties of lineage over any graph at all."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from auditor.domain.model import Edge, Record, Relation
from auditor.domain.reference import Confidence
from auditor.judge import judge
from auditor.resolve.catalog import StaticCatalog
from auditor.resolve.chain import Resolver
from auditor.resolve.lineage import trace
from tests.resolve.world import HERE, RULES, Book, edge, hub, record

_NAMES = st.sampled_from([*(f"m/{n}" for n in range(8)), "xana/xala-1", "ypsi/yama-1", "packer/p", "M/0"])
_EDGES = st.lists(st.builds(edge, _NAMES, _NAMES, st.sampled_from(Relation), st.sampled_from(Confidence)), max_size=30)


def _records(edges: list[Edge]) -> list[Record]:
    children = {e.child.casefold(): e.child for e in edges}
    return [record(name, *(e for e in edges if e.child.casefold() == key)) for key, name in children.items()]


@given(_EDGES, _NAMES, st.integers(1, 12))
def test_a_walk_ends_and_names_no_model_twice(edges: list[Edge], start: str, most: int) -> None:
    known = StaticCatalog(_records(edges))
    lineage = trace(start, known.record, lambda name, _: name.startswith("xana/"), most=most)
    everyone = [lineage.model, *lineage.ancestors, *lineage.components, *lineage.teachers]
    assert len({name.casefold() for name in everyone}) == len(everyone) <= most
    assert len(set(lineage.edges)) == len(lineage.edges)
    assert set(lineage.roots) <= {lineage.model, *lineage.ancestors}


@given(_EDGES, _NAMES)
def test_every_edge_joins_models_of_the_lineage(edges: list[Edge], start: str) -> None:
    known = StaticCatalog(_records(edges))
    lineage = trace(start, known.record, lambda name, _: False)
    everyone = {lineage.model, *lineage.ancestors, *lineage.components, *lineage.teachers}
    assert {e.child for e in lineage.edges} | {e.parent for e in lineage.edges} <= everyone
    assert not lineage.complete  # no source calls anything a root


@given(_EDGES, _NAMES)
def test_no_verdict_is_surer_than_the_surest_way_to_any_link_of_it(edges: list[Edge], start: str) -> None:
    (resolution,) = Resolver(RULES, Book(_records(edges))).resolve([hub(start)])
    judged = judge(resolution, HERE, RULES)
    assert judged.judgement.confidence <= resolution.answers[0].confidence
    if judged.judgement.roots and judged.id not in {root.id for root in judged.judgement.roots}:
        assert judged.edges
        if judged.judgement.verdict.value in ("root", "no"):
            own = [e.confidence for e in judged.edges if e.child == judged.id]
            assert judged.judgement.confidence <= max(own)


@given(_EDGES, _NAMES, st.sampled_from(Confidence))
def test_a_weaker_link_never_makes_a_verdict_surer(edges: list[Edge], start: str, sure: Confidence) -> None:
    def confidence(links: list[Edge]) -> tuple[str, Confidence]:
        (resolution,) = Resolver(RULES, Book(_records(links))).resolve([hub(start)])
        judgement = judge(resolution, HERE, RULES).judgement
        return judgement.verdict.value, judgement.confidence

    weaker = [edge(e.child, e.parent, e.relation, min(e.confidence, sure)) for e in edges]
    verdict, before = confidence(edges)
    assert confidence(weaker)[0] == verdict
    assert confidence(weaker)[1] <= before
