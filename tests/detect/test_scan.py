"""Which parser reads what."""

from __future__ import annotations

import pytest

from auditor.detect.scan import parsers_of, scan
from tests.detect.sources import source
from tests.detect.test_prefilter import matcher


@pytest.mark.parametrize(
    ("path", "names"),
    [
        ("a/main.py", ["python"]),
        ("infra/main.tf", ["settings", "deploy"]),
        ("jobs/llm.nomad", ["settings", "deploy"]),
        ("CITATION.cff", ["settings"]),
        ("my.cnf", ["settings"]),
        ("run.fish", ["shell"]),
        ("train.sbatch", ["shell"]),
        ("rules.mak", ["shell"]),
        ("Start.command", ["shell"]),
        ("poetry.lock", ["lockfile"]),
        ("requirements/base.txt", ["prose", "manifest"]),
        ("deploy/notes/base.txt", ["prose"]),
        (".gitmodules", ["settings"]),
        ("photo.jpg", []),
    ],
)
def test_the_name_of_a_file_tells_its_parsers(path: str, names: list[str]) -> None:
    assert [parser.name for parser in parsers_of(path)] == names


def test_a_script_without_an_ending_is_known_by_its_first_line() -> None:
    found = scan(source("bin/serve", "#!/bin/sh\nvllm serve Qwen/Qwen3-8B\n"), matcher())
    assert [s.name.reference.name for s in found.sightings] == ["Qwen/Qwen3-8B"]


def test_a_text_without_ending_and_first_line_is_not_read_as_a_script() -> None:
    assert not scan(source("bin/notes", "vllm serve Qwen/Qwen3-8B\n"), matcher()).sightings


def test_a_file_that_cannot_be_parsed_is_a_gap() -> None:
    (gap,) = scan(source("a.py", "def (:\n"), matcher()).gaps
    assert (gap.path, gap.code) == ("a.py", "syntax")
