"""Portfolios made by hand: models of known origin, companies that use them."""

from __future__ import annotations

from auditor.domain.claim import Axes, ClaimRule, Group, Level, Op, ReadingRule, Threshold
from auditor.domain.model import Verdict, Weights
from auditor.domain.portfolio import Audited, Frame, Holding, ModelFacts, Sample, Use
from auditor.domain.reference import Confidence
from auditor.domain.report import Ancestor, Jurisdiction, ProductVerdict, SnapshotInfo
from auditor.portfolio.claims import Claims

CN = Jurisdiction(
    "chinese", "China", "Chinese", ("CN",), ("headquarters",), (Verdict.ROOT, Verdict.DERIVED, Verdict.COMPONENT)
)
EU = Jurisdiction("eu", "European Union", "EU", ("DE", "FR"), ("headquarters",), CN.counted)
PLACES = {"chinese": CN, "eu": EU}


def model(
    name: str,
    *,
    root: str = "",
    derived: str = "",
    verdict: Verdict | None = None,
    weights: Weights = Weights.OPEN,
    modality: str = "text",
    publisher: str = "",
) -> ModelFacts:
    """A model whose base was made in `root` ("" not known) and that was changed in `derived`."""
    own = (
        Verdict.UNKNOWN if not root else Verdict.ROOT if root == "CN" else Verdict.DERIVED if derived == "CN" else None
    )
    return ModelFacts(
        id=name,
        name=name.rpartition("/")[2],
        family="",
        modality=modality,
        weights=weights,
        publisher="Maker" if publisher or root else "",
        publisher_countries=tuple(filter(None, [publisher or derived or root])),
        verdict=verdict or own or Verdict.NO,
        confidence=Confidence.HIGH,
        roots=(Ancestor(f"{name}-base", "Maker", (root,)),) if root else (),
        root_countries=tuple(filter(None, [root])),
        derived_countries=tuple(filter(None, [derived])),
        component_countries=(),
        complete=bool(root),
    )


QWEN = model("Qwen/Qwen3-8B", root="CN")
TUNED = model("acme/tuned-in-china", root="US", derived="CN")
LLAMA = model("meta-llama/Llama-3.1-8B", root="US")
MISTRAL = model("mistralai/Mistral-7B", root="FR")
EMBEDDER = model("BAAI/bge-m3", root="US", derived="CN", modality="embedding")
GPT = model("openai:gpt-5", root="US", weights=Weights.CLOSED)
CLOSED_CN = model("bytedance:doubao", root="CN", weights=Weights.CLOSED)
DARK = model("somebody/model")


def product(
    name: str,
    *models: ModelFacts,
    company: str = "",
    level: Level = Level.NAMED,
    tags: tuple[str, ...] = (),
    error: str = "",
) -> Audited:
    """A product that uses these models, at that level."""
    holding = Holding(name, f"https://git.example/{name}.git", company=company or name, tags=tags)
    if error:
        return Audited(holding, error=error)
    uses = tuple(Use(one, level, "app.py", 1) for one in models)
    counted = any(one.verdict in CN.counted for one in models)
    verdict = ProductVerdict.YES if counted else ProductVerdict.NO
    return Audited(holding, "ab12", "0" * 40, verdict, "runs it (app.py:1)", uses)


def sample(*products: Audited, frame: Frame | None = None) -> Sample:
    return Sample(frame or Frame("Fund I"), products, CN, "1.0", "rules", SnapshotInfo("data", "2026-11-20", 1, 1))


def reading(
    count: Group = Group.ORIGIN,
    of: Group = Group.AUDITED,
    *,
    op: Op = Op.AT_LEAST,
    value: float = 0.8,
    axes: Axes | None = None,
    jurisdiction: str = "",
) -> ReadingRule:
    return ReadingRule(
        "main", "R1", "at least 80 percent", count, of, Threshold(op, value), axes or Axes(), jurisdiction
    )


def claims(*readings: ReadingRule) -> Claims:
    rule = ClaimRule("said", "Many run on them", "https://news.example/1", "2026-01-01", (), readings or (reading(),))
    return Claims((rule,), frozenset({"text", "image"}), frozenset({"embedding", "reranker", "ocr"}))
