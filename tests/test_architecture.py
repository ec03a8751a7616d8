"""What holds for the source as a whole. The import contracts stand in pyproject.toml and are checked by `make lint`."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from functools import cache
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parent.parent
MODULES = sorted(path.relative_to(ROOT).as_posix() for path in (ROOT / "auditor").rglob("*.py"))
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]

# Publishers and families whose names are also words, or are formats and registries that the code reads.
ALSO_A_WORD = {
    "command": "of a shell",
    "composer": "the package manager of PHP",
    "dots": "of a dotted name",
    "github": "a host of git repositories, and the folder of its settings",
    "huggingface": "a registry (Scheme) and the client of it",
    "kt": "the file ending of Kotlin",
    "line": "of a file",
    "meta": "import.meta of JavaScript",
    "mlc": "the ending of a conversion's name",
    "modelscope": "a registry (Scheme)",
    "ollama": "a registry (Scheme)",
    "opt": "the folder /opt",
    "step": "of a workflow",
    "together": "an adverb",
    "unsloth": "the ending of a conversion's name",
}


@pytest.mark.parametrize("path", MODULES)
def test_a_module_is_one_idea_of_at_most_300_lines(path: str) -> None:
    assert len((ROOT / path).read_text("utf-8").splitlines()) <= 300


@pytest.mark.parametrize("path", MODULES)
def test_no_vendor_and_no_model_is_named_in_code(path: str) -> None:
    found = {
        (line, name)
        for line, text in strings(ast.parse((ROOT / path).read_text("utf-8")))
        for name in named().findall(text.lower())
    }
    assert found == set()


@pytest.mark.parametrize("arguments", [["--help"], ["scan", "--help"]], ids=" ".join)
def test_the_readme_shows_the_help_that_the_program_gives(arguments: list[str]) -> None:
    shown = subprocess.run(
        [sys.executable, "-m", "auditor", *arguments],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "COLUMNS": "80"},
    ).stdout
    command = " ".join(["auditor", *arguments])
    assert f"```console\n$ {command}\n{shown.rstrip()}\n```" in (ROOT / "README.md").read_text("utf-8")


def test_the_readme_shows_a_report_that_the_program_gives() -> None:
    readme = (ROOT / "README.md").read_text("utf-8")
    command, _, shown = readme.partition("```console\n$ auditor scan examples/")[2].partition("```")[0].partition("\n")
    printed = subprocess.run(
        [sys.executable, "-m", "auditor", "scan", "--quiet", f"examples/{command}"],
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
        env={**os.environ, "COLUMNS": "100"},
    ).stdout.splitlines()
    assert len(shown.splitlines()) >= 8
    assert [line for line in shown.splitlines() if line not in printed] == []


def test_what_is_imported_is_declared_and_what_is_declared_is_imported() -> None:
    by_module = packages_distributions()
    used = {
        canonicalize_name(by_module[name][0])
        for path in MODULES
        for name in imported(ast.parse((ROOT / path).read_text("utf-8")))
        if name not in sys.stdlib_module_names and name != "auditor"
    }
    declared = [*PROJECT["dependencies"], *PROJECT["optional-dependencies"]["portfolio"]]
    assert used == {canonicalize_name(Requirement(given).name) for given in declared}


@pytest.mark.parametrize("document", ["README.md", "CONTRIBUTING.md", "CHANGELOG.md", "SECURITY.md"])
def test_a_document_links_only_to_files_that_are_there(document: str) -> None:
    targets = re.findall(r"\]\((?!https?:|#)([^)#]+)", (ROOT / document).read_text("utf-8"))
    assert [target for target in targets if not (ROOT / target).exists()] == []


@cache
def named() -> re.Pattern[str]:
    """Every id, name and organisation of a publisher and every family's name, as a whole word in lower case."""
    publishers = tomllib.loads((ROOT / "rules" / "publishers.toml").read_text("utf-8"))["publisher"]
    families = tomllib.loads((ROOT / "rules" / "families.toml").read_text("utf-8"))["family"]
    names = {family["name"] for family in families}
    for publisher in publishers:
        names |= {publisher["id"], publisher["name"], *publisher.get("hub", ())}
    words = sorted({name.lower() for name in names if len(name) > 1} - ALSO_A_WORD.keys(), key=len, reverse=True)
    return re.compile(rf"(?<![a-z0-9])(?:{'|'.join(map(re.escape, words))})(?![a-z0-9])")


def strings(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Every string with its line, but for documentation."""
    documented = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in documented:
            yield node.lineno, node.value


def imported(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module.partition(".")[0]
