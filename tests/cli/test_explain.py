"""`auditor explain`: one answer a name, in the order asked, from arguments and standard input."""

from __future__ import annotations

import json

import pytest

import auditor.audit
from auditor.config import Options
from auditor.domain.report import Explained
from tests.cli.running import run
from tests.render.reports import BGE, GPT


@pytest.fixture(autouse=True)
def _known(monkeypatch: pytest.MonkeyPatch) -> None:
    known = {"bge-m3": BGE, "gpt-5": GPT}

    def explain(names: tuple[str, ...], options: Options, *, missed: object) -> tuple[Explained, ...]:
        return tuple(Explained(name, known.get(name)) for name in names)

    monkeypatch.setattr(auditor.audit, "explain", explain)


def queries(text: str) -> list[str]:
    return [json.loads(line)["query"] for line in text.splitlines()]


def test_it_answers_in_the_order_asked() -> None:
    result = run("explain", "gpt-5", "bge-m3", "--format", "json")
    assert result.exit_code == 0
    assert queries(result.stdout) == ["gpt-5", "bge-m3"]


def test_names_come_from_standard_input_too() -> None:
    result = run("explain", "gpt-5", "-", "--format", "json", stdin="bge-m3\n\n  other \n")
    assert queries(result.stdout) == ["gpt-5", "bge-m3", "other"]


def test_bytes_that_are_no_text_are_still_a_name() -> None:
    result = run("explain", "-", "--format", "json", stdin=b"\xff\xfe\n")
    assert queries(result.stdout) == ["\\xff\\xfe"]


def test_an_empty_standard_input_is_an_error() -> None:
    result = run("explain", "-", stdin="\n")
    assert result.exit_code == 2
    assert result.stderr.startswith("error: no model was named on standard input")


def test_a_name_that_is_empty_is_an_error_and_answers_nothing() -> None:
    result = run("explain", "Qwen/Qwen3-8B", " ")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith("error: a MODEL is empty")


def test_people_get_a_sentence_first() -> None:
    assert run("explain", "bge-m3").stdout.startswith("YES  BAAI/bge-m3 is of Chinese origin (derived)")


def test_a_name_that_nothing_knows_is_no_failure() -> None:
    result = run("explain", "nobody/nothing")
    assert result.exit_code == 0
    assert result.stdout.startswith("UNKNOWN  nothing is known of nobody/nothing")
