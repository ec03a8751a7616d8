"""A name is asked only of the patterns that can begin as it does, and the answer is that of all of them."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from auditor.rulebook.families import FamilyPatterns
from auditor.rulebook.load import load
from auditor.rulebook.patterns import NamePattern
from tests.resolve.world import family


def asked(name: str, *patterns: str) -> str:
    """The id of the family of a name, one family a pattern, "" for none."""
    families = [replace(family(f"f{n}", "acme"), names=(NamePattern(one),)) for n, one in enumerate(patterns)]
    found = FamilyPatterns(families).match(name)
    return found.name if found else ""


@pytest.mark.parametrize(
    "pattern",
    ["qwen", "(?:us\\.)?qwen", "[pq]wen", "(?!x)qwen", "x?qwen", "(?:q|m)wen", ".wen", "x*qwen", "\\w+", "a|qwen"],
)
def test_a_pattern_is_asked_whatever_it_begins_with(pattern: str) -> None:
    assert asked("qwen", "other", pattern) == "f1"


def test_of_several_the_first_family_has_the_name() -> None:
    assert asked("qwen3", ".*3", "qwen3") == "f0"
    assert asked("qwen3", "qwen3", ".*3") == "f0"


def test_the_whole_name_has_to_match() -> None:
    assert asked("qwen3", "qwen") == ""
    assert asked("", "qwen") == ""


def test_the_rules_are_answered_as_by_one_pattern_for_all() -> None:
    families = load(cache=False).families
    whole = re.compile(
        "|".join(
            f"(?P<f{n}>{'|'.join(f'(?:{p.pattern})' for p in f.names)})" for n, f in enumerate(families) if f.names
        ),
        re.ASCII,
    )
    patterns = FamilyPatterns(families)
    names = "gpt-4o us.anthropic.claude-sonnet-4 qwen3:8b ft:gpt-4o meta-llama-3 m2-bert 4o-mini t5-base x zephyr-7b".split()
    for name in names:
        found, same = whole.fullmatch(name), patterns.match(name)
        assert same is (families[int(found.lastgroup[1:])] if found and found.lastgroup else None)
