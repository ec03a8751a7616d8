from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.collect import opened
from auditor.collect.select import printable
from auditor.domain.source import Target
from tests.collect.repos import collected, gaps, paths, repository, write

LONG = b"x = 1\n" * 500_000  # 3 MB


def test_a_long_text_is_a_gap_and_not_a_file(tmp_path: Path) -> None:
    found = collected(write(tmp_path, {"a.py": LONG, "b.py": "x"}))
    assert paths(found) == ["b.py"]
    assert gaps(found) == {"a.py": "too-large"}
    assert found.files_seen == 2


def test_lockfiles_notebooks_and_json_may_be_longer(tmp_path: Path) -> None:
    names = ["uv.lock", "a.ipynb", "package-lock.json", "pnpm-lock.yaml"]
    found = collected(write(tmp_path, dict.fromkeys(names, LONG)))
    assert paths(found) == sorted(names)


def test_weights_are_kept_whatever_their_size(tmp_path: Path) -> None:
    found = collected(write(tmp_path, {"a.gguf": b"GGUF\0" + LONG, "pytorch_model.bin": b"\0" + LONG}))
    assert paths(found) == ["a.gguf", "pytorch_model.bin"]
    assert not found.gaps


def test_the_limit_can_be_set(tmp_path: Path) -> None:
    write(tmp_path, {"a.py": "x" * 101, "b.json": "1" * 400})
    with opened(Target(str(tmp_path)), max_bytes=100) as found:
        assert paths(found) == ["b.json"]


@pytest.mark.parametrize("name", ["logo.png", "a.zip", "font.woff2", "app.exe", "data.parquet", "x.pyc"])
def test_binaries_are_passed_over_by_their_ending(tmp_path: Path, name: str) -> None:
    found = collected(write(tmp_path, {name: b"\0" + LONG, "a.py": "x"}))
    assert (paths(found), found.gaps, found.files_seen) == (["a.py"], (), 2)


def test_a_long_binary_of_unknown_ending_is_no_gap(tmp_path: Path) -> None:
    assert not collected(write(tmp_path, {"blob.xyz": b"\0\1\2" + LONG})).gaps


def test_tracked_dependencies_are_one_gap_a_folder(tmp_path: Path) -> None:
    files = {"web/node_modules/a/index.js": "1", "web/node_modules/b/node_modules/c/i.js": "1", "web/a.js": "1"}
    found = collected(repository(tmp_path / "r", files))
    assert paths(found) == ["web/a.js"]
    assert [(g.path, g.code, g.message) for g in found.gaps] == [
        ("web/node_modules", "skipped-directory", "2 tracked files not read")
    ]


def test_untracked_dependencies_are_no_gap(tmp_path: Path) -> None:
    repo = repository(tmp_path / "r", {"a.js": "1"})
    write(repo, {"node_modules/a/index.js": "1", ".venv/lib/x.py": "1"})
    found = collected(repo)
    assert (paths(found), found.gaps) == (["a.js"], ())


def test_a_build_output_without_git_is_known_by_the_manifest_beside_it(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "app/package.json": "{}",
            "app/build/a.js": "1",
            "tools/build/a.py": "1",
            "env/pyvenv.cfg": "",
            "env/a.py": "1",
        },
    )
    assert paths(collected(tmp_path)) == ["app/package.json", "tools/build/a.py"]


@given(st.binary(min_size=1), st.binary(min_size=1))
def test_two_paths_are_never_shown_alike(one: bytes, other: bytes) -> None:
    assert (printable(one) == printable(other)) == (one == other)


@given(st.binary())
def test_a_path_is_shown_without_control_characters(raw: bytes) -> None:
    text = printable(raw).encode("utf-8").decode()
    assert not any(ord(c) < 0x20 or 0x7F <= ord(c) < 0xA0 for c in text)


def test_an_ordinary_path_is_shown_as_it_is() -> None:
    assert printable("docs/ユーザー guide (1).md".encode()) == "docs/ユーザー guide (1).md"
    assert printable(rb"win\path") == r"win\path"
    assert printable(b"a\nb\xff") == r"a\x0ab\xff"
