"""Weights that only a path or an address names: they count where something loads them, and not where the target writes them."""

from __future__ import annotations

from pathlib import Path

import pytest

from auditor.audit import audit
from auditor.config import Options
from auditor.detect.own_weights import own_weights
from auditor.domain.source import Target


def runs(folder: Path, **files: str) -> set[str]:
    for name, text in files.items():
        (folder / f"{name}.py").write_text(text)
    report = audit(Target(str(folder)), Options(cache=False))
    return {f.id for f in report.findings if any(o.usage == "runs" for o in f.occurrences)}


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("./weights/segment.onnx", "weights/segment.onnx"),
        ("{}/assets/segment.onnx", "assets/segment.onnx"),
        ("s3://layout/2025_02_18", "s3://layout/2025_02_18"),
        ("https://example.com/v1/sinet.onnx?download=1", "sinet"),
        ("https://example.com/v1/model.onnx", "https://example.com/v1/model.onnx"),
        ("pretrained_models/hubert-base", "pretrained_models/hubert-base"),
        ("config/settings.yaml", None),
        ("{}.pth", None),
        ("./out", None),
        ("https://example.com/v1", None),
    ],
)
def test_a_path_or_an_address_tells_weights_by_its_shape(text: str, name: str | None) -> None:
    assert own_weights(text) == name


def test_a_weight_file_that_is_loaded_runs(tmp_path: Path) -> None:
    code = 'import os, torch\nPATH = os.path.join(HERE, "assets", "segment.pth")\nnet = torch.load(PATH)\n'
    assert runs(tmp_path, app=code) == {"file:segment.pth"}


def test_a_weight_file_that_nothing_loads_is_no_reference(tmp_path: Path) -> None:
    assert runs(tmp_path, app='FILES = ["assets/segment.pth"]\nfor f in FILES:\n    upload(f)\n') == set()


def test_weights_that_the_target_writes_itself_are_nobodys_model(tmp_path: Path) -> None:
    train = 'import torch\nBEST = "segment.pth"\ntorch.save(net.state_dict(), BEST)\n'
    assert runs(tmp_path, train=train, app='import torch\nnet = torch.load("runs/segment.pth")\n') == set()


DIGEST = "435061a1b5a4c1e26740464bf786efdfa9cb3a3ac488595a2de23e143fdb0117"


def test_a_version_that_is_handed_to_a_service_is_a_model_that_runs(tmp_path: Path) -> None:
    code = f'import replicate\nV = "{DIGEST}"\nreplicate.predictions.create(version=V, input={{}})\n'
    assert runs(tmp_path, app=code) == {f"api:{DIGEST}"}


def test_any_other_digest_is_no_reference(tmp_path: Path) -> None:
    assert runs(tmp_path, app=f'CHECKSUM = "{DIGEST}"\nverify(path, CHECKSUM)\n') == set()


@pytest.mark.parametrize(
    "code",
    [
        'def load(model_dir):\n    return torch.load(os.path.join(model_dir, "flow.pt"))\n',
        'def load(model_dir):\n    return torch.load(Path(model_dir) / "flow.pt")\n',
        'folder = snapshot_download("org/speech")\nnet = torch.load(os.path.join(folder, "flow.pt"))\n',
        'net = torch.load(os.path.join(os.environ.get("MODELS"), "flow.pt"))\n',
    ],
)
def test_a_weight_file_in_a_folder_that_is_given_is_a_part_of_what_lies_there(tmp_path: Path, code: str) -> None:
    assert "file:flow.pt" not in runs(tmp_path, app=f"import os, torch\nfrom pathlib import Path\n{code}")


@pytest.mark.parametrize(
    "code",
    [
        'net = torch.load(Path(__file__).parent / "flow.pt")\n',
        'here = os.path.dirname(os.path.abspath(__file__))\nnet = torch.load(os.path.join(here, "flow.pt"))\n',
        'net = torch.load(os.path.join(get_assets_path(), "flow.pt"))\n',
        'MODELS = Path.home() / ".acme"\nnet = torch.load(MODELS / "flow.pt")\n',
    ],
)
def test_a_weight_file_in_a_folder_of_the_programs_own_runs(tmp_path: Path, code: str) -> None:
    assert runs(tmp_path, app=f"import os, torch\nfrom pathlib import Path\n{code}") == {"file:flow.pt"}


def test_a_model_that_is_known_by_the_name_of_its_file_runs_from_any_folder(tmp_path: Path) -> None:
    code = 'from llama_cpp import Llama\n\ndef load(folder):\n    return Llama(model_path=str(folder / "qwen2.5-7b-instruct-q4_k_m.gguf"))\n'
    assert runs(tmp_path, app=code) == {"Qwen/Qwen2.5-7B-Instruct"}


def test_weights_that_the_target_writes_into_a_folder_that_is_given_are_nobodys_model(tmp_path: Path) -> None:
    export = 'import os, torch\n\ndef export(out):\n    torch.save(net, os.path.join(out, "flow.pt"))\n'
    assert runs(tmp_path, export=export, app='import torch\nnet = torch.load("onnx/flow.pt")\n') == set()


def test_what_an_exporter_is_tried_with_is_not_what_runs(tmp_path: Path) -> None:
    code = 'import torch\n\nif __name__ == "__main__":\n    export(torch.load("logs/nahida_e25.ckpt"))\n'
    assert runs(tmp_path, onnx_export=code) == set()
    assert runs(tmp_path, app=code) == {"file:logs/nahida_e25.ckpt"}
