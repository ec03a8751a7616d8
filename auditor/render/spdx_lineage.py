"""Who descends from whom, as relationships of SPDX; where nothing says, that nothing says."""

from __future__ import annotations

from collections.abc import Sequence

from auditor.domain.model import Edge, Relation
from auditor.domain.reference import Confidence
from auditor.render import words
from auditor.render.bill import Lineages
from auditor.render.spdx_graph import Graph

NOBODY_KNOWS = "https://spdx.org/rdf/3.0.1/terms/Core/NoAssertionElement"
NOTHING = "https://spdx.org/rdf/3.0.1/terms/Core/NoneElement"

# The same weights in another form, seen from the parent; that the child descends from it is said besides.
_SAME_WEIGHTS = {Relation.QUANTIZED: "hasVariant", Relation.CONVERTED: "hasVariant", Relation.REUPLOAD: "copiedTo"}
# No descent: a part, and a teacher.
_ASIDE = {Relation.COMPONENT: "contains", Relation.DISTILLED: "other"}


def relate(lineages: Lineages, graph: Graph) -> None:
    """Put into the document what each model of the lineages descends from, contains and was taught by."""
    for model in lineages.models:
        edges = lineages.parents.get(model, ())
        _descent(model, [edge for edge in edges if edge.relation not in _ASIDE], lineages, graph)
        for edge in edges:
            child, parent = graph.id("model", edge.child), graph.id("model", edge.parent)
            if edge.relation in _SAME_WEIGHTS:
                graph.relate(parent, _SAME_WEIGHTS[edge.relation], [child], comment=_told(edge))
            elif edge.relation in _ASIDE:
                graph.relate(child, _ASIDE[edge.relation], [parent], comment=_told(edge))


def _descent(model: str, above: Sequence[Edge], lineages: Lineages, graph: Graph) -> None:
    """All parents in one relationship, complete only where the sources are sure; a root descends from nothing."""
    if above:
        to = [graph.id("model", edge.parent) for edge in above]
        sure = min(edge.confidence for edge in above)
    elif model in lineages.roots:
        to, sure = [NOTHING], lineages.roots[model]
    elif model in lineages.descending:
        to, sure = [NOBODY_KNOWS], Confidence.LOW
    else:
        return
    completeness = "complete" if sure is Confidence.HIGH else "noAssertion"
    graph.relate(
        graph.id("model", model),
        "descendantOf",
        to,
        completeness=completeness,
        comment="; ".join(_told(edge) for edge in above),
    )


def _told(edge: Edge) -> str:
    """An edge in words, with who says so: `fine-tune of a/b (high confidence; snapshot: ..., 2026-10-05)`."""
    evidence = edge.evidence
    source = ", ".join(part for part in (f"{evidence.source}: {evidence.detail}", evidence.url, evidence.as_of) if part)
    return f"{words.RELATION[edge.relation]} {edge.parent} ({words.confidence(edge.confidence)}; {source})"
