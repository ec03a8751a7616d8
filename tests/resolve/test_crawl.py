"""The crawl of the Hub: every model and stated base, limits obeyed, and taken up again wherever it stopped."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from auditor.domain.model import Relation
from auditor.errors import SnapshotError
from auditor.resolve import crawl as module
from auditor.resolve.build import build
from auditor.resolve.crawl import Progress, crawl
from auditor.resolve.hub import Hub
from auditor.resolve.snapshot import open_snapshot
from auditor.resolve.tables import read_table
from auditor.resolve.verify import verify
from tests.resolve.hubserver import FakeHub, running, status

DAY = "2026-11-24"


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeHub]:
    monkeypatch.setattr(module, "_PAGE", 4)
    with running(FakeHub()) as hub:
        hub.add("org/base", pipeline_tag="text-generation", downloads=7)
        for i in range(9):
            hub.add(f"user/tuned-{i}", "org/base", relation="adapter")
        yield hub


def hub(server: FakeHub) -> Hub:
    return Hub({"HF_ENDPOINT": server.url}, sleep=lambda seconds: None)


def table(folder: Path, name: str) -> list[dict[str, str]]:
    return list(read_table(folder / f"{name}.tsv"))


def test_all_models_and_their_bases_are_listed(server: FakeHub, tmp_path: Path) -> None:
    done = crawl(hub(server), tmp_path, day=DAY)
    assert (done.models, done.edges, done.pages, done.done) == (10, 9, 3, True)
    first = table(tmp_path, "models")[0]
    assert (first["id"], first["downloads"], first["task"]) == ("org/base", "7", "text-generation")
    assert {(row["relation"], row["parent"]) for row in table(tmp_path, "edges")} == {("adapter", "org/base")}


def test_what_was_crawled_can_be_built_and_opened(
    server: FakeHub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    crawl(hub(server), tmp_path / "tables", day=DAY)
    build(tmp_path / "tables", tmp_path / "out", built=DAY)
    assert verify(tmp_path / "out").problems == ()
    snapshot = open_snapshot(tmp_path / "out")
    record = snapshot.record("user/tuned-3")
    snapshot.close()
    assert record is not None
    assert [(edge.parent, edge.relation) for edge in record.parents] == [("org/base", Relation.ADAPTER)]


def test_a_crawl_that_stopped_goes_on_from_the_last_whole_page(server: FakeHub, tmp_path: Path) -> None:
    class Stopped(Exception):
        pass

    def stop(at: Progress) -> None:
        if at.pages == 2:
            raise Stopped

    with pytest.raises(Stopped):
        crawl(hub(server), tmp_path, day=DAY, tell=stop)
    with (tmp_path / "models.tsv").open("a") as file:
        file.write("half of a ro")  # the machine went down within a page
    done = crawl(hub(server), tmp_path, day=DAY)
    assert len(server.asked) == 3
    assert done.models == 10
    assert [row["id"] for row in table(tmp_path, "models")] == list(server.models)


def test_a_crawl_that_is_done_asks_nothing_again(server: FakeHub, tmp_path: Path) -> None:
    crawl(hub(server), tmp_path, day=DAY)
    asked = len(server.asked)
    assert crawl(hub(server), tmp_path, day=DAY).done
    assert len(server.asked) == asked


def test_a_hub_that_fails_stops_the_crawl_and_keeps_what_there_is(server: FakeHub, tmp_path: Path) -> None:
    server.faults["/api/models"] = [
        lambda h: h.send(200, b'[{"id":"a/b"}]', Link=f'<{server.url}/api/models?limit=4&cursor=4>; rel="next"'),
        *[status(500)] * 4,
    ]
    with pytest.raises(SnapshotError, match="stopped after 1 models"):
        crawl(hub(server), tmp_path, day=DAY)
    assert [row["id"] for row in table(tmp_path, "models")] == ["a/b"]


def test_a_next_page_on_another_host_is_not_asked(server: FakeHub, tmp_path: Path) -> None:
    with running(FakeHub()) as other:
        server.faults["/api/models"] = [
            lambda h: h.send(200, b"[]", Link=f'<{other.url}/api/models?cursor=1>; rel="next"')
        ]
        with pytest.raises(SnapshotError, match="elsewhere"):
            crawl(hub(server), tmp_path, day=DAY)
        assert other.asked == []


def test_rows_that_are_no_models_are_passed_over(server: FakeHub, tmp_path: Path) -> None:
    server.models = {
        "ok/ok": {"id": "ok/ok", "pipeline_tag": "text\tgeneration\n", "tags": ["license:mit\tx"]},
        "a": {"id": "a b/c"},
        "b": {"id": 7},
    }
    crawl(hub(server), tmp_path, day=DAY)
    assert table(tmp_path, "models") == [
        {
            "id": "ok/ok",
            "downloads": "",
            "task": "text generation",
            "license": "mit x",
            "source": table(tmp_path, "models")[0]["source"],
        }
    ]


def test_tables_that_lost_rows_are_not_gone_on_with(server: FakeHub, tmp_path: Path) -> None:
    crawl(hub(server), tmp_path, day=DAY)
    (tmp_path / "models.tsv").write_text("")
    with pytest.raises(SnapshotError, match="shorter"):
        crawl(hub(server), tmp_path, day=DAY)
