"""The shipped snapshot and rules together, on models that everybody knows."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from auditor.domain.model import Verdict
from auditor.domain.reference import Confidence, Reference, Scheme
from auditor.domain.report import Finding, Jurisdiction
from auditor.judge import judge
from auditor.resolve.chain import Resolver
from auditor.resolve.snapshot import Snapshot, embedded, open_snapshot
from auditor.resolve.verify import verify
from auditor.rulebook.load import load
from auditor.rulebook.types import Rulebook


@pytest.fixture(scope="module")
def rules() -> Rulebook:
    return load()


@pytest.fixture(scope="module")
def snapshot() -> Iterator[Snapshot]:
    opened = open_snapshot()
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def chinese(rules: Rulebook) -> Jurisdiction:
    return next(j for j in rules.jurisdictions if j.id == "chinese")


def _judge(reference: Reference, rules: Rulebook, snapshot: Snapshot, chinese: Jurisdiction) -> Finding:
    (resolution,) = Resolver(rules, snapshot).resolve([reference])
    return judge(resolution, chinese, rules)


def test_the_shipped_snapshot_is_what_its_manifest_says() -> None:
    assert verify(embedded()).problems == ()


def test_the_shipped_snapshot_stays_small_enough_to_ship() -> None:
    assert sum(path.stat().st_size for path in embedded().iterdir()) < 1_200_000


def test_the_shipped_snapshot_opens_with_the_counts_of_its_manifest(snapshot: Snapshot) -> None:
    info = snapshot.info()
    assert info.models > 40_000
    assert info.edges > 7_000
    assert len(info.id) == 64


@pytest.mark.parametrize(
    ("name", "verdict", "least"),
    [
        ("Qwen/Qwen3-8B", Verdict.ROOT, Confidence.MEDIUM),
        ("qwen/qwen3-8b", Verdict.ROOT, Confidence.MEDIUM),
        ("Qwen/Qwen2.5-7B-Instruct-AWQ", Verdict.ROOT, Confidence.MEDIUM),
        ("unsloth/Qwen3-8B-bnb-4bit", Verdict.ROOT, Confidence.MEDIUM),
        ("lmstudio-community/Qwen3.8-27B-MLX-4bit", Verdict.ROOT, Confidence.MEDIUM),
        ("deepseek-ai/DeepSeek-V3", Verdict.ROOT, Confidence.MEDIUM),
        ("BAAI/bge-m3", Verdict.DERIVED, Confidence.LOW),
        ("deepseek-ai/DeepSeek-R1-Distill-Llama-8B", Verdict.DERIVED, Confidence.LOW),
        ("meta-llama/Llama-3.1-8B-Instruct", Verdict.NO, Confidence.MEDIUM),
        ("TheBloke/Mistral-7B-Instruct-v0.2-GGUF", Verdict.NO, Confidence.MEDIUM),
        ("google/gemma-2-9b-it", Verdict.NO, Confidence.MEDIUM),
        ("openai/whisper-large-v3", Verdict.NO, Confidence.MEDIUM),
    ],
)
def test_well_known_models_of_the_hub(
    name: str, verdict: Verdict, least: Confidence, rules: Rulebook, snapshot: Snapshot, chinese: Jurisdiction
) -> None:
    judged = _judge(Reference(Scheme.HUGGINGFACE, name), rules, snapshot, chinese)
    assert judged.judgement.verdict is verdict, judged.judgement.why
    assert judged.judgement.confidence >= least, judged.judgement.why
    assert judged.hub_id is not None
    assert judged.hub_id.casefold() == name.casefold()


@pytest.mark.parametrize(
    ("reference", "id", "verdict"),
    [
        (Reference(Scheme.OLLAMA, "qwen2.5", "7b-instruct-q4_K_M"), "Qwen/Qwen2.5-7B-Instruct", Verdict.ROOT),
        (Reference(Scheme.OLLAMA, "deepseek-r1", "14b"), "deepseek-ai/DeepSeek-R1-Distill-Qwen-14B", None),
        (Reference(Scheme.OLLAMA, "gemma3", "27b"), "google/gemma-3-27b-it", Verdict.NO),
        (Reference(Scheme.MODELSCOPE, "ZhipuAI/glm-4-9b-chat"), "zai-org/glm-4-9b-chat", None),
        (Reference(Scheme.API, "gpt-4o", provider="openai"), "openai:gpt-4o", Verdict.NO),
        (Reference(Scheme.API, "qwen/qwen3-8b", provider="openrouter"), "Qwen/Qwen3-8B", Verdict.ROOT),
    ],
)
def test_names_of_other_registries(
    reference: Reference, id: str, verdict: Verdict | None, rules: Rulebook, snapshot: Snapshot, chinese: Jurisdiction
) -> None:
    judged = _judge(reference, rules, snapshot, chinese)
    assert judged.id == id
    assert verdict is None or judged.judgement.verdict is verdict, judged.judgement.why


def test_a_foreign_fine_tune_of_a_chinese_base_is_root(
    rules: Rulebook, snapshot: Snapshot, chinese: Jurisdiction
) -> None:
    judged = _judge(Reference(Scheme.HUGGINGFACE, "microsoft/harrier-oss-v1-0.6b"), rules, snapshot, chinese)
    assert judged.judgement.verdict is Verdict.ROOT, judged.judgement.why
    assert "US" in judged.judgement.derived_countries
