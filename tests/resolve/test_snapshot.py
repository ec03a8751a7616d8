"""The embedded data: what a build keeps and refuses, and that what is opened is what was built."""

from __future__ import annotations

import sqlite3
import stat
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest

from auditor.domain.model import Relation
from auditor.domain.reference import Confidence
from auditor.errors import SnapshotError
from auditor.resolve import snapshot as module
from auditor.resolve.build import Built, build
from auditor.resolve.compile import compile
from auditor.resolve.snapshot import Snapshot
from auditor.resolve.verify import verify

SOURCES = """
[[source]]
match = "pypi:sure"
edges = "high"
aliases = "high"
says = "states it"
[[source]]
match = "pypi:pairs"
edges = "medium"
aliases = "medium"
[[source]]
match = "pypi:lists"
[unusable]
schemes = ["display"]
[relations]
alias = "reupload"
[[wrong]]
child = "org/base"
parent = "packer/base-copy"
because = "the wrong way round"
"""
MODELS = (
    "model_id\tdownloads\tpipeline_tag\tlicense\tsource",
    "org/Base-7B\t900\ttext-generation\tmit\tpypi:sure==1 | pypi:lists==2",
    "Org/base-7b\t\t\t\tpypi:lists==2",
    "fan/Base-7B\t3\ttext-generation\t\tpypi:lists==2",
    "no slash\t\t\t\tpypi:lists==2",
    "org/secret\t\t\t\tpypi:dumped==1",
)
EDGES = (
    "child_id\trelation\tparent_id\tsource",
    "org/tuned\tfinetune\tORG/BASE-7B\tpypi:sure==1",
    "org/tuned\tfinetune\torg/tuned\tpypi:sure==1",
    "packer/b-GGUF\tquantized\torg/Base-7B\tpypi:pairs==1",
    "packer/b-GGUF\tquantized\tfan/Base-7B\tpypi:pairs==1",
    "packer/c-GGUF\tquantized\tfan/Base-7B\tpypi:pairs==1",
    "packer/c-GGUF\tquantized\torg/other\tpypi:pairs==1 | pypi:sure==1",
    "packer/base-copy\talias\torg/base\tpypi:sure==1",
    "org/base\talias\tpacker/base-copy\tpypi:sure==1",
    "a/a\tmarried\tb/b\tpypi:sure==1",
    "a/a\tfinetune\tb/b\tpypi:lists==1",
)
ALIASES = (
    "scheme\talias\thf_id\tsource",
    "ollama\tBase:7b\torg/base-7b\tpypi:sure==1",
    "ollama\tbase\torg/base-7b\tpypi:sure==1#name-matched",
    "litellm:router\trouter/org/base-7b\torg/base-7b\tpypi:sure==1#verbatim",
    "provider-prefix:router\trouter/acme/slug-1\tacme/slug-1\tpypi:sure==1",
    "display\tThe Base\torg/base-7b\tpypi:sure==1",
)


_OPENED: list[Snapshot] = []


def open_snapshot(path: Path | None = None) -> Snapshot:
    """As the program opens it; closed when the test is over."""
    _OPENED.append(module.open_snapshot(path))
    return _OPENED[-1]


@pytest.fixture(autouse=True)
def closed() -> Iterator[None]:
    yield
    while _OPENED:
        _OPENED.pop().close()


@pytest.fixture
def tables(tmp_path: Path) -> Path:
    folder = tmp_path / "tables"
    folder.mkdir()
    (folder / "sources.toml").write_text(SOURCES)
    for name, rows in (("models", MODELS), ("edges", EDGES), ("aliases", ALIASES)):
        (folder / f"{name}.tsv").write_text("\n".join(rows) + "\n")
    return folder


@pytest.fixture
def built(tables: Path, tmp_path: Path) -> Path:
    build(tables, tmp_path / "out", built="2026-11-24")
    return tmp_path / "out"


@pytest.fixture(autouse=True)
def _cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


def _build(tables: Path, out: Path) -> Built:
    return build(tables, out, built="2026-11-24")


def test_the_same_tables_give_the_same_bytes(tables: Path, tmp_path: Path) -> None:
    _build(tables, tmp_path / "one")
    _build(tables, tmp_path / "two")
    one, two = (sorted((tmp_path / name).iterdir()) for name in ("one", "two"))
    assert [p.read_bytes() for p in one] == [p.read_bytes() for p in two]


def test_what_is_built_can_be_built_again_from_itself(tables: Path, tmp_path: Path) -> None:
    first = _build(tables, tmp_path / "one")
    assert _build(tmp_path / "one", tmp_path / "two").digest == first.digest


def test_what_is_refused_is_counted(tables: Path, tmp_path: Path) -> None:
    assert dict(_build(tables, tmp_path / "out").dropped) == {
        "aliases: a provider's own slug, no known model": 1,
        "aliases: table cannot be looked up by": 1,
        "edges: a model as its own parent": 1,
        "edges: another base paired by name": 2,
        "edges: known to be wrong": 1,
        "edges: relation 'married' not in the vocabulary": 1,
        "edges: source not shipped": 1,
        "models: malformed id": 1,
        "models: same id in another case": 1,
        "models: source not shipped": 1,
    }


def test_cycles_are_reported_and_kept(tables: Path, tmp_path: Path) -> None:
    rows = ("child\trelation\tparent\tsource", "a/a\tfinetune\tb/b\tpypi:sure==1", "b/b\tfinetune\ta/a\tpypi:sure==1")
    (tables / "edges.tsv").write_text("\n".join(rows) + "\n")
    made = _build(tables, tmp_path / "out")
    assert made.problems == ("cycle: a/a -> b/b -> a/a",)
    assert made.edges == 2


def test_parents_of_which_no_more_is_known_are_counted(tables: Path, tmp_path: Path) -> None:
    assert _build(tables, tmp_path / "out").dangling == 2  # org/other, org/base


def test_a_record_is_found_in_any_case_and_given_in_one(built: Path) -> None:
    snapshot = open_snapshot(built)
    record = snapshot.record("ORG/tuned")
    assert record is not None
    assert record.id == "org/tuned"
    assert [(e.parent, e.relation, e.confidence) for e in record.parents] == [
        ("org/Base-7B", Relation.FINETUNE, Confidence.HIGH)
    ]
    assert record.parents[0].evidence.source == "snapshot"
    assert record.parents[0].evidence.detail == "states it (sure 1)"
    assert record.parents[0].evidence.url == "https://pypi.org/project/sure/1/"
    base = snapshot.record("org/base-7b")
    assert base is not None
    assert (base.license, base.modality) == ("mit", "text")
    assert snapshot.hub_id("org/base-7b") == "org/Base-7B"
    assert snapshot.record("who/knows") is None
    assert snapshot.author_known("Org")
    assert not snapshot.author_known("who")


def test_of_bases_paired_by_name_the_one_in_use_is_kept_and_a_sure_one_outranks_them(built: Path) -> None:
    snapshot = open_snapshot(built)
    parents = {
        name: [e.parent for e in found.parents]
        for name in ("packer/b-GGUF", "packer/c-GGUF")
        if (found := snapshot.record(name))
    }
    assert parents == {"packer/b-GGUF": ["org/Base-7B"], "packer/c-GGUF": ["org/other"]}


def test_aliases_carry_how_the_pair_was_made(built: Path) -> None:
    snapshot = open_snapshot(built)
    assert [(a.hub_id, a.confidence) for a in snapshot.alias("base:7B", "ollama")] == [("org/Base-7B", Confidence.HIGH)]
    assert [a.confidence for a in snapshot.alias("base")] == [Confidence.MEDIUM]
    assert [a.scheme for a in snapshot.alias("org/base-7b")] == ["provider:router"]
    assert snapshot.alias("base", "docker") == ()


def test_ids_are_found_by_a_basename_of_like_spelling(built: Path) -> None:
    assert open_snapshot(built).named("base_7b") == ("fan/Base-7B", "org/Base-7B")


def test_a_name_that_is_no_text_is_not_known(built: Path) -> None:
    assert open_snapshot(built).record("a/\udcff") is None


def test_a_second_opening_does_not_compile_again(built: Path, tmp_path: Path) -> None:
    open_snapshot(built).close()
    (kept,) = (tmp_path / "cache").rglob("*.sqlite")
    before = kept.stat().st_mtime_ns
    open_snapshot(built).close()
    assert kept.stat().st_mtime_ns == before


def test_a_damaged_copy_in_the_cache_is_made_anew(built: Path, tmp_path: Path) -> None:
    open_snapshot(built).close()
    (kept,) = (tmp_path / "cache").rglob("*.sqlite")
    kept.write_bytes(b"not a database")
    assert open_snapshot(built).hub_id("org/base-7b") == "org/Base-7B"


def test_a_copy_that_others_may_write_is_not_trusted(built: Path, tmp_path: Path) -> None:
    open_snapshot(built).close()
    (kept,) = (tmp_path / "cache").rglob("*.sqlite")
    kept.parent.chmod(stat.S_IRWXU | stat.S_IRWXG | stat.S_IRWXO)
    with closing(sqlite3.connect(kept)) as db, db:
        db.execute("UPDATE model SET id = 'planted/model'")
    assert open_snapshot(built).hub_id("org/base-7b") == "org/Base-7B"


def test_a_cache_that_cannot_be_written_is_done_without(
    built: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    before = set(tmp_path.iterdir())
    snapshot = open_snapshot(built)
    assert snapshot.hub_id("org/base-7b") == "org/Base-7B"
    assert set(tmp_path.iterdir()) == before


def test_many_may_open_an_uncompiled_snapshot_at_once(built: Path) -> None:
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda _: open_snapshot(built).hub_id("org/base-7b"), range(8)))
    assert found == ["org/Base-7B"] * 8


def test_a_compiled_file_can_be_opened_by_itself(built: Path, tmp_path: Path) -> None:
    compile(built, tmp_path / "s.sqlite")
    assert verify(tmp_path / "s.sqlite").problems == ()
    assert open_snapshot(tmp_path / "s.sqlite").info().models == 2


@pytest.mark.parametrize("content", [b"", b"not a database"])
def test_another_file_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "x.sqlite").write_bytes(content)
    with pytest.raises(SnapshotError, match="not a snapshot"):
        open_snapshot(tmp_path / "x.sqlite")


def test_a_missing_snapshot_says_what_to_give(tmp_path: Path) -> None:
    with pytest.raises(SnapshotError, match="no snapshot at"):
        open_snapshot(tmp_path / "none")


def test_verify_sees_a_changed_table_and_a_missing_one(built: Path) -> None:
    assert verify(built).problems == ()
    (built / "edges.tsv.gz").write_bytes((built / "models.tsv.gz").read_bytes())
    (built / "aliases.tsv.gz").unlink()
    assert verify(built).problems == (
        "edges.tsv.gz is not the file that MANIFEST.toml describes",
        "aliases.tsv.gz is missing",
    )
