from __future__ import annotations

import io
import os
from multiprocessing import get_context
from pathlib import Path

import pytest

from auditor.collect import objects, opened
from auditor.domain.source import Part, Target, TargetKind
from auditor.errors import TargetError
from tests.collect.repos import bare_clone, collected, commit, contents, gaps, git, paths, repository, write

FILES = {
    "README.md": "# acme",
    "apps/web/package.json": "{}",
    "apps/web/index.ts": "1",
    "apps/api/pyproject.toml": "",
    "apps/api/main.py": "m",
    "apps/api/tests/test_main.py": "t",
    "package.json": '{"workspaces": ["apps/*"]}',
    "server.py": "s\r\n",
    "node_modules/x/i.js": "1",
    "link.py": "x",
}


@pytest.fixture
def repo(tmp_path: Path) -> Path:
    made = repository(tmp_path / "acme", FILES)
    (made / "link.py").unlink()
    (made / "link.py").symlink_to("../outside")
    commit(made)
    return made


def test_a_checkout_and_a_bare_clone_read_the_same(repo: Path, tmp_path: Path) -> None:
    bare = bare_clone(repo, tmp_path / "acme.git")
    tree, store = collected(repo), collected(bare)
    assert [(f.path, f.size, f.scope) for f in tree.files] == [(f.path, f.size, f.scope) for f in store.files]
    assert (tree.parts, tree.gaps, tree.commit, tree.files_seen) == (
        store.parts,
        store.gaps,
        store.commit,
        store.files_seen,
    )
    assert [part.path for part in tree.parts] == [".", "apps/api", "apps/web"]
    assert gaps(tree) == {"node_modules": "skipped-directory", "link.py": "symlink"}
    assert contents(repo) == contents(bare) == contents(repo, "HEAD") == contents(repo, staged=True)
    assert (tree.kind, store.kind) == (TargetKind.WORKTREE, TargetKind.BARE)


def test_a_packed_repository_reads_the_same(repo: Path) -> None:
    before = contents(repo, "HEAD")
    git(repo, "gc", "-q", "--aggressive")
    assert contents(repo, "HEAD") == before


def test_a_repository_with_the_newer_hash_is_read(tmp_path: Path) -> None:
    git(tmp_path, "init", "-q", "--object-format=sha256")
    write(tmp_path, {"a.py": "a"})
    commit(tmp_path)
    assert contents(tmp_path) == contents(tmp_path, "HEAD") == {"a.py": b"a"}


def test_a_revision_is_what_was_committed(repo: Path) -> None:
    git(repo, "tag", "v1")
    write(repo, {"server.py": "changed", "new.py": "n"})
    found = collected(repo, "v1")
    assert contents(repo, "v1")["server.py"] == b"s\r\n"
    assert "new.py" not in paths(found)
    assert (found.kind, found.commit) == (TargetKind.REVISION, git(repo, "rev-parse", "v1"))


def test_the_index_is_what_will_be_committed(repo: Path) -> None:
    write(repo, {"server.py": "staged"})
    git(repo, "add", "server.py")
    write(repo, {"server.py": "not staged", "untracked.py": "u"})
    staged = contents(repo, staged=True)
    assert staged["server.py"] == b"staged"
    assert "untracked.py" not in staged
    assert collected(repo, staged=True).kind is TargetKind.INDEX


def test_a_commit_under_way_has_an_index_of_its_own(repo: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(repo, {"server.py": "partly"})
    before = (repo / ".git/index").read_bytes()
    git(repo, "add", "server.py")
    (repo / ".git/index").rename(repo / ".git/next-index.lock")
    (repo / ".git/index").write_bytes(before)
    monkeypatch.chdir(repo)
    monkeypatch.setenv("GIT_INDEX_FILE", ".git/next-index.lock")
    assert contents(repo, staged=True)["server.py"] == b"partly"


def test_an_unmerged_file_is_listed_once(repo: Path) -> None:
    git(repo, "checkout", "-q", "-b", "side")
    write(repo, {"server.py": "side"})
    commit(repo)
    git(repo, "checkout", "-q", "main")
    write(repo, {"server.py": "main"})
    commit(repo)
    with pytest.raises(Exception, match="merge"):
        git(repo, "merge", "side")
    assert paths(collected(repo)).count("server.py") == 1
    assert paths(collected(repo, staged=True)).count("server.py") == 1


def test_since_reads_only_what_changed(repo: Path) -> None:
    base = git(repo, "rev-parse", "HEAD")
    write(repo, {"server.py": "2", "apps/api/new.py": "n"})
    (repo / "README.md").unlink()
    commit(repo)
    write(repo, {"apps/web/index.ts": "2", "fresh.py": "f"})
    assert paths(collected(repo, "HEAD", since=base)) == ["apps/api/new.py", "server.py"]
    assert paths(collected(repo, staged=True, since=base)) == ["apps/api/new.py", "server.py"]
    everything = ["apps/api/new.py", "apps/web/index.ts", "fresh.py", "server.py"]
    found = collected(repo, since=base)
    assert paths(found) == everything
    assert found.parts == collected(repo).parts
    assert found.files_seen == collected(repo).files_seen
    assert paths(collected(repo / "apps", since=base)) == ["api/new.py", "web/index.ts"]
    assert paths(collected(repo / "apps", "HEAD", since=base)) == ["api/new.py"]


def test_a_touched_file_has_not_changed(repo: Path) -> None:
    os.utime(repo / "server.py", (1, 1))
    assert paths(collected(repo, since="HEAD")) == []


def test_large_and_small_blobs_come_from_one_reader(tmp_path: Path) -> None:
    big = b"0123456789abcdef" * (2 << 20)  # 32 MiB
    repo = repository(tmp_path / "r", {"a.py": "a", "b.gguf": big, "c.py": "c"})
    with opened(Target(str(repo), "HEAD")) as found:
        loads = [file.load for file in found.files]
        assert [load(5) for load in loads] == [b"a", b"01234", b"c"]
        assert loads[0](0) == b""
        assert loads[1](len(big)) == big
        assert len(objects._READERS) == 1
    assert not objects._READERS


def test_a_reader_that_died_is_replaced(repo: Path) -> None:
    with opened(Target(str(repo), "HEAD")) as found:
        first = found.files[0].load(100)
        for reader in objects._READERS.values():
            reader.kill()
            reader.wait()
        assert found.files[0].load(100) == first


def test_an_interrupted_answer_is_not_taken_for_the_next(repo: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Interrupting(io.BytesIO):
        def readline(self, *_: object) -> bytes:
            raise KeyboardInterrupt

    with opened(Target(str(repo), "HEAD")) as found:
        first, second = found.files[0].load(100), found.files[1].load(100)
        (reader,) = objects._READERS.values()
        with monkeypatch.context() as patch:
            real = reader.stdout
            patch.setattr(reader, "stdout", Interrupting())
            with pytest.raises(KeyboardInterrupt):
                found.files[0].load(100)
            assert real is not None
            real.close()
        assert (found.files[1].load(100), found.files[0].load(100)) == (second, first)


def test_an_object_that_is_gone_is_an_error_of_its_file_alone(repo: Path) -> None:
    with opened(Target(str(repo), "HEAD")) as found:
        with pytest.raises(OSError, match="missing"):
            objects.read_blob(str(repo / ".git"), "0" * 40, 10)
        assert found.files[0].load(6) == b"# acme"


def test_without_git_a_blob_cannot_be_read(repo: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(OSError, match="git cannot be run"):
        objects.read_blob(str(repo / ".git"), "0" * 40, 10)


def test_a_forked_worker_has_a_reader_of_its_own(repo: Path) -> None:
    with opened(Target(str(repo), "HEAD")) as found:
        expected = [file.load(100) for file in found.files]
        with get_context("fork").Pool(2) as pool:
            results = [pool.apply_async(file.load, (100,)) for file in found.files * 5]
            assert [result.get(30) for result in results] == expected * 5
        assert [file.load(100) for file in found.files] == expected


def test_an_unknown_revision_is_said_with_what_there_is(repo: Path) -> None:
    for name in ("v1.0", "v1.1", "v1.2", "v1.3", "v1.4", "v1.5"):
        git(repo, "tag", name)
    with pytest.raises(TargetError, match=r"no such revision 'v1.22' in acme") as raised:
        collected(repo, "v1.22")
    assert "did you mean 'v1.2'?" in raised.value.hint
    assert "branches: main" in raised.value.hint
    assert raised.value.hint.count("v1.") == 6
    assert raised.value.exit_code == 3


def test_a_revision_without_the_folder_is_an_error(repo: Path) -> None:
    write(repo, {"later/a.py": "1"})
    with pytest.raises(TargetError, match="cannot read"):
        collected(repo / "later", "HEAD")


@pytest.mark.parametrize(("revision", "staged", "since"), [("HEAD", False, ""), ("", True, ""), ("", False, "HEAD")])
def test_a_plain_folder_has_no_revisions(tmp_path: Path, revision: str, staged: bool, since: str) -> None:
    with pytest.raises(TargetError, match="not a git repository") as raised:
        collected(tmp_path, revision, staged=staged, since=since)
    assert raised.value.hint


@pytest.mark.parametrize(("revision", "since"), [("HEAD", ""), ("", "main")])
def test_an_empty_repository_has_no_revisions(tmp_path: Path, revision: str, since: str) -> None:
    git(tmp_path, "init", "-q")
    with pytest.raises(TargetError, match="no such revision") as raised:
        collected(tmp_path, revision, since=since)
    assert raised.value.hint == "the repository has no commit yet"


def test_an_empty_bare_repository_is_a_collection_without_files(tmp_path: Path) -> None:
    git(tmp_path, "init", "-q", "--bare", "e.git")
    found = collected(tmp_path / "e.git")
    assert (found.files, found.commit, found.parts) == ((), None, (Part("e", "."),))


def test_a_bare_repository_has_nothing_staged(repo: Path, tmp_path: Path) -> None:
    with pytest.raises(TargetError, match="nothing staged"):
        collected(bare_clone(repo, tmp_path / "b.git"), staged=True)


def test_a_file_is_read_as_it_is_on_disk(repo: Path) -> None:
    with pytest.raises(TargetError, match="as it is on disk"):
        collected(repo / "server.py", "HEAD")


@pytest.mark.parametrize(
    ("url", "shown", "name"),
    [
        ("https://user:secret@example.com/acme/search.git", "https://example.com/acme/search.git", "search"),
        ("git@example.com:acme/search.git", "example.com:acme/search.git", "search"),
        ("/srv/git/search.git", None, "search"),
        ("../search", None, "search"),
    ],
)
def test_the_origin_is_told_without_secrets_and_without_local_paths(
    repo: Path, url: str, shown: str | None, name: str
) -> None:
    git(repo, "config", "remote.origin.url", url)
    found = collected(repo)
    assert (found.repository, found.location, found.parts[0]) == (shown, "acme", Part(name, "."))
