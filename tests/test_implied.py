"""What dependencies load by themselves, through a whole audit: the lock names the model, and an older version another.

No line of these repositories names a model.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from auditor.audit import audit
from auditor.config import Options
from auditor.domain.report import Report
from auditor.domain.source import Target

CALLS = {
    "fastembed": "from fastembed.embedding import DefaultEmbedding\nDefaultEmbedding()\n",
    "rembg": "from rembg import new_session\nnew_session()\n",
    "smolagents": "from smolagents import InferenceClientModel\nInferenceClientModel()\n",
    "haystack-ai": "from haystack.components.generators import HuggingFaceLocalGenerator\nHuggingFaceLocalGenerator()\n",
    "chonkie": "from chonkie import SemanticChunker\nSemanticChunker()\n",
    "python-doctr": "from doctr.models import ocr_predictor\nocr_predictor(pretrained=True)\n",
    "ultralytics": "from ultralytics import YOLO\nYOLO()\n",
}


def lock(name: str, version: str, *more: tuple[str, str]) -> str:
    """A uv.lock of a product that asks for the first of the packages; each brings the next one in."""
    chain = [("product", "1.0.0"), (name, version), *more]
    text = "version = 1\n"
    for (package, exact), behind in zip(chain, [*chain[1:], None], strict=True):
        asks = f'dependencies = [{{ name = "{behind[0]}" }}]\n' if behind else ""
        source = 'source = { virtual = "." }\n' if package == "product" else ""
        text += f'\n[[package]]\nname = "{package}"\nversion = "{exact}"\n{source}{asks}'
    return text


def scanned(folder: Path, files: dict[str, str]) -> Report:
    for path, text in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text)
    return audit(Target(str(folder)), Options(cache=False))


def runs(report: Report) -> set[str]:
    return {finding.id for finding in report.findings if any(o.usage == "runs" for o in finding.occurrences)}


@pytest.mark.parametrize(
    ("package", "version", "model", "older", "before"),
    [
        ("docling", "2.143.0", "PaddlePaddle/PP-OCRv6_small_det", "2.56.0", "PaddlePaddle/PP-OCRv4_mobile_det"),
        ("marker-pdf", "2.0.0", "datalab-to/surya-ocr-2", "1.0.0", "vikp/texify"),
        ("mineru", "3.2.0", "opendatalab/MinerU2.5-Pro-2605-1.2B", "2.5.2", "opendatalab/MinerU2.5-2509-1.2B"),
        ("paddleocr", "3.7.0", "PaddlePaddle/PP-OCRv6_medium_det", "3.0.1", "PaddlePaddle/PP-OCRv5_server_det"),
        ("rapidocr", "3.9.0", "PaddlePaddle/PP-OCRv6_small_rec", "3.8.4", "PaddlePaddle/PP-OCRv4_mobile_rec"),
        (
            "rapidocr-onnxruntime",
            "1.4.4",
            "PaddlePaddle/PP-OCRv4_mobile_rec",
            "1.2.3",
            "PaddlePaddle/PP-OCRv3_mobile_rec",
        ),
        ("surya-ocr", "0.20.0", "datalab-to/surya-ocr-2", "0.17.0", "surya-text-recognition-2025_09_23"),
        ("magika", "0.6.3", "magika-standard_v3_3", "0.5.1", "magika-standard_v1"),
        (
            "rapidocr-openvino",
            "1.4.4",
            "PaddlePaddle/PP-OCRv4_mobile_rec",
            "1.2.3",
            "PaddlePaddle/PP-OCRv3_mobile_rec",
        ),
        ("rapid-table", "1.0.3", "PaddlePaddle/SLANet_plus", "0.1.3", "PaddlePaddle/SLANet"),
        ("fastembed", "0.0.5", "BAAI/bge-small-en", "0.0.2", "BAAI/bge-base-en"),
        ("rembg", "2.0.80", "briaai/RMBG-2.0", "2.0.79", "u2net"),
        ("haystack-ai", "2.25.0", "Qwen/Qwen3-0.6B", "2.24.0", "google/flan-t5-base"),
        ("smolagents", "1.23.0", "Qwen/Qwen3-Next-80B-A3B-Thinking", "1.22.0", "Qwen/Qwen2.5-Coder-32B-Instruct"),
        ("chonkie", "1.4.1", "minishlab/potion-base-32M", "1.0.0", "minishlab/potion-base-8M"),
    ],
)
def test_the_lock_names_the_model_and_an_older_version_the_older_default(
    tmp_path: Path, package: str, version: str, model: str, older: str, before: str
) -> None:
    code = {"app.py": CALLS[package]} if package in CALLS else {}
    now, then = tmp_path / "now", tmp_path / "then"
    for folder in (now, then):
        folder.mkdir()
    newer = {name.rpartition(":")[2] for name in runs(scanned(now, {**code, "uv.lock": lock(package, version)}))}
    elder = {name.rpartition(":")[2] for name in runs(scanned(then, {**code, "uv.lock": lock(package, older)}))}
    assert model in newer
    assert before not in newer
    assert before in elder
    assert model not in elder


def test_of_a_range_the_newest_version_is_what_an_install_brings(tmp_path: Path) -> None:
    code = "from docling.document_converter import DocumentConverter\nDocumentConverter()\n"
    open_ = runs(scanned(tmp_path / "open", {"requirements.txt": "docling>=2.0.0\n", "app.py": code}))
    old = runs(scanned(tmp_path / "old", {"requirements.txt": "docling>=2.0.0,<2.40\n", "app.py": code}))
    assert "ds4sd/docling-models" in old
    assert "ds4sd/docling-models" not in open_
    assert open_


def test_each_part_of_a_repository_has_the_default_of_the_version_that_it_locks(tmp_path: Path) -> None:
    report = scanned(
        tmp_path, {"old/requirements.txt": "rapidocr==3.8.4\n", "new/requirements.txt": "rapidocr==3.9.0\n"}
    )
    places = {(f.id.rpartition("/")[2], o.path) for f in report.findings for o in f.occurrences}
    assert ("PP-OCRv4_mobile_rec", "old/requirements.txt") in places
    assert ("PP-OCRv6_small_rec", "new/requirements.txt") in places
    assert ("PP-OCRv6_small_rec", "old/requirements.txt") not in places


def test_a_package_that_only_code_to_be_chosen_first_brings_in_is_optional(tmp_path: Path) -> None:
    engines = {f"app/engines/{name}.py": f"import {name}\n" for name in ("docling", "easyocr", "openai", "ollama")}
    project = {"requirements.txt": "docling==2.60.0\n", **engines}
    assert runs(scanned(tmp_path / "chosen", project)) == set()
    assert runs(scanned(tmp_path / "used", {**project, "app/main.py": "import docling\n"})) != set()


def test_the_way_by_which_a_package_comes_is_told(tmp_path: Path) -> None:
    files = {"uv.lock": lock("letter-reader", "1.0.0", ("docling", "2.56.0"), ("rapidocr", "3.8.4"))}
    report = scanned(tmp_path, files)
    why = [o.why for f in report.findings for o in f.occurrences if o.rule == "pypi-rapidocr"]
    assert why
    assert all("docling" in reason and "letter-reader" in reason for reason in why)


def test_a_development_dependency_runs_nothing(tmp_path: Path) -> None:
    assert not runs(scanned(tmp_path, {"requirements-dev.txt": "rapidocr==3.9.0\n"}))


def test_a_package_that_nobody_asks_for_loads_nothing(tmp_path: Path) -> None:
    assert not scanned(tmp_path, {"uv.lock": lock("requests", "2.32.0")}).findings


CHROMA = 'import chromadb\nitems = chromadb.PersistentClient("x").get_or_create_collection("a")\n'


def test_a_collection_that_is_given_texts_embeds_them_by_its_default(tmp_path: Path) -> None:
    files = {"app.py": CHROMA + 'items.add(ids=["1"], documents=["x"])\n', "requirements.txt": "chromadb==1.5.9\n"}
    assert runs(scanned(tmp_path, files)) == {"sentence-transformers/all-MiniLM-L6-v2"}


def test_a_collection_that_is_given_vectors_embeds_nothing(tmp_path: Path) -> None:
    files = {
        "app.py": CHROMA + 'items.add(ids=["1"], documents=["x"], embeddings=embed(["x"]))\n',
        "requirements.txt": "chromadb==1.5.9\n",
    }
    assert runs(scanned(tmp_path, files)) == set()


@pytest.mark.parametrize(
    ("manifest", "text"),
    [
        ("pyproject.toml", '[project]\nname = "RapidOCR"\ndependencies = ["rapidocr==3.9.0"]\n'),
        ("setup.py", 'from setuptools import setup\nsetup(name="rapidocr", install_requires=["rapidocr==3.9.0"])\n'),
    ],
)
def test_the_repository_of_a_package_does_not_depend_on_itself(tmp_path: Path, manifest: str, text: str) -> None:
    assert runs(scanned(tmp_path, {manifest: text})) == set()
