"""The wheel, built here: it carries the rules, the lineage data and the schemas, and works away from the source."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zipfile
from configparser import ConfigParser
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("dist")
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", os.fspath(folder)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with what the wheel installs, and nothing of the source."""
    folder = tmp_path_factory.mktemp("site")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder)
    return folder


def test_the_wheel_carries_every_rule_and_the_lineage_data(installed: Path) -> None:
    assert contents(installed / "auditor" / "_rules") == contents(ROOT / "rules")


def test_the_wheel_carries_the_schemas_the_types_and_the_licence(installed: Path) -> None:
    schemas = "auditor/render/schema"
    assert contents(installed / schemas, ".json") == contents(ROOT / schemas, ".json")
    assert len(contents(installed / schemas, ".json")) == 3
    assert (installed / "auditor" / "py.typed").exists()
    assert [path.name for path in installed.glob("*.dist-info/licenses/*")] == ["LICENSE"]


def test_the_wheel_carries_the_templates_of_its_pages(installed: Path) -> None:
    templates = "auditor/render/templates"
    assert contents(installed / templates) == contents(ROOT / templates)
    assert {"report.html", "report.css", "report.js"} <= contents(installed / templates).keys()


def test_the_wheel_installs_one_package_and_one_command(installed: Path) -> None:
    assert {path.name for path in installed.iterdir() if not path.name.endswith(".dist-info")} == {"auditor"}
    (entry_points,) = installed.glob("*.dist-info/entry_points.txt")
    parser = ConfigParser()
    parser.read(entry_points)
    assert dict(parser["console_scripts"]) == {"auditor": "auditor.__main__:main"}


def test_what_is_installed_explains_and_scans_from_any_folder(installed: Path, tmp_path: Path) -> None:
    assert "YES" in run(installed, tmp_path, "explain", "Qwen/Qwen3-8B")
    target = tmp_path / "bot"
    target.mkdir()
    (target / "bot.py").write_text(
        'from transformers import pipeline\n\nchat = pipeline("text-generation", model="Qwen/Qwen3-8B")\n', "utf-8"
    )
    report = json.loads(run(installed, tmp_path, "scan", "bot", "--format", "json"))
    assert report["products"][0]["runs"] == ["Qwen/Qwen3-8B"]


def run(installed: Path, folder: Path, *arguments: str) -> str:
    """What the installed program prints; -P and the path make sure that it is the installed one."""
    check = f"import auditor, sys; assert auditor.__file__.startswith({os.fspath(installed)!r}), auditor.__file__; "
    code = check + "from auditor.__main__ import main; main()"
    result = subprocess.run(
        [sys.executable, "-P", "-c", code, *arguments],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": os.fspath(installed)},
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    return result.stdout


def contents(folder: Path, ending: str = "") -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob(f"*{ending}")
        if path.is_file() and "__pycache__" not in path.parts
    }
