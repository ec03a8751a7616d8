"""A pattern of a rule meets text that strangers wrote, so it must not take long over any."""

from __future__ import annotations

import pytest

from auditor.rulebook.patterns import flaw


@pytest.mark.parametrize(
    "pattern",
    [
        r"qwen3(?:\.\d)?(?:[-:][a-z0-9._-]+)?",
        r"(?:us|eu)\.x[0-9]{1,3}",
        r"(?:a)*b+",
        r"[)(+*]*(?:\)+)?",
        r"(?:-[a-z])+\+",
        r"a{2}b{0,1}(?:c+){1}",
        r"[]*+](?:x)+",
        r"",
    ],
)
def test_one_repeat_at_a_time_is_sound(pattern: str) -> None:
    assert flaw(pattern) == ""


@pytest.mark.parametrize(
    "pattern",
    [r"(?:a+)*", r"(?:[a-z]+-)*x", r"(?:a{1,2})+", r"((a+)b){2}", r"(?:(?:a+)?b)+", r"(?:a*){2,}", r"(?:\d+)+?"],
)
def test_a_repeat_of_what_repeats_is_refused(pattern: str) -> None:
    assert flaw(pattern) == "repeats what already repeats"


def test_a_reference_back_is_refused() -> None:
    assert flaw(r"(a)\1") == flaw(r"(?P<x>a)(?P=x)") == "refers back to a group"


@pytest.mark.parametrize("pattern", ["(a", "[a", "*", "a{2,1}"])
def test_what_does_not_compile_says_so(pattern: str) -> None:
    assert flaw(pattern).startswith("does not compile")
