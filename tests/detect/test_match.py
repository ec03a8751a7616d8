"""Which strings of a file are names, by the place that they stand in and by what stands beside them."""

from __future__ import annotations

from functools import cache

import pytest

from auditor.detect.match import Matcher
from auditor.detect.names import Names
from auditor.detect.scan import scan
from auditor.domain.sighting import Name
from auditor.resolve.known import Known
from auditor.resolve.snapshot import open_snapshot
from auditor.rulebook.load import load
from tests.detect.sources import source


@cache
def matcher() -> Matcher:
    rulebook = load()
    return Matcher(rulebook, Names(rulebook, Known(open_snapshot())))


def names(path: str, text: str) -> list[Name]:
    found = scan(source(path, text), matcher()).sightings
    return [sighting.name for sighting in found if not sighting.name.tentative]


def served(path: str, text: str) -> list[tuple[str, str, str]]:
    """Each name with the API that gives it its meaning and with who serves it."""
    return [(n.reference.name, n.reference.provider, n.served_by) for n in names(path, text)]


CLIENT = """
from openai import OpenAI
{before}
def ask():
    client = OpenAI({base})
    return client.chat.completions.create(model="{model}", messages=[])
"""


@pytest.mark.parametrize(
    ("base", "model", "provider", "by"),
    [
        ("", "gpt-4o", "openai", ""),
        ('base_url="https://api.deepseek.com"', "deepseek-chat", "deepseek", "deepseek"),
        ('base_url="https://api.deepseek.com/v1"', "gpt-4o", "deepseek", "deepseek"),
        ('base_url="https://api.groq.com/openai/v1"', "llama-3.3-70b-versatile", "", "groq"),
        ('base_url="https://openrouter.ai/api/v1"', "gpt-4o", "openai", "openrouter"),
        ('base_url="https://llm.example.com/v1"', "gpt-4o", "openai", ""),
    ],
)
def test_a_base_url_tells_who_serves_and_outranks_the_name(base: str, model: str, provider: str, by: str) -> None:
    found = served("app.py", CLIENT.format(base=base, model=model, before=""))
    assert [pair[1:] for pair in found] == [(provider, by)]


def test_of_two_base_urls_in_one_file_the_one_in_the_function_counts() -> None:
    other = 'OTHER = OpenAI(base_url="https://api.groq.com/openai/v1")'
    found = served(
        "app.py", CLIENT.format(base='base_url="https://api.deepseek.com"', model="deepseek-chat", before=other)
    )
    assert found == [("deepseek-chat", "deepseek", "deepseek")]


def test_weights_that_are_loaded_are_sent_nowhere() -> None:
    code = """
from openai import OpenAI
from sentence_transformers import SentenceTransformer
client = OpenAI(base_url="https://api.siliconflow.cn/v1")
encoder = SentenceTransformer("BAAI/bge-m3")
"""
    assert served("app.py", code) == [("BAAI/bge-m3", "", "")]


@pytest.mark.parametrize(
    ("settings", "by"),
    [
        ("LLM_BASE_URL=https://api.deepseek.com\nLLM_MODEL=deepseek-chat\n", "deepseek"),
        ("OPENAI_BASE_URL=https://api.deepseek.com\nCHAT_MODEL=deepseek-chat\n", "deepseek"),
        ("# LLM_BASE_URL=https://api.deepseek.com\nLLM_MODEL=deepseek-chat\n", ""),
    ],
)
def test_a_base_url_in_the_same_settings_tells_who_serves(settings: str, by: str) -> None:
    assert [n.served_by for n in names(".env", settings)] == [by]


@pytest.mark.parametrize(
    ("key", "model", "by"),
    [
        ("GROQ_API_KEY", "llama-3.1-8b", "groq"),
        ("DEEPSEEK_API_KEY", "deepseek-chat", "deepseek"),
        ("DEEPSEEK_API_KEY", "gpt-4o", ""),
        ("OPENAI_API_KEY", "deepseek-chat", ""),
    ],
)
def test_the_only_key_of_a_file_tells_who_serves_what_that_service_has(key: str, model: str, by: str) -> None:
    code = CLIENT.format(base=f'api_key=os.environ["{key}"]', model=model, before="import os")
    assert [n.served_by for n in names("app.py", code)] == [by]


def test_a_base_url_with_another_prefix_says_nothing_of_a_closed_name() -> None:
    text = "DEEPSEEK_BASE_URL=https://api.deepseek.com\nOPENAI_MODEL=gpt-4o\n"
    assert served(".env", text) == [("gpt-4o", "openai", "")]


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("config.yaml", "model: acme/private-thing\n"),
        ("config.yaml", "dataset: nvidia/HelpSteer2\n"),
        ("compose.yaml", "services:\n  a:\n    image: nvidia/cuda:12.4.1-base\n"),
        ("run.sh", "hf download allenai/c4 --repo-type dataset\n"),
        ("run.sh", "hf download --repo-type=dataset allenai/c4\n"),
        (
            "app.py",
            'from huggingface_hub import snapshot_download\nsnapshot_download("allenai/c4", repo_type="dataset")\n',
        ),
        ("notes.md", "See /v1/models/gpt-4 and feature/phi-4-view.\n"),
    ],
)
def test_what_only_has_the_shape_of_a_name_is_none(path: str, text: str) -> None:
    assert names(path, text) == []


def test_the_same_call_without_a_kind_loads_a_model() -> None:
    code = """
from huggingface_hub import snapshot_download
snapshot_download("allenai/c4", repo_type="dataset")
snapshot_download("BAAI/bge-m3")
"""
    assert [n.reference.name for n in names("app.py", code)] == ["BAAI/bge-m3"]


@pytest.mark.parametrize(
    ("line", "model"),
    [
        ("vllm serve --port 80 --tensor-parallel-size 2 --max-model-len 9 --model Qwen/Qwen3-8B", "Qwen/Qwen3-8B"),
        ("vllm serve --model=Qwen/Qwen3-8B", "Qwen/Qwen3-8B"),
        ("server --host 0.0.0.0 --port 80 --threads 4 --model-id=Qwen/Qwen3-8B", "Qwen/Qwen3-8B"),
        ("server --model_id Qwen/Qwen3-8B", "Qwen/Qwen3-8B"),
        ("python -c \"from transformers import AutoModel; AutoModel.from_pretrained('BAAI/bge-m3')\"", "BAAI/bge-m3"),
        ("ollama run plantoffice/own-thing", "plantoffice/own-thing"),
    ],
)
def test_an_option_names_a_model_wherever_it_stands_in_the_line(line: str, model: str) -> None:
    assert [n.reference.name for n in names("run.sh", line)] == [model]


@pytest.mark.parametrize(
    ("path", "text", "model"),
    [
        ("weights/qwen2.5-7b-instruct-q4_k_m.gguf", "", "qwen2.5-7b-instruct"),
        ("weights/Qwen_Qwen3-8B-Q6_K.gguf", "", "qwen3-8b"),
    ],
)
def test_a_weight_file_behind_a_pointer_is_known_by_its_name(path: str, text: str, model: str) -> None:
    pointer = f"version https://git-lfs.github.com/spec/v1\noid sha256:{'a' * 64}\nsize 12\n"
    assert [n.reference.name for n in names(path, pointer)] == [model]


def test_a_word_and_a_number_count_only_where_a_model_is_expected() -> None:
    assert names("app.py", 'PLAN = "flux-2"\n') == []
    assert [n.reference.name for n in names("config.yaml", "image_model: flux-2\n")] == ["flux-2"]


def test_a_submodule_of_the_hub_is_a_reference_and_one_of_code_is_none() -> None:
    text = '[submodule "a"]\n\turl = https://huggingface.co/BAAI/bge-m3\n[submodule "b"]\n\turl = https://github.com/ggml-org/llama.cpp\n'
    assert [n.reference.name for n in names(".gitmodules", text)] == ["BAAI/bge-m3"]
