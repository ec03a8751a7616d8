"""What the family rules take for a model's name, and the many things that only look like one."""

from __future__ import annotations

import time

import pytest

from auditor.domain.model import Weights
from auditor.rulebook.load import load
from auditor.rulebook.makers import makers
from auditor.rulebook.types import FamilyRule

RULES = load(cache=False)
MAKERS = makers(RULES)
FAMILIES = RULES.families

MODALITIES = frozenset(
    "text vision multimodal embedding reranker encoder safety speech-to-text text-to-speech audio image video 3d ocr "
    "detection time-series".split()
)

LOOK_ALIKES = """
deepseek qwen kimi claude gemini llama mistral phi yi wan seed ring ling ming command glm mimo step dots spark nova titan
falcon solar granite hermes trinity orion aquila sonar flux sam dino clip whisper bert t5 opt bart vit siglip gpt chatgpt codex sora veo
imagen grok aya north command-line command-runner step-1 step-2 step-by-step seed-1 seed_everything random-seed ring-buffer ring-1 phi-node
llama-index llama_index llama.cpp llama-cpp-python llama-stack llama2.c ollama llamafile claude-code claude-desktop claude.md claude-agent-sdk
qwen-code qwen-agent qwen_agent gemini-cli gemini-api gpt-engineer gpt-researcher gpt4all gpt-index gpt2-tokenizer autogpt kimi-cli grok-cli
deepseek-ui deepseek-proxy mistral-client mistral-common mistral.rs mistralai whisper.cpp whisper-live whisperx faster-whisper o1-visa o2 o365
o4 o3-cli r1 v3 m2 k2 e5 e5-2680 m3 h1 x1 i9 wandb wan-port wan0 wanderer swan glmnet statsmodels.glm glm::vec3 minimax minimax-search
moonshot moonshot-test moonlight doubao hunyuan ernie ernie-app baichuan-ui internlm intern internship paddleocr pp ppt yi-en yiddish
yi-fan buffalo antelope bge-embeddings gte gte-100 embedding embeddings text-embedding embedding-model rerank reranker reranking voyage voyager
snowflake snowflake-connector databricks dbrx-runtime command-r2-d2 nova-compute laravel-nova titan-launcher sonarqube sonar-scanner flux-cd
fluxcd influxdb stable-diffusion-webui stable-diffusion.cpp sdxl sd-card sd-bus detr-loss yolo dall-e gpt-image model models default latest
main base small medium large tiny turbo large-v3 base.en instruct chat 7b 8b q4_k_m gguf cl100k_base o200k_base qwen3.py qwen2_moe deepseek_v3
chatglm gemma.cpp gemma t5-tokenizer keybert bertscore roberta distilbert distil layoutlm composer composer-plugin cogito apriel trinity-core
hailuo speech-01 abab kling kolors telechat longcat pangu pango pangu.js ep-1 ep-2024 gpt-4o.svg claude-3-icon.svg llama-3.md qwen-audio.wav
""".split()


def of_bare(name: str) -> FamilyRule | None:
    return MAKERS.named(name)


def of(example: str) -> FamilyRule | None:
    return MAKERS.family(example) if "/" in example else of_bare(example)


@pytest.mark.parametrize("family", FAMILIES, ids=lambda f: f.origin.id)
def test_a_family_knows_its_own_names(family: FamilyRule) -> None:
    assert {hit.text: of(hit.text) for hit in family.origin.hit} == {hit.text: family for hit in family.origin.hit}


@pytest.mark.parametrize("family", FAMILIES, ids=lambda f: f.origin.id)
def test_what_a_family_must_miss_belongs_to_no_family(family: FamilyRule) -> None:
    assert {miss.text: of(miss.text) for miss in family.origin.miss} == dict.fromkeys(
        miss.text for miss in family.origin.miss
    )


@pytest.mark.parametrize("word", LOOK_ALIKES)
def test_a_word_that_only_looks_like_a_model_belongs_to_no_family(word: str) -> None:
    assert of_bare(word) is None


@pytest.mark.parametrize(
    ("name", "family"),
    [
        ("qwen3.7-72b-instruct", "family-qwen"),
        ("qwen3:8b-q4_k_m", "family-qwen"),
        ("qwen4-vl-30b-a3b", "family-qwen-vl"),
        ("qwen3.9-max", "family-qwen-api"),
        ("deepseek-v5-flash", "family-deepseek"),
        ("deepseek-r1:14b", "family-deepseek-r1-distill"),
        ("deepseek-r1:671b", "family-deepseek"),
        ("glm-6", None),
        ("glm-5.9-air", "family-glm"),
        ("kimi-k4-thinking", "family-kimi"),
        ("minimax-m5", "family-minimax"),
        ("gpt-5.4-mini-2026-03-05", "family-openai-gpt"),
        ("gpt-7-nano", "family-openai-gpt"),
        ("claude-opus-6-1", "family-claude"),
        ("gemini-5-flash", "family-gemini"),
        ("gemma5:27b", "family-gemma"),
        ("mistral-small-2612", "family-mistral"),
        ("grok-7-fast", "family-grok"),
    ],
)
def test_versions_to_come_belong_to_the_families_of_today(name: str, family: str | None) -> None:
    found = of_bare(name)
    assert (found.origin.id if found else None) == family


@pytest.mark.parametrize(
    ("model", "family", "root"),
    [
        ("deepseek-ai/DeepSeek-V3.1-Terminus", "family-deepseek", True),
        ("deepseek-ai/DeepSeek-R1-Distill-Qwen-7B", "family-deepseek-r1-distill", False),
        ("Qwen/Qwen3-Embedding-8B-GGUF", "family-qwen-embedding", True),
        ("BAAI/bge-m3", "family-bge", False),
        ("nvidia/Llama-3_3-Nemotron-Super-49B-v1_5", "family-nemotron-llama", False),
        ("nvidia/NVIDIA-Nemotron-Nano-9B-v2", "family-nemotron", True),
        ("moonshotai/Kimi-Dev-72B", "family-kimi-dev", False),
        ("moonshotai/Kimi-K2-Instruct", "family-kimi", True),
        ("OpenGVLab/InternVL3-8B", "family-internvl", False),
        ("baichuan-inc/Baichuan-M2-32B", "family-baichuan-m", False),
        ("sentence-transformers/all-MiniLM-L6-v2", "family-sentence-transformers", False),
    ],
)
def test_a_makers_model_is_a_root_only_where_it_pretrained_the_weights(model: str, family: str, root: bool) -> None:
    found = MAKERS.family(model)
    assert found is not None
    assert (found.origin.id, found.root) == (family, root)


def test_closed_names_have_a_provider_and_an_open_one_only_that_of_its_maker() -> None:
    assert [f.origin.id for f in FAMILIES if f.weights is Weights.CLOSED and not f.provider] == []
    served = {p.origin.id: p.first_party for p in RULES.providers}
    opened = [f for f in FAMILIES if f.weights is not Weights.CLOSED and f.provider]
    assert [f.origin.id for f in opened if served.get(f.provider) != f.publisher] == []


def test_every_modality_is_of_the_vocabulary() -> None:
    assert {f.modality for f in FAMILIES} <= MODALITIES


def test_names_of_families_are_unique() -> None:
    names = [f.name.casefold() for f in FAMILIES]
    assert sorted(names) == sorted(set(names))


@pytest.mark.parametrize(
    "text", ["qwen3" + "-a" * 500, "a" * 1000, "claude-3-" + "5-" * 400, "llama-" * 200, "gemini-2.5-" + ".5" * 400]
)
def test_no_name_takes_long_to_judge(text: str) -> None:
    start = time.perf_counter()
    of_bare(text)
    assert time.perf_counter() - start < 1
