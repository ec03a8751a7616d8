"""Patterns answer as the standard library's do, whichever way they are arranged."""

from __future__ import annotations

import re
from fnmatch import translate

from hypothesis import given
from hypothesis import strategies as st

from auditor.rulebook.globs import Globs, takes

TEXTS = st.text("ab._/]", max_size=8)
GLOBS = st.lists(st.sampled_from(["a", "b", ".", "_", "/", "*", "?", "[ab]", "[!a]", "]", "["]), max_size=6).map(
    "".join
)


@given(GLOBS, TEXTS)
def test_a_pattern_takes_what_fnmatch_says(glob: str, text: str) -> None:
    assert takes(glob, text) == (re.match(translate(glob), text) is not None)


@given(st.lists(GLOBS, max_size=8), TEXTS)
def test_many_patterns_answer_as_each_alone(globs: list[str], text: str) -> None:
    alone = tuple(n for n, glob in enumerate(globs) if takes(glob, text))
    assert Globs(enumerate(globs), lambda s: s.rpartition(".")[2] if "." in s else "").taking(text) == alone
    assert Globs(enumerate(globs), lambda s: s[-1:]).taking(text) == alone
