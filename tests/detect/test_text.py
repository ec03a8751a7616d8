"""Bytes to text, and offsets to the lines and columns that an editor shows."""

from __future__ import annotations

import pytest

from auditor.detect.text import Lines, decode, read
from auditor.domain.source import Span
from tests.detect.sources import source


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b"caf\xc3\xa9", "café"),
        (b"\xef\xbb\xbfmodel", "model"),
        ("modèle".encode("utf-16"), "modèle"),
        (b"\xfe\xff" + "modèle".encode("utf-16-be"), "modèle"),
        ("modèle".encode("utf-32"), "modèle"),
        (b"caf\xe9 au lait", "café au lait"),
        (b"cut off inside \xf0\x9f\x98", "cut off inside "),
        (b"", ""),
    ],
)
def test_every_usual_encoding_is_read(data: bytes, text: str) -> None:
    assert decode(data) == text


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_lines_are_counted_alike_whatever_ends_them(end: str) -> None:
    text = f"a{end}bc{end}d"
    lines = Lines(text)
    assert lines.position(text.index("c")) == (2, 2)
    assert lines.position(text.index("d")) == (3, 1)


def test_columns_count_code_points() -> None:
    text = "é😀x\n"
    assert Lines(text).span(2, 3) == Span(1, 3, 1, 4)


def test_positions_and_offsets_are_inverse() -> None:
    text = "one\n\nthree\r\nfour"
    lines = Lines(text)
    assert [lines.offset(*lines.position(offset)) for offset in range(len(text) + 1)] == list(range(len(text) + 1))


def test_places_outside_the_text_are_those_of_its_nearest_end() -> None:
    lines = Lines("ab\nc")
    assert lines.position(-5) == (1, 1)
    assert lines.position(99) == (2, 2)
    assert lines.offset(0, 1) == 0
    assert lines.offset(9, 9) == 4


def test_half_a_file_is_not_read_in_silence() -> None:
    assert read(source("a.md", "12345"), 5) == "12345"
    with pytest.raises(ValueError, match="larger than 4 bytes"):
        read(source("a.md", "12345"), 4)
