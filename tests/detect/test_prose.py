"""Documents to the words that may be names."""

from __future__ import annotations

import time

import pytest

from auditor.detect import prose
from auditor.detect.text import Lines
from tests.detect.sources import at, source


def found(content: str, path: str = "README.md") -> list[str]:
    facts = list(prose.parse(source(path, content)))
    assert all(at(content, fact.span) == fact.text for fact in facts)
    assert {fact.where for fact in facts} <= {"document"}
    return [fact.text for fact in facts]


@pytest.mark.parametrize(
    ("content", "names"),
    [
        ("We use acme/large-7b by default.", ["acme/large-7b"]),
        ("(see `acme/large-7b`, or large2.5:7b-q4_K_M)", ["acme/large-7b", "large2.5:7b-q4_K_M"]),
        ("[card](https://huggingface.co/acme/large-7b).", ["https://huggingface.co/acme/large-7b"]),
        ("```sh\nserve --model acme/large-7b\n```\n", ["model", "acme/large-7b"][1:]),
        ("| acme/large-7b | 4096 |\r\n| other-1b |", ["acme/large-7b", "other-1b"]),
        ("<b>acme/large-7b</b>", ["acme/large-7b"]),
        ("hf.co/acme/large-7b: fast", ["hf.co/acme/large-7b"]),
        ("@cf/acme/large-7b and ./ckpt-7b", ["@cf/acme/large-7b", "./ckpt-7b"]),
        ("模型acme/large-7b很快", ["acme/large-7b"]),
        ("acme/large-7b", ["acme/large-7b"]),
        ("plain words only, without any name", []),
        ("10 of 2024-01-01, 3.5", []),
        ("", []),
        ("a-b", ["a-b"]),
        ("a1 -- 7b", []),
        ("x" * 200 + "/y", []),
        ("https://example.org/" + "x-" * 80 + "y", ["https://example.org/" + "x-" * 80 + "y"]),
    ],
)
def test_words_with_a_digit_slash_or_hyphen_may_be_names(content: str, names: list[str]) -> None:
    assert found(content) == names


def test_words_of_a_comment_stand_where_the_comment_stands() -> None:
    text = "x = 1  # was acme/large-7b\n"
    start = text.index("#")
    (word,) = prose.words(text[start:], start, Lines(text), "comment")
    assert (at(text, word.span), word.where) == ("acme/large-7b", "comment")


@pytest.mark.parametrize("piece", ["a", "a ", "é\n", "7", "-", "a-", "/", "x/y ", ". ", "🙂"])
def test_time_is_linear_in_the_length(piece: str) -> None:
    content = piece * (300_000 // len(piece))
    start = time.monotonic()
    sum(1 for _ in prose.parse(source("a.txt", content)))
    assert time.monotonic() - start < 10
