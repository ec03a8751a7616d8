"""Shell scripts and Makefiles to commands and the variables that they set."""

from __future__ import annotations

import time

import pytest

from auditor.detect import shell
from auditor.detect.text import Lines
from auditor.domain.fact import Command, Prose, Setting
from tests.detect.sources import at, by_path, lines_of, source


def read(content: str, path: str = "run.sh") -> list[object]:
    return list(shell.parse(source(path, content)))


@pytest.mark.parametrize(
    ("script", "commands"),
    [
        ("serve acme/m1 --port 80", ["serve acme/m1 --port 80"]),
        ("a && b || c; d | e &", ["a", "b", "c", "d", "e"]),
        ("serve \\\n  --model acme/m1 \\\n  --x", ["serve --model acme/m1 --x"]),
        ("serve \\\r\n  --model acme/m1\r\n", ["serve --model acme/m1"]),
        ("serve --model='acme/m1' \"a b\" c\\ d", ["serve --model=acme/m1 a b c d"]),
        ('echo "a \\"b\\" $X"', ['echo a "b" $X']),
        ("serve $MODEL ${MODEL:-acme/m1}", ["serve $MODEL ${MODEL:-acme/m1}"]),
        ("serve acme/m1 > log 2>&1", ["serve acme/m1"]),
        ("if true; then serve acme/m1; fi", ["true", "serve acme/m1"]),
        ("exec nohup sudo -E env A=b serve acme/m1", ["serve acme/m1"]),
        ("while read x; do pull $x; done < list", ["read x", "pull $x"]),
        ("(cd x && serve acme/m1)", ["cd x", "serve acme/m1"]),
        ("serve acme/m1 # not acme/m2", ["serve acme/m1"]),
        ("cat <<EOF > f\nserve acme/no\nEOF\nserve acme/yes", ["cat", "serve acme/yes"]),
        ("cat <<-'E 1' <<F\nx\nE 1\ny\nF\nz", ["cat", "z"]),
        ("f() {\n  serve acme/m1\n}\n", ["f", "serve acme/m1"]),
        ('x="$(serve acme/m1)"\n', []),
    ],
)
def test_a_script_is_cut_into_its_commands(script: str, commands: list[str]) -> None:
    assert lines_of(read(script)) == [f"shell: {command}" for command in commands]


def test_words_stand_where_they_are_written_without_quotes() -> None:
    content = "serve 'acme/m1' \"acme/m2\" acme/m3\n"
    (command,) = (fact for fact in read(content) if isinstance(fact, Command))
    assert [at(content, span) for _, span in command.argv] == [word for word, _ in command.argv]


@pytest.mark.parametrize(
    ("script", "settings"),
    [
        ("MODEL=acme/m1\n", {"MODEL": "acme/m1"}),
        ('export MODEL="acme/m1"\n', {"MODEL": "acme/m1"}),
        ("MODEL=${MODEL:-acme/m1}\n", {"MODEL": "acme/m1"}),
        ('MODEL="${1:-acme/m1}"; : x\n', {"MODEL": "acme/m1"}),
        ("A=acme/m1 B=acme/m2 serve\n", {"A": "acme/m1", "B": "acme/m2"}),
        ("MODELS=(acme/m1 'acme/m2')\n", {"MODELS/0": "acme/m1", "MODELS/1": "acme/m2"}),
        ("for m in acme/m1 acme/m2; do pull $m; done\n", {"m/0": "acme/m1", "m/1": "acme/m2"}),
        ("local x=acme/m1\n", {"x": "acme/m1"}),
        ("readonly -x Y=acme/m1\n", {"Y": "acme/m1"}),
        ("run -e MODEL=acme/m1 --env B=acme/m2 image\n", {"MODEL": "acme/m1", "B": "acme/m2"}),
        ("export A=${B:='acme/m1'}\n", {"A": "acme/m1"}),
        ("EMPTY=\n", {}),
    ],
)
def test_assignments_are_settings(script: str, settings: dict[str, str]) -> None:
    facts = read(script)
    assert by_path(facts) == settings
    assert all(at(script, fact.span) == fact.value for fact in facts if isinstance(fact, Setting))


def test_the_elements_of_an_array_are_siblings() -> None:
    assert [fact.siblings for fact in read("M=(a/1 b/2 c/3)\n") if isinstance(fact, Setting)] == [3, 3, 3]


def test_comments_hold_dead_settings_and_words_but_no_commands() -> None:
    facts = read("#!/bin/bash\n# MODEL=acme/old\n# serve acme/m1\n")
    assert [(fact.path, fact.live) for fact in facts if isinstance(fact, Setting)] == [(("MODEL",), False)]
    assert [fact.text for fact in facts if isinstance(fact, Prose)] == ["acme/m1"]
    assert lines_of(facts) == []


def test_a_script_is_known_by_its_first_line() -> None:
    assert lines_of(read("#!/usr/bin/env bash\nserve acme/m1\n", "bin/start")) == ["shell: serve acme/m1"]
    assert read("#!/usr/bin/env python\nserve acme/m1\n", "bin/start") == []


def test_recipes_of_a_makefile_are_commands_and_its_variables_settings() -> None:
    content = (
        "MODEL ?= acme/m1\nexport OTHER := acme/m2 # why\n\nrun: dep\n\t@serve acme/m3 \\\n\t\t--x\n\t-pull acme/m4\n"
    )
    facts = read(content, "Makefile")
    assert by_path(facts) == {"MODEL": "acme/m1", "OTHER": "acme/m2"}
    assert lines_of(facts) == ["shell: serve acme/m3 --x", "shell: pull acme/m4"]
    assert all(at(content, fact.span) == fact.value for fact in facts if isinstance(fact, Setting))


def test_part_of_a_text_is_split_with_places_of_the_whole() -> None:
    text = "run: serve acme/m1\nnext"
    (command,) = shell.split(text, 5, 18, Lines(text).span)
    assert isinstance(command, Command)
    assert at(text, command.span) == "serve acme/m1"


@pytest.mark.parametrize(
    "piece", ["'", '"', "`", "$(", "${", "\\", "<<E\n", "a=(", "(", "a\\\n", "#", "a=b ", ";", "'a\"", "$((", "\t\\\n"]
)
@pytest.mark.parametrize("path", ["run.sh", "Makefile"])
def test_repeated_openings_cost_linear_time(path: str, piece: str) -> None:
    start = time.monotonic()
    read(piece * 50_000, path)
    assert time.monotonic() - start < 10
