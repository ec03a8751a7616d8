"""Newer lineage data: what is taken, what is refused, and that the old stays in use until the new one verifies."""

from __future__ import annotations

import gzip
import hashlib
import io
import shutil
import tarfile
from pathlib import Path

import pytest

from auditor.errors import SnapshotError
from auditor.resolve import place
from auditor.resolve.build import build
from auditor.resolve.place import embedded, installed, newest
from auditor.resolve.tables import read_manifest
from auditor.resolve.update import home, update
from auditor.resolve.verify import verify

SOURCES = '[[source]]\nmatch = "pypi:sure"\nedges = "high"\naliases = "high"\nsays = "states it"\n'
MODELS = ("id\tdownloads\ttask\tlicense\tsource", "org/base\t9\ttext-generation\tmit\tpypi:sure==1")
EDGES = ("child\trelation\tparent\tsource", "org/tuned\tfinetune\torg/base\tpypi:sure==1")


@pytest.fixture(autouse=True)
def _own_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


def made(folder: Path, *, built: str = "2030-01-01", edges: tuple[str, ...] = EDGES) -> Path:
    tables = folder / "tables"
    tables.mkdir(parents=True)
    (tables / "sources.toml").write_text(SOURCES)
    (tables / "models.tsv").write_text("\n".join(MODELS) + "\n")
    (tables / "edges.tsv").write_text("\n".join(edges) + "\n")
    (tables / "aliases.tsv").write_text("scheme\talias\thub_id\tsource\n")
    build(tables, folder / "snapshot", built=built)
    return folder / "snapshot"


def archived(snapshot: Path, to: Path) -> Path:
    with tarfile.open(to, "w:gz") as archive:
        archive.add(snapshot, arcname="release-1/snapshot")
    return to


def test_before_any_update_the_embedded_data_is_in_use() -> None:
    assert (installed(), newest()) == (None, embedded())


@pytest.mark.parametrize("form", ["folder", "archive"])
def test_what_verifies_is_taken_and_is_in_use(tmp_path: Path, form: str) -> None:
    snapshot = made(tmp_path / "new")
    source = snapshot if form == "folder" else archived(snapshot, tmp_path / "new.tar.gz")
    taken = update(str(source), home())
    assert (taken.models, taken.edges, taken.built) == (1, 1, "2030-01-01")
    assert newest() == installed()
    assert read_manifest(newest()).digest == taken.id
    assert verify(newest()).problems == ()


def test_data_older_than_what_came_with_the_program_is_kept_and_not_used(tmp_path: Path) -> None:
    update(str(made(tmp_path / "old", built="2020-01-01")), home())
    assert newest() == embedded()


def test_what_does_not_verify_changes_nothing(tmp_path: Path) -> None:
    first = update(str(made(tmp_path / "first")), home())
    broken = made(tmp_path / "second", built="2031-01-01")
    (broken / "edges.tsv.gz").write_bytes(b"")
    with pytest.raises(SnapshotError, match="was not taken"):
        update(str(broken), home())
    assert read_manifest(newest()).digest == first.id
    assert sorted(path.name for path in home().iterdir()) == sorted([first.id[:32], "current"])


def test_of_earlier_updates_one_is_kept(tmp_path: Path) -> None:
    ids = [
        update(
            str(made(tmp_path / day, built=day, edges=(*EDGES, f"org/{day}\tfinetune\torg/base\tpypi:sure==1"))), home()
        ).id
        for day in ("2030-01-01", "2030-01-02", "2030-01-03")
    ]
    assert {path.name for path in home().iterdir()} == {"current", ids[1][:32], ids[2][:32]}


def test_another_digest_than_the_one_expected_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SnapshotError, match="its digest is"):
        update(str(made(tmp_path / "new")), home(), digest="00ff")
    assert installed() is None


@pytest.mark.parametrize("content", [b"", b"no archive", gzip.compress(b"no archive")], ids=["empty", "text", "gzip"])
def test_what_is_no_archive_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "x.tar.gz").write_bytes(content)
    with pytest.raises(SnapshotError, match="was not taken"):
        update(str(tmp_path / "x.tar.gz"), home())


def test_a_cut_archive_is_refused(tmp_path: Path) -> None:
    whole = archived(made(tmp_path / "new"), tmp_path / "new.tar.gz").read_bytes()
    (tmp_path / "cut.tar.gz").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(SnapshotError, match="was not taken"):
        update(str(tmp_path / "cut.tar.gz"), home())
    assert installed() is None


def test_an_archive_writes_nothing_but_a_snapshot_s_own_files(tmp_path: Path) -> None:
    snapshot = made(tmp_path / "new")
    with tarfile.open(tmp_path / "evil.tar", "w") as archive:
        archive.add(snapshot, arcname="snapshot")
        for name in ("../../escaped", "/tmp/escaped", "snapshot/more.py"):
            evil = tarfile.TarInfo(name)
            evil.size = 4
            archive.addfile(evil, io.BytesIO(b"evil"))
        link = tarfile.TarInfo("MANIFEST.toml")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        archive.addfile(link)
    update(str(tmp_path / "evil.tar"), home())
    names = {path.name for path in newest().iterdir()}
    assert names == {"MANIFEST.toml", "sources.toml", "models.tsv.gz", "edges.tsv.gz", "aliases.tsv.gz"}
    assert not list(tmp_path.rglob("escaped"))


@pytest.mark.parametrize("address", ["http://127.0.0.1:9/s.tar.gz", "ftp://example.com/s.tar.gz", "file:///etc/passwd"])
def test_only_https_is_fetched(address: str) -> None:
    with pytest.raises(SnapshotError):
        update(address, home())
    assert installed() is None


def test_nothing_at_the_place_named_says_what_to_give(tmp_path: Path) -> None:
    with pytest.raises(SnapshotError, match="no snapshot at"):
        update(str(tmp_path / "nothing"), home())


def test_a_lost_folder_falls_back_to_the_embedded_data(tmp_path: Path) -> None:
    update(str(made(tmp_path / "new")), home())
    shutil.rmtree(newest())
    assert newest() == embedded()


def test_a_pointer_that_leads_elsewhere_is_not_followed(tmp_path: Path) -> None:
    home().mkdir(parents=True)
    (home() / place.CURRENT).write_text(f"{made(tmp_path / 'new')}\n")
    assert newest() == embedded()


def test_cycles_and_unknown_parents_are_remarks_and_no_fault(tmp_path: Path) -> None:
    edges = (
        *EDGES,
        "a/a\tfinetune\tb/b\tpypi:sure==1",
        "b/b\tmerge\ta/a\tpypi:sure==1",
        "c/c\tmerge\tno/body\tpypi:sure==1",
    )
    found = verify(made(tmp_path / "new", edges=edges))
    assert found.problems == ()
    assert found.remarks == ("cycle: a/a -> b/b -> a/a", "1 parents of which no more is known, such as no/body")


def changed(snapshot: Path, table: str, text: str) -> None:
    """Another content of a table, with the manifest made to fit: only the values can be wrong."""
    path = snapshot / f"{table}.tsv.gz"
    before = hashlib.sha256(path.read_bytes()).hexdigest()
    path.write_bytes(gzip.compress(text.encode()))
    manifest = snapshot / "MANIFEST.toml"
    manifest.write_text(manifest.read_text().replace(before, hashlib.sha256(path.read_bytes()).hexdigest()))


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ("a\tmarried\tb\thigh\tpypi:sure==1", "1 rows with a relation that is none"),
        ("a\tfinetune\tb\tcertain\tpypi:sure==1", "1 rows with a confidence that is none"),
        ("\tfinetune\tb\thigh\tpypi:sure==1", "1 rows without a name in child"),
        ("a\tfinetune\tb\thigh", "1 rows without source"),
    ],
)
def test_a_row_that_breaks_the_schema_is_a_fault(tmp_path: Path, row: str, told: str) -> None:
    snapshot = made(tmp_path / "new")
    changed(snapshot, "edges", f"child\trelation\tparent\tconfidence\tsource\n{row}\n")
    assert f"edges.tsv.gz: {told}" in verify(snapshot).problems
