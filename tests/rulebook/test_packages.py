"""What packages load by themselves: the versions on both sides of every change, and calls that no import can confuse."""

from __future__ import annotations

import re
from fnmatch import fnmatchcase, translate

import pytest

from auditor.detect.package_names import normalise
from auditor.rulebook.load import load, shipped
from auditor.rulebook.types import PackageRule, StackRule
from auditor.rulebook.versions import matches, overlaps

RULES = load(shipped(), cache=False)
VERSION = re.compile(r"v?\d[\w.+-]*", re.ASCII)


def named(rule: PackageRule | StackRule) -> str:
    return rule.origin.id


def loads(rule: PackageRule, version: str) -> set[str]:
    return {d.model for d in rule.defaults if matches(rule.ecosystem, version, d.since, d.until)}


def package(name: str, ecosystem: str = "pypi") -> PackageRule:
    return next(rule for rule in RULES.packages if (rule.ecosystem, rule.name) == (ecosystem, name))


def touched_by(rule: StackRule, text: str) -> bool:
    return text in rule.packages or any(fnmatchcase(text, glob) for glob in (*rule.imports, *rule.images))


@pytest.mark.parametrize("rule", RULES.packages, ids=named)
def test_a_version_loads_what_the_rule_says(rule: PackageRule) -> None:
    versions = [hit for hit in rule.origin.hit if VERSION.fullmatch(hit.text)]
    assert versions
    for hit in versions:
        assert loads(rule, hit.text) == set(hit.finds), hit.text


@pytest.mark.parametrize("rule", RULES.packages, ids=named)
def test_a_version_outside_loads_nothing(rule: PackageRule) -> None:
    for miss in rule.origin.miss:
        assert miss.because
        if VERSION.fullmatch(miss.text):
            assert loads(rule, miss.text) == set(), miss.text


@pytest.mark.parametrize("rule", RULES.packages, ids=named)
def test_a_default_has_something_that_triggers_it(rule: PackageRule) -> None:
    for default in rule.defaults:
        assert default.calls or default.always, default.model
        assert not (default.always and default.calls), default.model


@pytest.mark.parametrize("rule", RULES.packages, ids=named)
def test_a_rule_is_found_under_the_name_that_manifests_give(rule: PackageRule) -> None:
    assert rule.name == normalise(rule.ecosystem, rule.name)


def test_each_package_has_one_rule() -> None:
    names = [(rule.ecosystem, rule.name) for rule in RULES.packages]
    assert len(names) == len(set(names))


@pytest.mark.parametrize(
    ("name", "version", "model", "loaded"),
    [
        ("haystack-ai", "2.21.0", "HuggingFaceH4/zephyr-7b-beta", True),
        ("haystack-ai", "2.22.0", "HuggingFaceH4/zephyr-7b-beta", False),
        ("haystack-ai", "2.22.0", "Qwen/Qwen3-0.6B", True),
        ("haystack-ai", "3.4.1", "Qwen/Qwen3-0.6B", False),
        ("transformers", "5.2.0", "openai-community/gpt2", True),
        ("transformers", "5.3.0", "HuggingFaceTB/SmolLM3-3B", True),
        ("transformers", "5.2.0", "Qwen/Qwen3-VL-2B-Instruct", False),
        ("rapidocr", "3.8.4", "PaddlePaddle/PP-OCRv4_mobile_det", True),
        ("rapidocr", "3.9.0", "PaddlePaddle/PP-OCRv6_small_det", True),
        ("paddleocr", "3.6.0", "PaddlePaddle/PP-OCRv5_server_rec", True),
        ("rembg", "2.0.79", "u2net", True),
        ("rembg", "2.0.80", "briaai/RMBG-2.0", True),
        ("docling", "2.55.1", "PaddlePaddle/PP-OCRv4_mobile_det", False),
        ("docling", "2.56.0", "PaddlePaddle/PP-OCRv4_mobile_det", True),
        ("qdrant-client", "1.20.0", "BAAI/bge-small-en", False),
        ("mem0ai", "2.0.11", "mistralai/Mixtral-8x7B-Instruct-v0.1", True),
        ("mem0ai", "2.0.12", "MiniMaxAI/MiniMax-M3", True),
    ],
)
def test_an_upgrade_changes_whose_weights_run(name: str, version: str, model: str, loaded: bool) -> None:
    assert (model in loads(package(name), version)) is loaded


def test_a_range_over_a_change_allows_both_defaults() -> None:
    rule = package("rembg")
    spanned = {d.model for d in rule.defaults if overlaps("pypi", ">=2.0.50", d.since, d.until)}
    assert spanned == {"u2net", "briaai/RMBG-2.0"}


@pytest.mark.parametrize(
    ("name", "callee", "model"),
    [
        ("fastembed", "fastembed.TextEmbedding", "BAAI/bge-small-en-v1.5"),
        ("langchain-community", "langchain_community.embeddings.HuggingFaceBgeEmbeddings", "BAAI/bge-large-en"),
        (
            "llama-index-embeddings-huggingface",
            "llama_index.embeddings.huggingface.HuggingFaceEmbedding",
            "BAAI/bge-small-en",
        ),
        ("chromadb", "chromadb.PersistentClient.create_collection", "sentence-transformers/all-MiniLM-L6-v2"),
        ("insightface", "insightface.app.FaceAnalysis", "buffalo_l"),
        ("qdrant-client", "qdrant_client.QdrantClient.add", "BAAI/bge-small-en"),
        ("kokoro", "kokoro.KPipeline", "hexgrad/Kokoro-82M"),
    ],
)
def test_a_call_that_names_no_model_is_recognised(name: str, callee: str, model: str) -> None:
    assert model in called(name, callee)


@pytest.mark.parametrize(
    ("name", "callee"),
    [
        ("fastembed", "fastembed.SparseTextEmbedding"),
        ("fastembed", "fastembed.LateInteractionTextEmbedding"),
        ("langchain-community", "langchain_openai.OpenAIEmbeddings"),
        ("chromadb", "acme.Client.create_collection"),
        ("qdrant-client", "set.add"),
        ("transformers", "sklearn.pipeline.make_pipeline"),
        ("keybert", "keybert.KeyLLM"),
    ],
)
def test_a_call_of_something_else_is_left_alone(name: str, callee: str) -> None:
    assert called(name, callee) == set()


def called(name: str, callee: str) -> set[str]:
    defaults = package(name).defaults
    return {d.model for d in defaults if any(re.match(translate(glob), callee) for glob in d.calls)}


@pytest.mark.parametrize("rule", RULES.stacks, ids=named)
def test_a_stack_is_told_by_its_packages_imports_and_images(rule: StackRule) -> None:
    for hit in rule.origin.hit:
        assert touched_by(rule, hit.text), hit.text
    for miss in rule.origin.miss:
        assert not touched_by(rule, miss.text), miss.text


@pytest.mark.parametrize("rule", RULES.packages, ids=named)
def test_a_call_is_told_by_the_package_that_it_comes_from(rule: PackageRule) -> None:
    roots = {glob.partition(".")[0] for default in rule.defaults for glob in default.calls}
    assert not any("*" in root.partition("/")[0] for root in roots)


def test_one_transformers_is_not_the_other() -> None:
    globs = [glob for default in package("@xenova/transformers", "npm").defaults for glob in default.calls]
    assert not any(re.match(translate(glob), "@huggingface/transformers.pipeline") for glob in globs)
