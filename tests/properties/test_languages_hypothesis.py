"""Whatever stands in a source file, its reader ends soon, and every place that it gives lies inside the file."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from auditor.detect.scan import parsers_of
from auditor.detect.text import Lines, decode
from auditor.domain.fact import Call, Fact, Import, Literal, Prose, Read
from auditor.domain.source import Scope, SourceFile

PATHS = ("a.go", "a.rs", "A.java", "a.kt", "A.cs", "a.rb", "a.php", "a.swift", "a.cpp", "a.vue", "a.ipynb")
PIECES = st.sampled_from(
    [
        *'{ } ( ) [ ] < > ; : , . = == => -> :: := ? ?? ?. ?: | || && ! @ # $ & * + % \\ \' " """ ` // /* */ /// <?php'.split(),
        *"if else switch case when match for in return fun func fn def do end let var val const class struct enum".split(),
        *"impl namespace package module import use using new public static interface object type unless yield".split(),
        *'"acme/m1" model "${X:acme/m1}" `a:"b"` os.Getenv("X") ENV["X"] self this @x x.y(z) x[0] vec![1]'.split(),
        *(" ", "\n", "\n  ", "\r\n", "\t", "\u2028", "\ufeff", "\x00", "é", "😀", "<script>", "</script>"),
    ]
)
TEXTS = st.one_of(
    st.lists(PIECES, max_size=60).map(" ".join), st.lists(PIECES, max_size=60).map("".join), st.text(max_size=200)
)
BOUNDED = settings(max_examples=100, deadline=timedelta(seconds=2), suppress_health_check=[HealthCheck.too_slow])
EXPECTED = (ValueError, SyntaxError)


def facts(path: str, data: bytes) -> list[Fact]:
    """What the reader of a file gives before it ends or refuses; any other exception is its fault."""
    found: list[Fact] = []
    try:
        for fact in parsers_of(path)[0].parse(SourceFile(path, len(data), Scope.RUNTIME, lambda limit: data[:limit])):
            found.append(fact)
    except EXPECTED:
        return found
    return found


@pytest.mark.parametrize("path", PATHS)
@given(text=TEXTS)
@BOUNDED
def test_every_span_of_a_program_lies_inside_its_file(path: str, text: str) -> None:
    if path.endswith(".ipynb"):
        cell = {"cell_type": "code", "source": text.splitlines(keepends=True), "outputs": [{"text": text}]}
        text = json.dumps({"cells": [cell, {"cell_type": "markdown", "source": text}]})
    data = text.encode("utf-8", "replace")
    lines = Lines(decode(data))
    for fact in facts(path, data):
        if isinstance(fact, Literal | Read | Call | Import | Prose):
            start = lines.offset(fact.span.line, fact.span.column)
            end = lines.offset(fact.span.end_line, fact.span.end_column)
            assert lines.position(start) == (fact.span.line, fact.span.column)
            assert lines.position(end) == (fact.span.end_line, fact.span.end_column)
            assert start <= end


@pytest.mark.parametrize("path", PATHS)
@given(data=st.binary(max_size=400))
@BOUNDED
def test_bytes_that_are_no_program_harm_nothing(path: str, data: bytes) -> None:
    facts(path, data)
