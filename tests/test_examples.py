"""Every example repository through the command line: what must be found, and what must not be.

An expectation says what is right. Where the program does not get there yet, `wrong-now` says why, and the test fails as
soon as it does.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

EXAMPLES = Path(__file__).parent.parent / "examples"
NAMES = sorted(file.parent.name for file in EXAMPLES.glob("*/expected.toml"))
EXPECTED = {name: tomllib.loads((EXAMPLES / name / "expected.toml").read_text("utf-8")) for name in NAMES}


def repository(name: str) -> Path:
    (folder,) = (child for child in (EXAMPLES / name).iterdir() if child.is_dir())
    return folder


def scan(name: str, *options: str) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-m", "auditor", "scan", *options, os.fspath(repository(name))]
    return subprocess.run(command, capture_output=True, check=False, timeout=120, cwd=EXAMPLES)


@cache
def first(name: str) -> subprocess.CompletedProcess[bytes]:
    return scan(name, "--format", "json")


def report(name: str) -> Any:
    return json.loads(first(name).stdout)


def expectations(kind: str) -> Iterator[Any]:
    for name in NAMES:
        for entry in EXPECTED[name].get(kind, ()):
            yield _param(name, entry, entry.get("wrong-now"), f"{name}-{entry.get('model', entry.get('text'))}")


def products() -> Iterator[Any]:
    for name in NAMES:
        for entry in EXPECTED[name]["product"]:
            for key in ("verdict", "runs", "selectable", "trains"):
                if key in entry:
                    wrong = entry.get("wrong-now", {}).get(key)
                    yield _param(name, (entry["path"], key, entry[key]), wrong, f"{name}-{entry['path']}-{key}")


def _param(name: str, entry: Any, wrong: str | None, test_id: str) -> Any:
    return pytest.param(name, entry, id=test_id, marks=[pytest.mark.xfail(reason=wrong, strict=True)] if wrong else [])


@pytest.mark.parametrize("name", NAMES)
def test_an_example_ends_with_its_exit_code_and_a_valid_report(name: str) -> None:
    result = first(name)
    assert (result.returncode, result.stderr) == (EXPECTED[name]["exit-code"], b"")
    schema = json.loads(files("auditor.render").joinpath("schema", "report-v1.schema.json").read_text("utf-8"))
    Draft202012Validator(schema).validate(json.loads(result.stdout))


@pytest.mark.parametrize("name", NAMES)
def test_an_example_has_its_verdict_its_products_and_its_gaps(name: str) -> None:
    expected, found = EXPECTED[name], report(name)
    assert found["summary"]["verdict"] == expected["verdict"]
    assert [p["path"] for p in found["products"]] == [p["path"] for p in expected["product"]]
    gaps = sorted((gap["path"], gap["code"]) for gap in found["gaps"])
    assert gaps == sorted((gap["path"], gap["code"]) for gap in expected["gaps"])
    assert [s["id"] for s in found["stacks"]] == expected.get("stacks", [])
    if "models" in expected:
        assert [m["id"] for m in found["models"]] == expected["models"]


@pytest.mark.parametrize(("name", "expected"), list(products()))
def test_a_product_runs_and_offers_these_models_and_no_others(name: str, expected: tuple[str, str, Any]) -> None:
    path, key, value = expected
    (product,) = (p for p in report(name)["products"] if p["path"] == path)
    assert product[key] == value


@pytest.mark.parametrize(("name", "expected"), list(expectations("finds")))
def test_a_reference_is_found_in_its_place_and_role(name: str, expected: dict[str, Any]) -> None:
    model: dict[str, Any] = next((m for m in report(name)["models"] if m["id"] == expected["model"]), {})
    places = [(o["path"], o["line"], o["role"]) for o in model.get("occurrences", ())]
    assert (expected["path"], expected["line"], expected["role"]) in places
    place = model["occurrences"][places.index((expected["path"], expected["line"], expected["role"]))]
    told = {
        "verdict": model["origin"]["verdict"],
        "roots": [root["id"] for root in model["origin"]["roots"]],
        "publisher-countries": model["publisher"]["countries"] if model["publisher"] else [],
        "modality": model["modality"],
        "weights": model["weights"],
        "confidence": place["confidence"],
        "served-by": place["served_by"],
    }
    asked = expected.keys() & told.keys()
    assert {key: told[key] for key in asked} == {key: expected[key] for key in asked}


@pytest.mark.parametrize(("name", "expected"), list(expectations("silences")))
def test_what_must_stay_silent_runs_nowhere(name: str, expected: dict[str, Any]) -> None:
    for model in report(name)["models"]:
        written = [model["id"], *(o["as_written"] for o in model["occurrences"] if o["usage"] == "runs")]
        if model["usage"] == "runs":
            assert not [text for text in written if expected["text"].lower() in text.lower()]


@pytest.mark.parametrize("name", NAMES)
def test_two_runs_give_the_same_bytes(name: str) -> None:
    assert scan(name, "--format", "json", "--no-cache").stdout == first(name).stdout


def test_nothing_of_a_hostile_repository_is_run_or_reaches_the_terminal() -> None:
    result = scan("hostile", "--strict")
    assert result.returncode == EXPECTED["hostile"]["strict-exit-code"]
    assert b"\x1b" not in result.stdout + result.stderr + first("hostile").stdout
    assert [name for name in EXPECTED["hostile"]["absent"] if list(EXAMPLES.rglob(name))] == []


@pytest.mark.parametrize("name", NAMES)
def test_an_expectation_uses_no_key_that_is_not_checked(name: str) -> None:
    known = {
        "exit-code",
        "strict-exit-code",
        "verdict",
        "gaps",
        "stacks",
        "models",
        "absent",
        "product",
        "finds",
        "silences",
    }
    of_a_find = {"model", "role", "path", "line", "why", "wrong-now", "verdict", "roots", "publisher-countries"}
    of_a_find |= {"modality", "weights", "confidence", "served-by"}
    of_a_product = {"path", "verdict", "runs", "selectable", "trains", "wrong-now"}
    expected = EXPECTED[name]
    assert expected.keys() <= known
    assert all(find.keys() <= of_a_find for find in expected.get("finds", ()))
    assert all(product.keys() <= of_a_product for product in expected["product"])
    assert all(silence.keys() == {"text", "why"} for silence in expected.get("silences", ()))
