"""No shortcut changes a result: not what was kept from an earlier run, nor what is passed over unread."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path
from unittest import mock

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from auditor import kept, reading
from auditor.anchors import of
from auditor.audit import audit, knowledge
from auditor.config import Options
from auditor.detect import scan as scanning
from auditor.detect.hits import NAMES as WITH_NAMES
from auditor.detect.hits import Anchors
from auditor.detect.match import Matcher
from auditor.detect.names import Names
from auditor.domain.rows import columns
from auditor.domain.source import Scope, SourceFile, Target
from auditor.render.json import render
from auditor.resolve.known import Known

NAMES = (
    "app.py",
    "app.ts",
    "main.go",
    "Main.java",
    "config.json",
    "config.yaml",
    ".env",
    "Dockerfile",
    "run.sh",
    "a.md",
)
LINES = (
    'MODEL = "Qwen/Qwen3-8B"',
    "from transformers import AutoModel, pipeline",
    "model = AutoModel.from_pretrained(MODEL)",
    "class Answers(Base):\n    def __init__(self, name='gpt-4o', provider='openai'):\n        self.name = name",
    'const chat = new ChatOpenAI({ model: "gpt-4o-mini", temperature: 0 })',
    "export const DEFAULTS = { small: 'BAAI/bge-m3', large: process.env.MODEL ?? 'intfloat/e5-large-v2' }",
    'model: "meta-llama/Llama-3.1-8B"',
    "llm:\n  provider: ollama\n  model: qwen3:8b",
    '{"model": "Qwen/Qwen3-8B", "enabled": false}',
    '{"name": "Ada", "age": 36, "tags": ["a", "b"], "nested": {"x": 1}}',
    '[{"title": "gpt-4o"}, {"title": "${MODEL:-gpt-4o}"}]',
    "OLLAMA_MODEL=llama3.1",
    "FROM ollama/ollama\nRUN ollama pull llama3.1",
    "vllm serve Qwen/Qwen3-8B --max-model-len 4096",
    'func main() { client.Chat("gpt-4o"); if provider == "openai" { run(model) } }',
    "# nothing of note \U0001f600",
    "x = 1",
    "",
)
TEXTS = st.lists(st.sampled_from(LINES), max_size=6).map("\n".join) | st.text(max_size=60)
FILES = st.dictionaries(st.sampled_from(NAMES), TEXTS, min_size=1, max_size=4)


@pytest.fixture(scope="module", autouse=True)
def cache_of_these_tests(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", os.fspath(tmp_path_factory.mktemp("cache")))
        yield


@cache
def matcher() -> Matcher:
    with knowledge(Options()) as (rulebook, snapshot):
        return Matcher(rulebook, Names(rulebook, Known(snapshot)))


@cache
def anchors() -> Anchors:
    with knowledge(Options()) as (rulebook, _):
        return of(rulebook)


def source(path: str, text: str) -> SourceFile:
    data = text.encode("utf-8", "surrogatepass")
    return SourceFile(path, len(data), Scope.RUNTIME, lambda n: data[:n])


@settings(deadline=None)  # rules are read once
@given(st.sampled_from(NAMES), TEXTS)
def test_facts_come_back_as_they_were_kept(path: str, text: str) -> None:
    facts = scanning.scan(source(path, text), matcher())
    again = kept.unpacked(kept.packed(facts))
    assert again == facts
    assert list(columns(again.reads, "name", "key")) == [(read.name, read.key) for read in facts.reads]
    assert list(columns(again.calls, "callee")) == [(call.callee,) for call in facts.calls]


@settings(deadline=None)
@given(TEXTS)
def test_data_that_is_passed_over_says_nothing(text: str) -> None:
    short = scanning.scan(source("data.json", text), matcher())
    with mock.patch.object(scanning, "is_idle", return_value=False):
        whole = scanning.scan(source("data.json", text), matcher())
    assert short.sightings == whole.sightings
    assert short.selectors == whole.selectors
    assert short.dependencies == whole.dependencies


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(FILES)
def test_a_report_is_the_same_whatever_was_kept(files: dict[str, str]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        for name, text in files.items():
            Path(folder, name).write_bytes(text.encode("utf-8", "surrogatepass"))
        without, cold, warm = (
            render(audit(Target(folder), Options(cache=keeping, jobs=1))) for keeping in (False, True, True)
        )
    assert cold == without
    assert warm == without


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(NAMES), TEXTS)
def test_where_the_first_look_sees_nothing_an_audit_finds_nothing(path: str, text: str) -> None:
    content = text.encode("utf-8", "surrogatepass")
    if anchors().may_name(path.encode(), content):
        return
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, path).write_bytes(content)
        report = audit(Target(folder), Options(cache=False, jobs=1))
    assert report.findings == ()


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.dictionaries(
        st.sampled_from([*NAMES, "tests/test_app.py", "docs/use.md", "examples/try.py"]), TEXTS, min_size=1, max_size=4
    )
)
def test_files_that_are_not_parsed_would_have_said_nothing(files: dict[str, str]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        for name, text in files.items():
            Path(folder, name).parent.mkdir(exist_ok=True)
            Path(folder, name).write_bytes(text.encode("utf-8", "surrogatepass"))
        short = audit(Target(folder), Options(cache=False, jobs=1))
        with mock.patch.object(reading, "_seen", lambda files, *_: [WITH_NAMES] * len(files)):
            whole = audit(Target(folder), Options(cache=False, jobs=1))
    assert set(short.gaps) <= set(whole.gaps)
    assert render(replace(short, gaps=())) == render(replace(whole, gaps=()))
