from __future__ import annotations

import os
import pickle
import socket
import subprocess
import sys
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context
from pathlib import Path

import pytest

from auditor.collect import opened, worktree
from auditor.domain.source import Part, Target, TargetKind
from auditor.errors import TargetError
from tests.collect.repos import collected, commit, contents, gaps, git, paths, repository, write

FILES = {"src/a.py": "a = 1\n", "README.md": "# hi\n", "tests/test_a.py": "b\n"}


def test_a_work_tree_is_what_git_lists_and_what_it_does_not_ignore(tmp_path: Path) -> None:
    repo = repository(tmp_path / "acme", FILES | {".gitignore": "*.log\nsecret/\n"})
    write(repo, {"new.py": "n", "x.log": "l", "secret/k.py": "k"})
    found = collected(repo)
    assert paths(found) == [".gitignore", "README.md", "new.py", "src/a.py", "tests/test_a.py"]
    assert found.kind is TargetKind.WORKTREE
    assert found.location == "acme"
    assert found.commit == git(repo, "rev-parse", "HEAD")
    assert found.repository is None
    assert found.parts == (Part("acme", "."),)


def test_a_folder_without_git_is_walked(tmp_path: Path) -> None:
    found = collected(write(tmp_path / "plain", FILES))
    assert paths(found) == ["README.md", "src/a.py", "tests/test_a.py"]
    assert (found.commit, found.repository, found.location) == (None, None, "plain")


def test_a_folder_of_a_repository_has_paths_of_its_own(tmp_path: Path) -> None:
    repo = repository(tmp_path / "acme", FILES)
    assert paths(collected(repo / "src")) == ["a.py"]
    assert paths(collected(repo / "src", "HEAD")) == ["a.py"]
    assert paths(collected(repo / "src", staged=True)) == ["a.py"]


def test_a_folder_that_the_repository_around_it_ignores_is_walked(tmp_path: Path) -> None:
    repo = repository(tmp_path / "acme", {".gitignore": "out/"})
    write(repo, {"out/x/a.py": "1"})
    assert paths(collected(repo / "out" / "x")) == ["a.py"]


def test_an_empty_folder_is_a_collection_without_files(tmp_path: Path) -> None:
    found = collected(tmp_path)
    assert (found.files, found.files_seen, found.parts) == ((), 0, (Part(tmp_path.name, "."),))


def test_a_repository_without_a_commit_has_only_what_is_on_disk(tmp_path: Path) -> None:
    git(tmp_path, "init", "-q")
    assert collected(tmp_path).files == ()
    write(tmp_path, {"a.py": "1"})
    found = collected(tmp_path)
    assert (paths(found), found.commit) == (["a.py"], None)


def test_a_single_file_is_a_target(tmp_path: Path) -> None:
    write(tmp_path, {"a.py": "x = 1", "b.py": ""})
    with opened(Target(str(tmp_path / "a.py"))) as found:
        assert (found.kind, found.location, found.parts) == (TargetKind.FILE, "a.py", (Part("a.py", "."),))
        assert [(f.path, f.load(3)) for f in found.files] == [("a.py", b"x =")]


def test_deleted_files_are_not_there_and_no_gap(tmp_path: Path) -> None:
    repo = repository(tmp_path / "r", FILES)
    (repo / "src/a.py").unlink()
    found = collected(repo)
    assert "src/a.py" not in paths(found)
    assert not found.gaps


def test_a_sparse_checkout_says_what_is_missing(tmp_path: Path) -> None:
    repo = repository(tmp_path / "r", FILES)
    git(repo, "sparse-checkout", "set", "src")
    found = collected(repo)
    assert paths(found) == ["README.md", "src/a.py"]
    assert gaps(found) == {".": "sparse-checkout"}


def test_no_symbolic_link_is_followed_and_one_that_leaves_is_a_gap(tmp_path: Path) -> None:
    write(tmp_path, {"outside/secret.py": "s"})
    for root in (write(tmp_path / "plain", {"a.py": "a"}), repository(tmp_path / "tracked", {"a.py": "a"})):
        (root / "absolute.py").symlink_to(tmp_path / "outside/secret.py")
        (root / "above.py").symlink_to("../outside/secret.py")
        (root / "folder").symlink_to("../outside")
        (root / "within.py").symlink_to("a.py")
        (root / "loop").symlink_to("loop")
        found = collected(root)
        assert paths(found) == ["a.py"]
        assert gaps(found) == {"absolute.py": "symlink", "above.py": "symlink", "folder": "symlink"}


def test_a_listed_file_below_a_link_is_not_read(tmp_path: Path) -> None:
    """A hostile index lists `folder/secret.py`; on disk `folder` is a link out of the tree."""
    write(tmp_path, {"outside/secret.py": "s"})
    repo = repository(tmp_path / "r", {"folder/secret.py": "x", "a.py": "a"})
    (repo / "folder/secret.py").unlink()
    (repo / "folder").rmdir()
    (repo / "folder").symlink_to(tmp_path / "outside")
    found = collected(repo)
    assert paths(found) == ["a.py"]
    assert gaps(found)["folder/secret.py"] == "symlink"


def test_pipes_and_sockets_are_gaps_and_never_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    os.mkfifo("pipe.py")
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind("sock")
        assert gaps(collected(tmp_path)) == {"pipe.py": "special-file", "sock": "special-file"}


def test_a_tracked_file_that_became_a_pipe_is_a_gap(tmp_path: Path) -> None:
    repo = repository(tmp_path / "r", {"a.py": "1"})
    (repo / "a.py").unlink()
    os.mkfifo(repo / "a.py")
    assert gaps(collected(repo)) == {"a.py": "special-file"}


def test_a_tracked_file_that_became_a_folder_is_the_files_in_it(tmp_path: Path) -> None:
    repo = repository(tmp_path / "r", {"a.py": "1"})
    (repo / "a.py").unlink()
    write(repo, {"a.py/b.py": "2"})
    found = collected(repo)
    assert (paths(found), found.gaps) == (["a.py/b.py"], ())


def test_a_folder_without_end_is_cut_and_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worktree, "_MAX_FILES", 10)
    found = collected(write(tmp_path, {f"{i // 10}/{i}.py": "x" for i in range(100)}))
    assert gaps(found) == {".": "too-many-files"}
    assert 10 <= len(found.files) <= 20


def test_a_file_that_becomes_a_link_before_it_is_read_is_not_followed(tmp_path: Path) -> None:
    write(tmp_path, {"r/a.py": "1", "secret": "s"})
    with opened(Target(str(tmp_path / "r"))) as found:
        (tmp_path / "r/a.py").unlink()
        (tmp_path / "r/a.py").symlink_to("../secret")
        with pytest.raises(OSError):
            found.files[0].load(10)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_what_may_not_be_read_is_a_gap(tmp_path: Path) -> None:
    write(tmp_path, {"a.py": "1", "closed/b.py": "1"})
    (tmp_path / "a.py").chmod(0)
    (tmp_path / "closed").chmod(0)
    try:
        assert gaps(collected(tmp_path)) == {"a.py": "unreadable", "closed": "unreadable"}
    finally:
        (tmp_path / "closed").chmod(0o700)


def test_what_may_not_be_read_is_a_gap_for_root_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, {"a.py": "1"})
    (tmp_path / "a.py").chmod(0)
    monkeypatch.setattr(os, "access", lambda *_: False)
    assert gaps(collected(tmp_path)) == {"a.py": "unreadable"}


def test_odd_names_survive_and_can_be_loaded(tmp_path: Path) -> None:
    odd = {b"new\nline.py": "new\\x0aline.py", b"esc\x1b[31m.py": "esc\\x1b[31m.py", b"bad\xff.py": "bad\\xff.py"}
    odd |= {b"-rf.py": "-rf.py", b" .py": " .py", "é'\"$(x).py".encode(): "é'\"$(x).py", b":(top)x.py": ":(top)x.py"}
    plain = tmp_path / "r"
    plain.mkdir()
    for raw in odd:
        with open(os.path.join(os.fsencode(plain), raw), "wb") as file:
            file.write(raw)
    expected = {name: raw for raw, name in odd.items()}
    assert contents(plain) == expected
    git(plain, "init", "-q")
    assert contents(plain) == expected
    commit(plain)
    assert contents(plain) == contents(plain, "HEAD") == contents(plain, staged=True) == expected


def test_a_checkout_with_other_line_endings_reads_as_its_blobs(tmp_path: Path) -> None:
    repo = repository(tmp_path / "r", {"a.py": "a\nb\n", "win.py": "a\r\nb\r\n", ".gitattributes": "a.py eol=crlf\n"})
    (repo / "a.py").unlink()
    git(repo, "checkout", "a.py")
    assert (repo / "a.py").read_bytes() == b"a\r\nb\r\n"
    assert contents(repo) == contents(repo, "HEAD")
    write(repo, {"a.py": "changed\r\n"})
    assert contents(repo)["a.py"] == b"changed\r\n"


def test_files_can_be_sent_to_another_process(tmp_path: Path) -> None:
    repo = repository(tmp_path / "r", FILES)
    for revision in ("", "HEAD"):
        with opened(Target(str(repo), revision)) as found:
            assert all(isinstance(file.load, partial) for file in found.files)
            assert [f.load(100) for f in pickle.loads(pickle.dumps(found)).files] == [f.load(100) for f in found.files]
            with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
                assert pool.submit(found.files[0].load, 4).result() == b"# hi"


def test_a_linked_work_tree_is_a_work_tree(tmp_path: Path) -> None:
    repo = repository(tmp_path / "r", FILES)
    git(repo, "remote", "add", "origin", "https://example.com/acme/search.git")
    git(repo, "worktree", "add", "-q", "-b", "side", str(tmp_path / "side"))
    found = collected(tmp_path / "side")
    assert paths(found) == ["README.md", "src/a.py", "tests/test_a.py"]
    assert (found.location, found.repository) == ("side", "https://example.com/acme/search.git")
    assert contents(tmp_path / "side", "side") == contents(repo)


def test_submodules_and_nested_repositories_are_gaps(tmp_path: Path) -> None:
    inner = repository(tmp_path / "inner", {"i.py": "1"})
    repo = repository(tmp_path / "r", {"a.py": "1"})
    git(repo, "submodule", "--quiet", "add", str(inner), "sub")
    commit(repo)
    repository(repo / "nested", {"n.py": "1"})
    assert paths(collected(repo)) == [".gitmodules", "a.py"]
    assert gaps(collected(repo)) == {"sub": "submodule", "nested": "nested-repository"}
    assert gaps(collected(repo, "HEAD")) == gaps(collected(repo, staged=True)) == {"sub": "submodule"}


def test_a_broken_repository_is_walked_and_says_so(tmp_path: Path) -> None:
    repo = repository(tmp_path / "r", {"a.py": "1"})
    (repo / ".git/index").write_bytes(b"rubbish")
    found = collected(repo)
    assert paths(found) == ["a.py"]
    assert gaps(found) == {".": "git-unreadable"}


def test_without_git_installed_a_work_tree_is_walked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    repo = repository(tmp_path / "r", {"a.py": "1"})
    monkeypatch.setenv("PATH", str(tmp_path))
    found = collected(repo)
    assert (paths(found), gaps(found)) == (["a.py"], {".": "git-unreadable"})


@pytest.mark.parametrize(
    ("name", "message"), [("gone", "no such target"), ("pipe", "not a file or folder"), ("-x", "no such target")]
)
def test_what_cannot_be_audited_is_said_with_a_hint(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, message: str
) -> None:
    monkeypatch.chdir(tmp_path)
    os.mkfifo("pipe")
    with pytest.raises(TargetError, match=message) as raised:
        collected(name)
    assert raised.value.hint


def test_many_files_are_listed_quickly(tmp_path: Path) -> None:
    """A guard against a cost that grows with the square of the files, not a benchmark."""
    repo = repository(tmp_path / "r", {f"d{i % 50}/e{i % 7}/f{i}.py": "x" for i in range(5000)})
    code = (
        "import sys, time; from auditor.collect import opened; from auditor.domain.source import Target\n"
        "start = time.process_time()\n"
        "with opened(Target(sys.argv[1])) as found: print(len(found.files), time.process_time() - start < 3)"
    )
    done = subprocess.run([sys.executable, "-c", code, str(repo)], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["5000", "True"]
