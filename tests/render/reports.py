"""A rich report built by hand: every kind of usage, verdict and trouble once."""

from __future__ import annotations

from auditor.domain.model import Basis, Claim, Edge, Evidence, Flag, Publisher, Relation, Verdict, Weights
from auditor.domain.reference import Confidence, Occurrence, Reference, Role, Scheme
from auditor.domain.report import (
    Ancestor,
    Decision,
    Finding,
    IdleWaiver,
    Judgement,
    Jurisdiction,
    Outcome,
    Product,
    ProductVerdict,
    Provenance,
    Report,
    SnapshotInfo,
    Stack,
    WaiverState,
)
from auditor.domain.source import Gap, Scope, Span, TargetKind

CARD = Evidence("snapshot", "base_model in the model card", "https://huggingface.co/BAAI/bge-m3", "2026-10-05")


def publisher(id_: str, name: str, country: str) -> Publisher:
    claim = Claim(country, Basis.HEADQUARTERS, Confidence.HIGH, Evidence("curated", "imprint"))
    return Publisher(id_, name, "developer", (claim,))


BAAI = publisher("BAAI", "Beijing Academy of Artificial Intelligence", "CN")
QWEN = publisher("qwen", "Alibaba Cloud (Qwen)", "CN")
META = publisher("meta", "Meta", "US")
OPENAI = publisher("openai", "OpenAI", "US")

CHINESE = Jurisdiction(
    "chinese",
    "China",
    "Chinese",
    ("CN",),
    ("headquarters", "parent"),
    (Verdict.ROOT, Verdict.DERIVED, Verdict.COMPONENT),
)


def place(
    name: str,
    role: Role,
    path: str,
    line: int,
    *,
    scheme: Scheme = Scheme.HUGGINGFACE,
    why: str = "reaches a loader",
    product: str = ".",
    confidence: Confidence = Confidence.HIGH,
    served_by: str = "",
) -> Occurrence:
    return Occurrence(
        Reference(scheme, name, provider="openai" if scheme is Scheme.API else ""),
        "py-sentence-transformers",
        path,
        Span(line, 21, line, 21 + len(name)),
        Scope.RUNTIME,
        role,
        why,
        name,
        confidence,
        served_by,
        product,
    )


def judgement(
    verdict: Verdict,
    why: str,
    *roots: Ancestor,
    derived: tuple[str, ...] = (),
    confidence: Confidence = Confidence.HIGH,
) -> Judgement:
    countries = tuple(sorted({country for root in roots for country in root.countries}))
    return Judgement(verdict, confidence, why, roots, countries, derived, (), ())


def finding(
    id_: str,
    judged: Judgement,
    *occurrences: Occurrence,
    maker: Publisher | None = None,
    edges: tuple[Edge, ...] = (),
    modality: str = "text",
    weights: Weights = Weights.OPEN,
    flags: tuple[Flag, ...] = (),
    license_: str = "",
) -> Finding:
    hub = id_ if "/" in id_ else None
    return Finding(
        id_,
        occurrences[0].reference if occurrences else Reference(Scheme.HUGGINGFACE, id_),
        hub,
        id_.rpartition("/")[2].rpartition(":")[2],
        "",
        modality,
        weights,
        license_,
        maker,
        judged,
        edges,
        judged.verdict is not Verdict.UNKNOWN,
        flags,
        occurrences,
    )


VALUES = tuple(place("BAAI/bge-m3", Role.CONFIGURED, f"deploy/values-{n}.yaml", 7 + n) for n in range(5))
BGE = finding(
    "BAAI/bge-m3",
    judgement(
        Verdict.DERIVED,
        "trained by BAAI (CN) from xlm-roberta-large, whose weights are Meta's (US)",
        Ancestor("FacebookAI/xlm-roberta-large", "Meta", ("US",)),
        derived=("CN",),
    ),
    place("BAAI/bge-m3", Role.DEFAULT, "src/embed.py", 14, why="reaches SentenceTransformer() with no user choice"),
    *VALUES,
    place("BAAI/bge-m3", Role.DOCUMENTATION, "README.md", 80),
    maker=BAAI,
    edges=(
        Edge("BAAI/bge-m3", "BAAI/bge-m3-retromae", Relation.FINETUNE, Confidence.HIGH, CARD),
        Edge("BAAI/bge-m3-retromae", "FacebookAI/xlm-roberta-large", Relation.FINETUNE, Confidence.MEDIUM, CARD),
    ),
    modality="embedding",
    license_="mit",
    flags=(
        Flag("entity-list", "BAAI", "on the US Entity List since 2025-03-25", "https://example.com/list", "2026-11-24"),
    ),
)
GPT = finding(
    "openai:gpt-5",
    judgement(Verdict.NO, "OpenAI's own (US)", Ancestor("openai:gpt-5", "OpenAI", ("US",))),
    place("gpt-5", Role.CONFIGURED, ".env", 3, scheme=Scheme.API, why="set in .env", served_by="openai"),
    maker=OPENAI,
    weights=Weights.CLOSED,
)
ACME = finding(
    "acme/ranker-7b",
    judgement(Verdict.UNKNOWN, "nothing says what it was made from", confidence=Confidence.LOW),
    place("acme/ranker-7b", Role.DEFAULT, "src/rank.py", 9),
    modality="",
    weights=Weights.UNKNOWN,
)
QWEN3 = finding(
    "Qwen/Qwen3-8B",
    judgement(Verdict.ROOT, "pretrained by Alibaba Cloud (CN)", Ancestor("Qwen/Qwen3-8B", "Alibaba Cloud", ("CN",))),
    place("Qwen/Qwen3-8B", Role.CATALOG, "src/models.py", 40),
    maker=QWEN,
)
LLAMA = finding(
    "meta-llama/Llama-3.1-8B",
    judgement(Verdict.NO, "pretrained by Meta (US)", Ancestor("meta-llama/Llama-3.1-8B", "Meta", ("US",))),
    place("meta-llama/Llama-3.1-8B", Role.TRAINING, "train/lora.yaml", 2),
    maker=META,
)
MENTIONED = tuple(
    finding(
        f"Qwen/Qwen2.5-{size}B",
        judgement(Verdict.ROOT, "pretrained by Alibaba Cloud (CN)", Ancestor("Qwen/x", "Alibaba Cloud", ("CN",))),
        place(f"Qwen/Qwen2.5-{size}B", role, "docs/models.md", size),
        maker=QWEN,
    )
    for size, role in ((1, Role.DOCUMENTATION), (3, Role.DOCUMENTATION), (7, Role.TEST))
)
MENU = tuple(
    finding(
        f"mistralai/Model-{n:02}",
        judgement(Verdict.NO, "pretrained by Mistral (FR)", Ancestor("mistralai/x", "Mistral", ("FR",))),
        place(f"mistralai/Model-{n:02}", Role.CATALOG, "src/models.py", 50 + n),
        maker=publisher("mistral", "Mistral AI", "FR"),
    )
    for n in range(14)
)
FINDINGS = (BGE, GPT, ACME, QWEN3, LLAMA, *MENTIONED, *MENU)

SEARCH = Product(
    "acme-search",
    ".",
    ProductVerdict.YES,
    "embeds with BAAI/bge-m3 by default (src/embed.py:14)",
    ("BAAI/bge-m3", "acme/ranker-7b", "openai:gpt-5"),
    ("Qwen/Qwen3-8B", *(f.id for f in MENU)),
    tuple(f.id for f in MENTIONED),
    ("meta-llama/Llama-3.1-8B",),
)

PROVENANCE = Provenance(
    "0.1.0",
    "3f2a9c0d11aa",
    SnapshotInfo("77aa01bc", "2026-11-20", 41000, 9000),
    False,
    TargetKind.WORKTREE,
    "acme-search",
    "https://example.com/acme/search.git",
    "0123456789abcdef0123456789abcdef01234567",
    812,
    640,
    5300000,
)

BLOBS = tuple(Gap("collect", f"assets/blob-{n}.bin", "too-large", "larger than 4 MB") for n in range(7))
GAPS = (*BLOBS, Gap("detect", "src/broken.py", "syntax", "line 3: invalid syntax"))


def report(
    *,
    findings: tuple[Finding, ...] = FINDINGS,
    products: tuple[Product, ...] = (SEARCH,),
    decisions: tuple[Decision, ...] = (
        Decision("BAAI/bge-m3", Outcome.WARN, "counted-weights-in-use", None, "acme-search runs BAAI/bge-m3"),
    ),
    gaps: tuple[Gap, ...] = GAPS,
    stacks: tuple[Stack, ...] = (Stack("cuda", "CUDA", "NVIDIA", ("US",), (("requirements.txt", 3),)),),
    waivers: tuple[IdleWaiver, ...] = (
        IdleWaiver("acme/*", "evaluation only", "cto", "2026-03-31", WaiverState.EXPIRED),
    ),
) -> Report:
    return Report(PROVENANCE, CHINESE, products, findings, decisions, gaps, stacks, waivers)
