"""Nothing that a repository says of itself may run, lead elsewhere, or hide a file."""

from __future__ import annotations

import os
import stat
import subprocess
from pathlib import Path

import pytest

from auditor.collect import git as door
from auditor.collect import opened
from auditor.domain.source import Target
from auditor.errors import TargetError
from tests.collect.repos import bare_clone, collected, commit, contents, gaps, git, paths, repository, write


@pytest.fixture
def marker(tmp_path: Path) -> Path:
    """A program that leaves a trace when it is run."""
    script = tmp_path / "evil.sh"
    script.write_text(f"#!/bin/sh\necho ran >> '{tmp_path}/ran'\ncat\n")
    script.chmod(script.stat().st_mode | stat.S_IXUSR)
    return script


def read_every_way(repo: Path, since: str) -> None:
    for target in (Target(str(repo)), Target(str(repo), "HEAD"), Target(str(repo), "", True)):
        for base in ("", since):
            with opened(target, since=base) as found:
                for file in found.files:
                    file.load(1000)


SETTINGS = [
    "core.fsmonitor={}",
    "core.sshCommand={}",
    "core.pager={}",
    "pager.ls-files={}",
    "pager.diff-index={}",
    "core.editor={}",
    "core.askPass={}",
    "core.gitProxy={}",
    "core.alternateRefsCommand={}",
    "core.hooksPath={folder}/hooks",
    "credential.helper={}",
    "diff.external={}",
    "diff.evil.textconv={}",
    "diff.evil.command={}",
    "filter.evil.clean={}",
    "filter.evil.smudge={}",
    "filter.evil.process={}",
    "merge.evil.driver={}",
    "gpg.program={}",
    "log.showSignature=true",
    "alias.ls-files=!{}",
    "alias.cat-file=!{}",
    "alias.rev-parse=!{}",
    "alias.ls-tree=!{}",
    "alias.config=!{}",
    "uploadpack.packObjectsHook={}",
    "gc.auto=1",
]


def hostile(tmp_path: Path, marker: Path) -> tuple[Path, str]:
    repo = repository(tmp_path / "r", {"a.py": "one\n", "b.py": "b\n"})
    since = git(repo, "rev-parse", "HEAD")
    write(repo, {"a.py": "two\n", ".gitattributes": "*.py filter=evil diff=evil merge=evil\n"})
    commit(repo)
    for hook in ("post-index-change", "post-checkout", "reference-transaction", "fsmonitor-watchman", "pre-auto-gc"):
        for folder in (tmp_path / "hooks", repo / ".git/hooks"):
            folder.mkdir(exist_ok=True)
            (folder / hook).write_bytes(marker.read_bytes())
            (folder / hook).chmod(0o700)
    write(repo, {"b.py": "B\n", "untracked.py": "u"})
    for name in ("a.py", ".gitattributes"):
        os.utime(repo / name, (1, 1))  # git's index no longer vouches for them
    return repo, since


@pytest.mark.parametrize("setting", SETTINGS)
def test_no_setting_of_a_repository_runs_a_program(tmp_path: Path, marker: Path, setting: str) -> None:
    repo, since = hostile(tmp_path, marker)
    key, _, value = setting.partition("=")
    git(repo, "config", key, value.format(str(marker), folder=tmp_path))
    read_every_way(repo, since)
    assert not (tmp_path / "ran").exists()


def test_the_trap_is_live(tmp_path: Path, marker: Path) -> None:
    """The same settings do run under a git that trusts them, so the tests above can fail."""
    repo, _ = hostile(tmp_path, marker)
    git(repo, "config", "filter.evil.clean", str(marker))
    git(repo, "config", "core.fsmonitor", str(marker))
    git(repo, "status")
    assert (tmp_path / "ran").exists()


def test_an_included_configuration_runs_nothing(tmp_path: Path, marker: Path) -> None:
    repo, since = hostile(tmp_path, marker)
    write(
        tmp_path, {"more": f'[core]\n fsmonitor = {marker}\n[filter "evil"]\n clean = {marker}\n process = {marker}\n'}
    )
    git(repo, "config", "include.path", str(tmp_path / "more"))
    read_every_way(repo, since)
    assert not (tmp_path / "ran").exists()


@pytest.mark.parametrize("url", ["ext::{} x", "ssh://example.invalid/x", "file://{}"])
def test_a_missing_object_is_a_gap_and_not_fetched(tmp_path: Path, marker: Path, url: str) -> None:
    repo = repository(tmp_path / "r", {"a.py": "gone", "b.py": "here"})
    oid = git(repo, "rev-parse", "HEAD:a.py")
    (repo / ".git/objects" / oid[:2] / oid[2:]).unlink()
    for key, value in {
        "extensions.partialClone": "origin",
        "remote.origin.promisor": "true",
        "remote.origin.url": url.format(marker),
        "remote.origin.uploadpack": str(marker),
        "core.sshCommand": str(marker),
        "protocol.ext.allow": "always",
        "protocol.allow": "always",
        "core.repositoryFormatVersion": "1",
    }.items():
        git(repo, "config", key, value)
    for staged in (False, True):
        found = collected(repo, "" if staged else "HEAD", staged=staged)
        assert (paths(found), gaps(found)) == (["b.py"], {"a.py": "missing-object"})
    assert not (tmp_path / "ran").exists()


def test_a_submodule_is_not_entered(tmp_path: Path, marker: Path) -> None:
    inner = repository(tmp_path / "inner", {"i.py": "1"})
    repo = repository(tmp_path / "r", {"a.py": "1"})
    since = git(repo, "rev-parse", "HEAD")
    git(repo, "submodule", "--quiet", "add", str(inner), "sub")
    commit(repo)
    git(repo / "sub", "config", "core.fsmonitor", str(marker))
    git(repo, "config", "submodule.recurse", "true")
    git(repo, "config", "diff.submodule", "log")
    write(repo, {"sub/i.py": "2"})
    read_every_way(repo, since)
    assert not (tmp_path / "ran").exists()


def test_the_work_tree_is_where_the_user_pointed(tmp_path: Path) -> None:
    write(tmp_path, {"elsewhere/secret.py": "s"})
    repo = repository(tmp_path / "r", {"a.py": "a"})
    git(repo, "config", "core.worktree", str(tmp_path / "elsewhere"))
    assert paths(collected(repo)) == ["a.py"]
    assert paths(collected(repo, "HEAD")) == ["a.py"]


def test_a_bare_repository_cannot_hide_files_by_a_work_tree_of_its_own(tmp_path: Path) -> None:
    bare = bare_clone(repository(tmp_path / "r", {"a.py": "a"}), tmp_path / "b.git")
    git(bare, "config", "core.bare", "false")
    git(bare, "config", "core.worktree", str(tmp_path))
    assert paths(collected(bare)) == ["a.py"]


def test_a_replaced_object_is_not_read_for_the_real_one(tmp_path: Path) -> None:
    repo = repository(tmp_path / "r", {"a.py": "real", "b.py": "fake"})
    git(repo, "replace", git(repo, "rev-parse", "HEAD:a.py"), git(repo, "rev-parse", "HEAD:b.py"))
    assert contents(repo, "HEAD")["a.py"] == b"real"


@pytest.mark.parametrize(
    "path", ["../secret.py", ".git/config", "x/../../secret.py", "sub/.GIT/config", "x/./secret.py"]
)
def test_a_tree_that_names_paths_outside_of_itself_is_not_followed(tmp_path: Path, path: str) -> None:
    write(tmp_path, {"secret.py": "s"})
    repo = repository(tmp_path / "r", {"a.py": "a"})
    oid = git(repo, "hash-object", "-w", "--stdin", stdin=b"x")
    inner = oid
    kind = "100644"
    for part in reversed(path.split("/")):
        record = f"{kind} {part}\0".encode() + bytes.fromhex(inner)
        inner = git(repo, "hash-object", "-t", "tree", "--literally", "-w", "--stdin", stdin=record)
        kind = "40000"
    made = git(repo, "commit-tree", "-m", "evil", inner)
    found = collected(repo, made)
    assert found.files == ()
    assert list(gaps(found).values()) == ["unsafe-path"]


def test_an_index_that_names_paths_outside_of_itself_is_not_followed(tmp_path: Path) -> None:
    write(tmp_path, {"secret.py": "s"})
    repo = repository(tmp_path / "r", {"aa/secret.py": "a", "b.py": "b"})
    index = repo / ".git/index"
    raw = index.read_bytes().replace(b"aa/secret.py", b"../secret.py")[:-20]
    index.write_bytes(raw + _sha1(raw))
    found = collected(repo)
    assert "../secret.py" not in paths(found)
    assert "s" not in {file.load(9).decode() for file in found.files}


def _sha1(raw: bytes) -> bytes:
    import hashlib

    return hashlib.sha1(raw).digest()


def test_a_tree_that_unfolds_without_end_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(door, "_MAX_OUTPUT", 1 << 20)
    repo = repository(tmp_path / "r", {"a.py": "a"})
    inner, kind = git(repo, "rev-parse", "HEAD:a.py"), "100644"
    for _ in range(8):
        records = b"".join(f"{kind} d{i}\0".encode() + bytes.fromhex(inner) for i in range(10))
        inner, kind = git(repo, "hash-object", "-t", "tree", "-w", "--stdin", stdin=records), "40000"
    with pytest.raises(TargetError, match="lists more than 1 MiB"):
        collected(repo, git(repo, "commit-tree", "-m", "bomb", inner))


def test_a_git_that_hangs_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    repo = repository(tmp_path / "r", {"a.py": "a"})
    (repo / ".git/info/exclude").unlink(missing_ok=True)
    os.mkfifo(repo / ".git/info/exclude")
    with pytest.raises(door.GitError, match="longer than"):
        door.output(door.Repository(str(repo / ".git"), str(repo)), "ls-files", "-o", "--exclude-standard", seconds=0.3)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file away")
def test_a_repository_of_another_user_can_be_read(tmp_path: Path) -> None:
    repo = repository(tmp_path / "r", {"a.py": "a"})
    bare = bare_clone(repo, tmp_path / "b.git")
    subprocess.run(["chown", "-R", "12345:12345", str(repo), str(bare)], check=True)
    assert paths(collected(repo)) == paths(collected(repo, "HEAD")) == paths(collected(bare)) == ["a.py"]
    assert collected(repo).commit == collected(bare).commit


@pytest.mark.parametrize("revision", ["--output=x", "-h", "HEAD\nHEAD", "--all", "a\0b"])
def test_an_option_is_not_a_revision(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, revision: str) -> None:
    repo = repository(tmp_path / "r", {"a.py": "a"})
    monkeypatch.chdir(repo)
    with pytest.raises(TargetError, match="no such revision"):
        collected(repo, revision)
    with pytest.raises(TargetError, match="no such revision"):
        collected(repo, since=revision)
    assert os.listdir(repo) in (["a.py", ".git"], [".git", "a.py"])


def test_variables_of_a_hook_do_not_lead_elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    other = repository(tmp_path / "other", {"other.py": "o"})
    repo = repository(tmp_path / "r", {"a.py": "a"})
    monkeypatch.setenv("GIT_DIR", str(other / ".git"))
    monkeypatch.setenv("GIT_WORK_TREE", str(other))
    monkeypatch.setenv("GIT_INDEX_FILE", str(other / ".git/index"))
    monkeypatch.setenv("GIT_OBJECT_DIRECTORY", str(other / ".git/objects"))
    for found in (collected(repo), collected(repo, "HEAD"), collected(repo, staged=True)):
        assert paths(found) == ["a.py"]


def test_nothing_is_written_into_the_repository(tmp_path: Path, marker: Path) -> None:
    repo, since = hostile(tmp_path, marker)
    before = {path: path.stat().st_mtime_ns for path in repo.rglob("*")}
    read_every_way(repo, since)
    assert {path: path.stat().st_mtime_ns for path in repo.rglob("*")} == before


def test_a_program_of_the_tree_is_not_taken_for_git(
    tmp_path: Path, marker: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    repo = repository(tmp_path / "r", {"git": marker.read_bytes(), "a.py": "a"})
    (repo / "git").chmod(0o700)
    monkeypatch.setenv("PATH", os.pathsep.join(("", ".", os.environ["PATH"])))
    monkeypatch.chdir(repo)
    assert paths(collected(".")) == paths(collected(".", "HEAD")) == ["a.py", "git"]
    assert not (tmp_path / "ran").exists()


def test_a_pipe_among_the_data_of_git_does_not_hang(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    repo = repository(tmp_path / "r", {"a.py": "a"})
    os.mkfifo(repo / ".git/commondir")
    monkeypatch.setattr(door, "_SECONDS", 0.5)
    found = collected(repo)
    assert paths(found) == ["a.py"]


def test_what_git_complains_of_names_no_folder_of_this_machine(tmp_path: Path) -> None:
    write(tmp_path, {"r/.git": "gitdir: /nowhere/at/all\n", "r/a.py": "a"})
    found = collected(tmp_path / "r")
    assert paths(found) == ["a.py"]
    assert gaps(found) == {".": "git-unreadable"}
    assert str(tmp_path) not in found.gaps[0].message


def test_a_folder_that_only_looks_like_git_data_is_read_as_the_work_tree_it_is(tmp_path: Path) -> None:
    """A bare repository tracked inside a work tree must not take its place."""
    repo = repository(tmp_path / "r", {"HEAD": "ref: refs/heads/x", "objects/x": "", "refs/x": "", "a.py": "a"})
    assert paths(collected(repo)) == ["HEAD", "a.py", "objects/x", "refs/x"]
