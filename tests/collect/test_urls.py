from __future__ import annotations

import tempfile
from pathlib import Path

import pytest

from auditor.collect import opened
from auditor.collect.address import is_url, last_part, protocol_of, public, shown
from auditor.domain.source import Part, Target, TargetKind
from auditor.errors import TargetError
from tests.collect.repos import collected, commit, contents, git, paths, repository, write


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


@pytest.fixture
def remote(tmp_path: Path) -> Path:
    repo = repository(tmp_path / "acme", {"a.py": "1", "b.py": "b"})
    git(repo, "tag", "v1")
    write(repo, {"a.py": "2"})
    commit(repo)
    return repo


def test_a_url_is_fetched_read_and_removed(remote: Path, temporary: Path) -> None:
    with opened(Target(f"file://{remote}")) as found:
        assert {file.path: file.load(9) for file in found.files} == {"a.py": b"2", "b.py": b"b"}
        assert (found.kind, found.parts) == (TargetKind.URL, (Part("acme", "."),))
        assert found.commit == git(remote, "rev-parse", "HEAD")
        assert any(temporary.iterdir())
    assert not any(temporary.iterdir())


def test_only_the_revision_asked_for_is_fetched(remote: Path) -> None:
    url = f"file://{remote}"
    assert contents(url, "v1")["a.py"] == b"1"
    assert contents(url, "main")["a.py"] == b"2"
    assert contents(url, git(remote, "rev-parse", "HEAD"))["a.py"] == b"2"
    assert paths(collected(url, since="v1")) == ["a.py"]


def test_a_failure_leaves_nothing_behind(remote: Path, temporary: Path) -> None:
    def interrupted() -> None:
        with opened(Target(f"file://{remote}")) as found:
            found.files[0].load(1)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    with pytest.raises(TargetError):
        collected(f"file://{remote}", "nope")
    assert not any(temporary.iterdir())


def test_an_unknown_revision_of_a_url_is_said_with_what_there_is(remote: Path) -> None:
    with pytest.raises(TargetError, match="no such revision 'v2'") as raised:
        collected(f"file://{remote}", "v2")
    assert "did you mean 'v1'?" in raised.value.hint
    assert "branches: main" in raised.value.hint


@pytest.mark.parametrize("revision", ["--upload-pack=touch x", "+main:main", "refs/heads/*:refs/heads/*", "^main"])
def test_a_revision_is_never_an_option_or_a_refspec(remote: Path, revision: str) -> None:
    with pytest.raises(TargetError, match="no such revision"):
        collected(f"file://{remote}", revision)


def test_an_empty_remote_is_a_collection_without_files(tmp_path: Path) -> None:
    git(tmp_path, "init", "-q", "--bare", "e.git")
    found = collected(f"file://{tmp_path}/e.git")
    assert (found.files, found.commit, found.parts) == ((), None, (Part("e", "."),))


def test_a_remote_that_is_not_there_is_said_without_secrets(tmp_path: Path) -> None:
    with pytest.raises(TargetError, match="cannot read") as raised:
        collected(f"file://user:secret@{tmp_path}/none.git")
    assert "secret" not in raised.value.message + raised.value.hint


@pytest.mark.parametrize(
    "url",
    [
        "ext::sh -c 'touch x'",
        "fd::17",
        "http://example.com/a.git",
        "git://example.com/a.git",
        "ftp://example.com/a",
        "ssh://-oProxyCommand=x/a",
        "ssh://user@-oProxyCommand=x/a",
        "https://example.com/a\n--upload-pack=x",
    ],
)
def test_an_address_that_could_run_something_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, url: str
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(TargetError) as raised:
        collected(url)
    assert raised.value.hint
    assert not any(tmp_path.iterdir())


def test_only_the_protocol_of_the_url_may_be_used() -> None:
    assert protocol_of("https://example.com/a.git") == "https"
    assert protocol_of("git@example.com:a/b") == "ssh"
    assert protocol_of("file:///srv/a") == "file"


@pytest.mark.parametrize(
    ("url", "safe"),
    [
        ("https://example.com/a/b.git", "https://example.com/a/b.git"),
        ("https://token@example.com/a", "https://example.com/a"),
        ("https://u:p%40@example.com:8443/a?access_token=x#y", "https://example.com:8443/a"),
        ("https://u:p@ss@example.com/a@b", "https://example.com/a@b"),
        ("ssh://git@example.com:22/a", "ssh://example.com:22/a"),
        ("git@example.com:a/b.git", "example.com:a/b.git"),
    ],
)
def test_a_url_is_shown_without_what_may_be_secret(url: str, safe: str) -> None:
    assert shown(url) == safe


@pytest.mark.parametrize(
    ("location", "expected"),
    [
        ("https://example.com/a", True),
        ("git@example.com:a/b.git", True),
        ("example.com:a/b", True),
        ("ext::sh", True),
        (".", False),
        ("src/a:b", False),
        ("./host:path", False),
        ("C:/work", False),
        ("acme", False),
        ("-x", False),
    ],
)
def test_a_path_is_told_from_an_address(location: str, expected: bool) -> None:
    assert is_url(location) is expected


def test_a_path_that_exists_is_never_an_address(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(write(tmp_path, {"host:path/a.py": "1"}))
    assert paths(collected("host:path")) == ["a.py"]


def test_a_repository_is_called_by_the_last_part_of_its_address() -> None:
    names = [
        "https://example.com/a/search.git",
        "git@example.com:search",
        "/srv/search/.git",
        "https://e.com/search/?x=/y",
    ]
    assert {last_part(name) for name in names} == {"search"}


def test_a_path_of_this_machine_is_not_public() -> None:
    assert public("file:///srv/a.git") is None
    assert public("/srv/a.git") is None
    assert public("https://t@example.com/a") == "https://example.com/a"
