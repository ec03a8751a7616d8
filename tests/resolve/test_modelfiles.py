"""What a model's own files on the Hub name: read over a real socket, and only where it matters."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from auditor.domain.model import Lineage, Record, Relation
from auditor.domain.reference import Confidence
from auditor.resolve.cache import KeptHub
from auditor.resolve.chain import Resolver
from auditor.resolve.hub import Hub
from auditor.resolve.modelfiles import MOST
from tests.resolve.hubserver import FakeHub, elsewhere, running, status
from tests.resolve.world import RULES, Book, curated, family, hub, record

NOON = 1_795_608_000.0  # 2026-11-25
KNOWN = (record("root/model", root=True), record("root/encoder", root=True))


@pytest.fixture
def server() -> Iterator[FakeHub]:
    with running(FakeHub()) as hub:
        yield hub


def kept(server: FakeHub, folder: Path | None = None) -> KeptHub:
    return KeptHub(Hub({"HF_ENDPOINT": server.url}, sleep=lambda s: None), folder, clock=lambda: NOON)


def resolver(server: FakeHub, folder: Path | None = None, known: tuple[Record, ...] = KNOWN) -> Resolver:
    rules = replace(
        RULES,
        models=tuple(curated(one) for one in known),
        families=(
            *RULES.families,
            replace(family("painter", "ypsi", hub=("ypsi/painter*",), root=True), modality="image"),
        ),
    )
    return Resolver(rules, Book(()), online=kept(server, folder))


def lineage(asking: Resolver, name: str) -> Lineage:
    (resolution,) = asking.resolve([hub(name)])
    assert resolution.lineage is not None
    return resolution.lineage


def told(found: Lineage) -> list[tuple[str, Relation, Confidence, str]]:
    return [(e.parent, e.relation, e.confidence, e.evidence.detail) for e in found.edges]


def pipeline(server: FakeHub, id: str = "new/pipeline", **more: Any) -> None:
    server.add(id, pipeline_tag="text-to-image")
    server.put(id, "model_index.json", {"_class_name": "Pipeline", "text_encoder": ["transformers", "T5"], **more})
    for known in KNOWN:
        server.add(known.id)


def test_the_parts_of_a_pipeline_are_components(server: FakeHub) -> None:
    pipeline(server)
    server.put("new/pipeline", "text_encoder/config.json", {"_name_or_path": "root/encoder"})
    server.put("new/pipeline", "vae/config.json", {"_class_name": "AutoencoderKL", "_name_or_path": "../vae"})
    found = lineage(resolver(server), "new/pipeline")
    assert told(found) == [
        (
            "root/encoder",
            Relation.COMPONENT,
            Confidence.MEDIUM,
            "text_encoder/config.json, _name_or_path",
        )
    ]
    assert found.components == ("root/encoder",)
    assert server.read == [
        "new/pipeline/model_index.json",
        "new/pipeline/text_encoder/config.json",
        "new/pipeline/vae/config.json",
    ]


def test_a_pipeline_says_what_it_was_loaded_from_and_a_modular_one_where_its_parts_are(server: FakeHub) -> None:
    origin = {"pretrained_model_name_or_path": "root/encoder", "subfolder": "text_encoder"}
    pipeline(server, _name_or_path="root/model", text_encoder=["transformers", "T5", origin])
    found = lineage(resolver(server), "new/pipeline")
    assert [(edge.parent, edge.relation) for edge in found.edges] == [
        ("root/model", Relation.UNSTATED),
        ("root/encoder", Relation.COMPONENT),
    ]
    assert (found.roots, found.complete) == (("root/model",), True)


def test_towers_of_a_model_that_joins_media_are_components(server: FakeHub) -> None:
    server.add("new/sees", pipeline_tag="image-text-to-text")
    server.add("root/encoder")
    server.put(
        "new/sees",
        "config.json",
        {
            "_name_or_path": "/data/run",
            "text_config": {"_name_or_path": "out/checkpoint-100"},
            "vision_config": {"_name_or_path": "root/encoder"},
        },
    )
    found = lineage(resolver(server), "new/sees")
    assert found.components == ("root/encoder",)
    assert not found.complete  # what its own weights started from is still not known


def test_a_folder_on_its_maker_s_disk_is_no_model(server: FakeHub) -> None:
    pipeline(server)
    server.put("new/pipeline", "unet/config.json", {"_name_or_path": "output/checkpoint-500"})
    assert lineage(resolver(server), "new/pipeline").edges == ()
    assert server.paths == ["new/pipeline", "output/checkpoint-500"]


def test_an_adapter_s_file_is_read_where_the_page_does_not_tell(server: FakeHub) -> None:
    server.add("new/lora")
    server.add("root/model")
    server.put("new/lora", "adapter_config.json", {"base_model_name_or_path": "root/model", "r": 8})
    found = lineage(resolver(server), "new/lora")
    assert told(found) == [
        ("root/model", Relation.ADAPTER, Confidence.MEDIUM, "adapter_config.json, base_model_name_or_path")
    ]
    assert (found.roots, found.complete) == (("root/model",), True)


@pytest.mark.parametrize("task", ["text-generation", None])
def test_the_configuration_of_a_plain_model_is_not_read(server: FakeHub, task: str | None) -> None:
    server.add("new/plain", pipeline_tag=task)
    server.put("new/plain", "config.json", {"_name_or_path": "root/model"})
    lineage(resolver(server), "new/plain")
    assert (server.paths, server.read) == (["new/plain"], [])


def test_no_file_is_read_where_the_page_states_a_base(server: FakeHub) -> None:
    server.add("new/tuned", "root/model", pipeline_tag="text-to-image")
    server.put("new/tuned", "model_index.json", {"_name_or_path": "other/model"})
    assert [edge.parent for edge in lineage(resolver(server), "new/tuned").edges] == ["root/model"]
    assert (server.paths, server.read) == (["new/tuned"], [])


def test_a_root_by_the_rules_that_paints_is_asked_for_its_parts_and_stays_a_root(server: FakeHub) -> None:
    pipeline(server, "ypsi/painter-2")
    server.put("ypsi/painter-2", "text_encoder/config.json", {"_name_or_path": "root/encoder"})
    found = lineage(resolver(server), "ypsi/painter-2")
    assert (found.roots, found.components, found.complete) == (("ypsi/painter-2",), ("root/encoder",), True)


def test_what_was_read_costs_nothing_the_second_time(server: FakeHub, tmp_path: Path) -> None:
    pipeline(server)
    server.put("new/pipeline", "text_encoder/config.json", {"_name_or_path": "root/encoder"})
    first = lineage(resolver(server, tmp_path), "new/pipeline")
    requests = len(server.asked)
    assert lineage(resolver(server, tmp_path), "new/pipeline") == first
    assert len(server.asked) == requests
    assert server.paths == ["new/pipeline", "root/encoder"]


def test_no_more_than_a_few_files_of_one_model_are_read(server: FakeHub) -> None:
    pipeline(server)
    for part in ("text_encoder", "text_encoder_2", "text_encoder_3", "image_encoder", "transformer", "unet", "vae"):
        for copy in ("", "_2", "_3"):
            server.put("new/pipeline", f"{part}{copy}/config.json", {})
    lineage(resolver(server), "new/pipeline")
    assert len(server.read) <= MOST


@pytest.mark.parametrize(
    "content",
    [b"", b"not json", b"[1, 2]", b'{"_name_or_path": 7}', b'{"_name_or_path": {"a": 1}}', b'{"a": ["x", null, 3]}'],
    ids=str,
)
def test_a_file_that_says_nothing_readable_leaves_the_rest_standing(server: FakeHub, content: bytes) -> None:
    server.add("new/pipeline", pipeline_tag="text-to-image", license="mit")
    server.put("new/pipeline", "model_index.json", content)
    asking = resolver(server)
    assert lineage(asking, "new/pipeline").edges == ()
    assert asking.record("new/pipeline") is not None


@pytest.mark.parametrize(
    "fault",
    [status(401, X_Error_Code="GatedRepo"), status(403, X_Error_Code="GatedRepo"), status(500)],
    ids=["gated, no token", "gated", "trouble"],
)
def test_a_file_that_may_not_be_read_is_a_gap_and_never_an_absence(server: FakeHub, fault: Any) -> None:
    pipeline(server)
    server.faults["new/pipeline/model_index.json"] = [fault] * 9
    asking = resolver(server)
    assert not lineage(asking, "new/pipeline").complete
    assert [(gap.path, gap.code) for gap in asking.gaps] == [("new/pipeline", "lookup-failed")]


def test_a_file_on_another_host_is_not_followed(server: FakeHub) -> None:
    pipeline(server)
    with running(FakeHub()) as other:
        server.faults["new/pipeline/model_index.json"] = [elsewhere(f"{other.url}/new/pipeline/resolve/main/x.json")]
        asking = resolver(server)
        lineage(asking, "new/pipeline")
        assert other.asked == []
        assert "elsewhere" in asking.gaps[0].message


def test_a_file_that_is_listed_and_gone_is_no_trouble(server: FakeHub) -> None:
    pipeline(server)
    del server.files["new/pipeline/model_index.json"]
    asking = resolver(server)
    assert lineage(asking, "new/pipeline").edges == ()
    assert asking.gaps == ()
