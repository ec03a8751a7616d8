"""When models came and went, read from real repositories' objects."""

from __future__ import annotations

from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from auditor.collect import opened
from auditor.config import Options
from auditor.domain.history import History
from auditor.domain.reference import Usage
from auditor.domain.source import Collection, Target
from auditor.errors import TargetError
from auditor.history import history
from tests.collect.repos import bare_clone, commit, git, repository, write

MINI, BGE, QWEN = "sentence-transformers/all-MiniLM-L6-v2", "BAAI/bge-m3", "Qwen/Qwen3-8B"


def embedding(model: str) -> str:
    return f'from sentence_transformers import SentenceTransformer\n\nencoder = SentenceTransformer("{model}")\n'


def of(folder: Path, revision: str = "") -> History:
    return history(Target(str(folder), revision), Options())


@pytest.fixture(autouse=True)
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where this test alone keeps what it found: commits made in one second by two tests can be the same."""
    folder = tmp_path / "kept"
    monkeypatch.setattr("auditor.history.earlier.cache_folder", lambda part: folder)
    return folder


def stretches(told: History) -> dict[str, list[tuple[Usage, str, str]]]:
    """Usage, first commit and first commit without, by model."""
    return {
        past.model: [(one.usage, one.since.commit, one.until.commit if one.until else "") for one in past.stretches]
        for past in told.pasts
    }


def test_a_model_is_dated_from_the_commit_that_brings_it_to_the_first_without_it(tmp_path: Path) -> None:
    shop = repository(tmp_path / "shop", {"README.md": "a shop\n"})
    write(shop, {"embed.py": embedding(MINI)})
    came = commit(shop)
    write(shop, {"prices.py": "PRICE = 3\n"})
    commit(shop)
    write(shop, {"embed.py": embedding(BGE)})
    swapped = commit(shop)
    told = of(shop)
    assert stretches(told) == {MINI: [(Usage.RUNS, came, swapped)], BGE: [(Usage.RUNS, swapped, "")]}
    assert (told.commits, told.looks) == (4, 2)


def test_a_model_that_comes_back_has_two_stretches(tmp_path: Path) -> None:
    shop = repository(tmp_path / "shop", {"embed.py": embedding(BGE)})
    first = git(shop, "rev-parse", "HEAD")
    write(shop, {"embed.py": "x = 1\n"})
    gone = commit(shop)
    write(shop, {"embed.py": embedding(BGE)})
    back = commit(shop)
    assert stretches(of(shop))[BGE] == [(Usage.RUNS, first, gone), (Usage.RUNS, back, "")]


def test_a_default_that_becomes_a_choice_is_another_stretch(tmp_path: Path) -> None:
    shop = repository(tmp_path / "shop", {"embed.py": embedding(BGE)})
    first = git(shop, "rev-parse", "HEAD")
    menu = f'MODELS = ["{BGE}", "{MINI}", "intfloat/e5-base-v2", "thenlper/gte-base"]\n'
    write(shop, {"embed.py": menu})
    moved = commit(shop)
    assert stretches(of(shop))[BGE] == [(Usage.RUNS, first, moved), (Usage.SELECTABLE, moved, "")]


def test_a_model_that_documents_and_tests_name_was_never_used(tmp_path: Path) -> None:
    shop = repository(tmp_path / "shop", {"README.md": f"not {BGE}\n", "tests/test_a.py": embedding(BGE)})
    assert of(shop).pasts == ()


def test_a_file_that_moves_changes_nothing(tmp_path: Path) -> None:
    shop = repository(tmp_path / "shop", {"embed.py": embedding(BGE)})
    first = git(shop, "rev-parse", "HEAD")
    git(shop, "mv", "embed.py", "vectors.py")
    commit(shop)
    told = of(shop)
    assert stretches(told) == {BGE: [(Usage.RUNS, first, "")]}


def test_a_name_that_only_has_the_shape_is_found_where_it_is_loaded(tmp_path: Path) -> None:
    shop = repository(tmp_path / "shop", {"a.py": "x = 1\n"})
    write(shop, {"a.py": embedding("acme-nobody/ranker-x")})
    came = commit(shop)
    commit(shop)
    assert stretches(of(shop)) == {"acme-nobody/ranker-x": [(Usage.RUNS, came, "")]}


def test_what_a_package_brings_is_dated_though_nothing_names_it(tmp_path: Path) -> None:
    shop = repository(tmp_path / "shop", {"a.py": "x = 1\n"})
    write(shop, {"a.py": "from fastembed import TextEmbedding\nencoder = TextEmbedding()\n"})
    came = commit(shop)
    commit(shop)
    assert stretches(of(shop)) == {"BAAI/bge-small-en-v1.5": [(Usage.RUNS, came, "")]}


def test_a_branch_counts_from_its_merge(tmp_path: Path) -> None:
    shop = repository(tmp_path / "shop", {"a.py": "x = 1\n"})
    git(shop, "checkout", "-q", "-b", "side")
    write(shop, {"embed.py": embedding(BGE)})
    commit(shop)
    git(shop, "checkout", "-q", "main")
    git(shop, "merge", "-q", "--no-ff", "--no-edit", "side")
    merged = git(shop, "rev-parse", "HEAD")
    told = of(shop)
    assert stretches(told) == {BGE: [(Usage.RUNS, merged, "")]}
    assert told.commits == 2


def test_the_history_of_a_bare_repository_ends_at_the_revision_asked(tmp_path: Path) -> None:
    shop = repository(tmp_path / "shop", {"embed.py": embedding(BGE)})
    git(shop, "tag", "v1")
    write(shop, {"embed.py": embedding(MINI)})
    commit(shop)
    bare = bare_clone(shop, tmp_path / "bare.git")
    assert set(stretches(of(bare))) == {BGE, MINI}
    assert set(stretches(of(bare, "v1"))) == {BGE}


def test_a_folder_of_a_repository_has_a_history_of_its_own(tmp_path: Path) -> None:
    shop = repository(tmp_path / "shop", {"lab/a.py": embedding(BGE), "web/a.py": embedding(MINI)})
    assert set(stretches(of(shop / "lab"))) == {BGE}


def test_a_shallow_clone_says_that_it_is(tmp_path: Path) -> None:
    shop = repository(tmp_path / "shop", {"embed.py": embedding(BGE)})
    write(shop, {"a.py": "x = 1\n"})
    commit(shop)
    git(tmp_path, "clone", "-q", "--depth", "1", f"file://{shop}", "short")
    told = of(tmp_path / "short")
    assert told.cut
    assert told.commits == 1
    assert not of(shop).cut


def test_neither_names_of_people_nor_the_work_tree_are_told(tmp_path: Path) -> None:
    shop = repository(tmp_path / "shop", {"embed.py": embedding(BGE)})
    write(shop, {"embed.py": embedding(QWEN)})
    told = of(shop)
    assert set(stretches(told)) == {BGE}
    assert "a@example.com" not in repr(told)


@pytest.mark.parametrize(
    ("location", "revision", "message"),
    [
        ("https://example.com/acme/x.git", "", "is not here"),
        (".", "no-such", "no such revision 'no-such'"),
        ("/nowhere", "", "not a git repository"),
    ],
)
def test_what_has_no_history_is_said(
    location: str, revision: str, message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(repository(tmp_path / "shop", {"a.py": "x = 1\n"}))
    with pytest.raises(TargetError, match=message):
        history(Target(location, revision), Options())


@pytest.fixture
def audited(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The commits that are audited, as they are."""
    commits: list[str] = []

    def noted(target: Target) -> AbstractContextManager[Collection]:
        commits.append(target.revision)
        return opened(target)

    monkeypatch.setattr("auditor.history.uses.opened", noted)
    return commits


def grown(folder: Path) -> Path:
    """A repository in which a model comes, goes and comes back."""
    shop = repository(folder, {"embed.py": embedding(BGE)})
    for text in ("x = 1\n", embedding(MINI), embedding(BGE)):
        write(shop, {"embed.py": text})
        commit(shop)
    return shop


def test_a_second_run_audits_nothing_and_says_the_same(tmp_path: Path, audited: list[str]) -> None:
    shop = grown(tmp_path / "shop")
    first = of(shop)
    assert len(audited) == 4
    assert of(shop) == first
    assert len(audited) == 4


def test_what_is_new_is_audited_and_joined_to_what_was_known(tmp_path: Path, audited: list[str]) -> None:
    shop = grown(tmp_path / "shop")
    of(shop)
    write(shop, {"embed.py": embedding(QWEN)})
    newest = commit(shop)
    told = of(shop)
    assert audited[4:] == [newest]
    assert told == history(Target(str(shop)), Options(cache=False))


def test_a_history_that_was_rewritten_is_known_as_far_as_it_is_the_same(tmp_path: Path, audited: list[str]) -> None:
    shop = grown(tmp_path / "shop")
    of(shop)
    git(shop, "reset", "-q", "--hard", "HEAD~2")
    write(shop, {"embed.py": embedding(QWEN)})
    rewritten = commit(shop)
    told = of(shop)
    assert audited[4:] == [rewritten]
    assert told == history(Target(str(shop)), Options(cache=False))


@pytest.mark.parametrize(
    "damage", ["", "[]", "{", '{"format": 1, "looks": [["x", {"m": [1]}]]}', '{"format": 1, "looks": 3}']
)
def test_what_is_damaged_is_found_again(tmp_path: Path, kept: Path, audited: list[str], damage: str) -> None:
    shop = grown(tmp_path / "shop")
    first = of(shop)
    for file in kept.iterdir():
        file.write_text(damage)
    assert of(shop) == first
    assert len(audited) == 8


def test_a_part_of_a_repository_is_not_taken_for_the_whole(tmp_path: Path) -> None:
    shop = repository(tmp_path / "shop", {"a/embed.py": embedding(BGE), "b/embed.py": embedding(MINI)})
    assert [past.model for past in of(shop / "a").pasts] == [BGE]
    assert [past.model for past in of(shop / "b").pasts] == [MINI]
    assert len(of(shop).pasts) == 2


def test_without_a_cache_everything_is_audited_again(tmp_path: Path, audited: list[str]) -> None:
    shop = grown(tmp_path / "shop")
    for _ in range(2):
        history(Target(str(shop)), Options(cache=False))
    assert len(audited) == 8


def test_several_processes_say_what_one_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shop = grown(tmp_path / "shop")
    alone = history(Target(str(shop)), Options(jobs=1, cache=False))
    monkeypatch.setattr("auditor.history.uses._MANY", 2)
    monkeypatch.setattr("auditor.history.uses._SHARES", 1)
    assert history(Target(str(shop)), Options(jobs=2, cache=False)) == alone


def test_a_process_that_fails_is_an_error_that_names_the_commit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop = grown(tmp_path / "shop")
    monkeypatch.setattr("auditor.history.uses._MANY", 2)
    monkeypatch.setattr("auditor.history.uses._of_share", len)  # takes one argument, and is given three
    with pytest.raises(TargetError, match="cannot audit from commit"):
        history(Target(str(shop)), Options(jobs=2, cache=False))
