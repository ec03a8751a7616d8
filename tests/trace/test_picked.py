"""Settings that their own file, or the chart that they lie beside, leaves aside."""

from __future__ import annotations

import json
from pathlib import Path

from tests.trace.test_menus import roles

SERVICES = {
    "TextGeneratorType": "Hosted",
    "Services": {
        "Hosted": {"TextModel": "gpt-4o"},
        "Direct": {"TextModel": "gpt-3.5-turbo"},
        "Embedding": {"EmbeddingModel": "text-embedding-3-small"},
    },
}
CODE = {"Program.cs": 'class P { string M(Config c) => c["Services:Hosted:TextModel"]; }'}


def test_an_entry_beside_the_one_that_the_file_selects_is_optional(tmp_path: Path) -> None:
    found = roles(tmp_path, {**CODE, "appsettings.json": json.dumps(SERVICES)})
    assert found["openai:gpt-4o"] == {"configured"}
    assert found["openai:gpt-3.5-turbo"] == {"optional"}


def test_an_entry_for_another_purpose_than_the_one_selected_is_no_rival(tmp_path: Path) -> None:
    found = roles(tmp_path, {**CODE, "appsettings.json": json.dumps(SERVICES)})
    assert found["openai:text-embedding-3-small"] == {"configured"}


def test_without_a_selector_in_the_file_entries_are_parts(tmp_path: Path) -> None:
    entries = {"Services": SERVICES["Services"]}
    found = roles(tmp_path, {**CODE, "appsettings.json": json.dumps(entries)})
    assert found["openai:gpt-3.5-turbo"] == {"configured"}


def test_values_laid_over_a_charts_own_are_optional(tmp_path: Path) -> None:
    chart = {
        "chart/values.yaml": "vllm:\n  modelId: Qwen/Qwen3-8B\n",
        "chart/gpu-values.yaml": "vllm:\n  modelId: meta-llama/Llama-3.1-8B-Instruct\n",
        "deploy/gpu-values.yaml": "vllm:\n  modelId: mistralai/Mistral-7B-Instruct-v0.3\n",
    }
    found = roles(tmp_path, chart)
    assert found["Qwen/Qwen3-8B"] == {"configured"}
    assert found["meta-llama/Llama-3.1-8B-Instruct"] == {"optional"}
    assert found["mistralai/Mistral-7B-Instruct-v0.3"] == {"configured"}  # no chart of this repository lies beside it
