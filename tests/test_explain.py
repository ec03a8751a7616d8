"""Who made these weights, asked of the whole program: by any name, and by a file of weights."""

from __future__ import annotations

import struct
from pathlib import Path

import pytest

from auditor.audit import explain
from auditor.config import Options


def asked(name: str) -> str:
    (explained,) = explain([name], Options())
    assert explained.finding is not None
    return explained.finding.id


def weights(path: Path, base: str, name: str = "") -> str:
    """A GGUF file whose header names its base, and itself where told."""

    def text(value: str) -> bytes:
        return struct.pack("<Q", len(value)) + value.encode()

    pairs = {"general.architecture": "llama", "general.base_model.0.repo_url": f"https://huggingface.co/{base}"}
    pairs |= {"general.name": name} if name else {}
    header = b"".join(text(key) + struct.pack("<I", 8) + text(value) for key, value in pairs.items())
    path.write_bytes(b"GGUF" + struct.pack("<IQQ", 3, 0, len(pairs)) + header + bytes(4096))
    return str(path)


@pytest.mark.parametrize(
    "name",
    ["Qwen/Qwen3-8B", "qwen/qwen3-8b", "https://huggingface.co/Qwen/Qwen3-8B", "qwen3:8b", "Qwen3-8B-Q4_K_M.gguf"],
)
def test_one_model_by_its_names(name: str) -> None:
    assert asked(name) == "Qwen/Qwen3-8B"


def test_a_file_of_weights_is_what_its_header_says_and_not_what_it_is_called(tmp_path: Path) -> None:
    assert asked(weights(tmp_path / "llama-3-8b.gguf", "Qwen/Qwen3-8B")) == "Qwen/Qwen3-8B"


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("DeepSeek R1 Distill Llama 8B", "deepseek-ai/DeepSeek-R1-Distill-Llama-8B"),
        ("My Llama 3.1 8B", "meta-llama/Llama-3.1-8B"),
        ("Export", "meta-llama/Llama-3.1-8B"),
    ],
    ids=["a known model", "a family's name", "a name that nobody knows"],
)
def test_a_file_that_names_a_known_model_is_that_and_not_only_its_base(name: str, meant: str, tmp_path: Path) -> None:
    assert asked(weights(tmp_path / "model.gguf", "meta-llama/Llama-3.1-8B", name)) == meant


def test_any_other_file_is_a_name_like_any_other(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("Qwen/Qwen3-8B")
    assert asked(str(tmp_path / "notes.txt")) != "Qwen/Qwen3-8B"
