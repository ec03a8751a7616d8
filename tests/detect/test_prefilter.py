"""Passing over files never changes what is found."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.detect import scan as scanning
from auditor.detect.match import Matcher
from auditor.detect.names import Names
from auditor.detect.prefilter import is_idle
from auditor.detect.scan import scan
from auditor.domain.sighting import FileFacts
from auditor.rulebook.load import load, shipped
from tests.detect.sources import source

EXAMPLES = Path(__file__).resolve().parent.parent.parent / "examples"
MOST = 200_000


class _Nobody:
    """No records: what is a name is told by the rules alone."""

    def hub_id(self, name: str) -> str | None:
        return None

    def alias_of(self, name: str) -> str | None:
        return None


@cache
def matcher() -> Matcher:
    rulebook = load(shipped())
    return Matcher(rulebook, Names(rulebook, _Nobody()))


def idle(value: object) -> bool:
    return is_idle(source("data.json", json.dumps(value)), matcher(), MOST)


def told(path: str, content: str | bytes) -> tuple[FileFacts, FileFacts]:
    """What the scan says of a file with and without passing over."""
    file = source(path, content)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(scanning, "is_idle", lambda file, rules, most: False)
        parsed = scan(file, matcher())
    return scan(file, matcher()), parsed


def test_a_table_of_measurements_is_passed_over() -> None:
    assert idle({"rows": [{"width": 3, "text": "a line of text"}]})


@pytest.mark.parametrize(
    "value",
    [
        {"text": "Qwen/Qwen3-8B"},
        {"model": "anything"},
        {"provider": "anything"},
        {"text": " qwen3:8b\n"},
        {"text": "${NAME:-qwen3:8b}"},
        {"deep": [[[{"text": "qwen3:8b"}]]]},
        {"command": ["serve"]},
        ["qwen3:8b"],
        "qwen3:8b",
    ],
)
def test_what_a_rule_may_speak_of_is_parsed(value: object) -> None:
    assert not idle(value)


def test_escapes_in_a_name_hide_nothing() -> None:
    assert not is_idle(source("data.json", r'{"text": "\u0051wen\/Qwen3-8B"}'), matcher(), MOST)


@pytest.mark.parametrize("text", ['{"text": "a",}', '// why\n{"text": "a"}', '{"text": ', "[" * 50_000, ""])
def test_what_is_no_strict_json_is_left_to_the_parser(text: str) -> None:
    assert not is_idle(source("data.json", text), matcher(), MOST)


def test_depth_that_the_parser_refuses_is_not_passed_over() -> None:
    assert not is_idle(source("data.json", "[" * 300 + "]" * 300), matcher(), MOST)


_KEYS = st.sampled_from("text name model base_model default provider width auto_map args 0 id large value".split())
_WORDS = st.sampled_from(
    [
        "qwen3:8b",
        "Qwen/Qwen3-8B",
        "gpt-5",
        "openai",
        "plain words",
        "${X:-gpt-5}",
        "{{ default 'gpt-5' }}",
        "{}",
        "a/b",
        "",
    ]
)
_VALUES = st.recursive(
    _WORDS | st.integers() | st.none() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(_KEYS, inner, max_size=4),
    max_leaves=12,
)


@settings(deadline=None)  # the first is the one that brings the reader in
@given(_VALUES, st.booleans())
def test_nothing_is_lost_in_any_json(value: object, plain: bool) -> None:
    quick, parsed = told("some/data.json", json.dumps(value, ensure_ascii=plain, indent=1))
    assert quick == parsed


@settings(deadline=None)
@given(st.binary(max_size=60))
def test_nothing_is_lost_in_any_bytes(content: bytes) -> None:
    quick, parsed = told("data.json", content)
    assert quick == parsed


@pytest.mark.parametrize("path", sorted(EXAMPLES.rglob("*.json")), ids=lambda path: path.name)
def test_nothing_is_lost_in_the_examples(path: Path) -> None:
    quick, parsed = told(path.name, path.read_bytes())
    assert quick == parsed
