"""The live Hub: its own client over a real socket, a server that has every fault, and what is made of each."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from auditor.domain.model import Record, Relation
from auditor.domain.reference import Confidence, Reference, Scheme
from auditor.resolve import hub as door
from auditor.resolve.cache import KeptHub
from auditor.resolve.chain import Resolver
from auditor.resolve.hub import OFFICIAL, Hub, HubError, headers_of, token_of
from tests.resolve.hubserver import (
    FakeHub,
    elsewhere,
    endless,
    garbage,
    running,
    silent,
    status,
    truncated,
)
from tests.resolve.world import RULES, Book, curated, record

DAY = 86_400.0
NOON = 1_795_608_000.0  # 2026-11-25


class Time:
    """A clock that moves when somebody sleeps."""

    def __init__(self) -> None:
        self.slept: list[float] = []
        self.now = NOON

    def sleep(self, seconds: float) -> None:
        self.slept.append(round(seconds))
        self.now += seconds

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def server() -> Iterator[FakeHub]:
    with running(FakeHub()) as hub:
        yield hub


@pytest.fixture
def clock() -> Time:
    return Time()


@pytest.fixture
def ask(server: FakeHub, clock: Time) -> Callable[[str], Mapping[str, Any] | None]:
    return Hub({"HF_ENDPOINT": server.url}, sleep=clock.sleep, now=clock).ask


def kept(server: FakeHub, clock: Time, folder: Path | None, **environ: str) -> KeptHub:
    asked = Hub({"HF_ENDPOINT": server.url, **environ}, sleep=clock.sleep, now=clock)
    return KeptHub(asked, folder, clock=clock)


def found(catalog: KeptHub, name: str) -> Record:
    known = catalog.record(name)
    assert known is not None
    return known


def parents(known: Record) -> list[tuple[str, Relation]]:
    return [(edge.parent, edge.relation) for edge in known.parents]


def test_a_model_s_base_licence_and_task_are_read(server: FakeHub, clock: Time) -> None:
    server.add("org/tuned", "base/model", pipeline_tag="automatic-speech-recognition")
    known = found(kept(server, clock, None), "org/tuned")
    assert parents(known) == [("base/model", Relation.FINETUNE)]
    assert (known.license, known.modality) == ("apache-2.0", "speech-to-text")
    assert {(e.evidence.source, e.confidence, e.evidence.as_of) for e in known.parents} == {
        ("hub", Confidence.HIGH, "2026-11-25")
    }


def test_the_bases_of_a_merge_are_all_parents(server: FakeHub, clock: Time) -> None:
    server.add("org/merged", "a/one", "b/two", relation="merge")
    assert parents(found(kept(server, clock, None), "org/merged")) == [
        ("a/one", Relation.MERGE),
        ("b/two", Relation.MERGE),
    ]


def test_a_renamed_model_leads_to_its_new_name(server: FakeHub, clock: Time) -> None:
    server.add("new/name", "base/model")
    server.renamed["old/name"] = "new/name"
    known = found(kept(server, clock, None), "old/name")
    assert (known.id, parents(known)) == ("old/name", [("new/name", Relation.REUPLOAD)])


@pytest.mark.parametrize(
    "told",
    [
        "Qwen/base",
        ["Qwen/base", "Qwen/base"],
        "https://huggingface.co/Qwen/base",
        "https://hf.co/Qwen/base/",
        ["datasets/made/up", "Qwen/base"],
        ["", None, 7, {"name": "Qwen/base"}, "Qwen/base"],
        ["org/model", "Qwen/base"],
        ["ORG/MODEL", "Qwen/base"],
        ["/root/checkpoints/last", "Qwen/base"],
    ],
    ids=str,
)
def test_what_authors_write_for_a_base_is_read_as_far_as_it_is_one(server: FakeHub, clock: Time, told: object) -> None:
    server.models["org/model"] = {"id": "org/model", "cardData": {"base_model": told}}
    assert parents(found(kept(server, clock, None), "org/model")) == [("Qwen/base", Relation.UNSTATED)]


@pytest.mark.parametrize(
    "said",
    [
        {"cardData": {"base_model": {"a": 1}}},
        {"cardData": ["base_model"]},
        {"cardData": {"base_model": "https://huggingface.co/datasets/org/texts"}},
        {"baseModels": {"models": "org/x"}, "tags": {"base_model": 1}},
        {"baseModels": {"relation": "finetune", "models": [{"id": "org/model"}]}},
        {"config": {"peft": {"base_model_name_or_path": "./out"}}},
        {"cardData": {"base_model": "x" * 10_000 + "/y"}},
        {"cardData": {"base_model": "a/\x1b[31mb"}},
    ],
    ids=lambda said: str(said)[:60],
)
def test_a_base_that_is_no_model_is_no_parent_and_nobody_is_cleared(
    server: FakeHub, clock: Time, said: Mapping[str, Any]
) -> None:
    server.models["org/model"] = {"id": "org/model", **said}
    known = found(kept(server, clock, None), "org/model")
    assert (known.parents, known.root) == ((), False)


def test_an_adapter_s_own_file_tells_its_base_where_the_card_does_not(server: FakeHub, clock: Time) -> None:
    server.models["org/lora"] = {"id": "org/lora", "config": {"peft": {"base_model_name_or_path": "meta/big"}}}
    known = found(kept(server, clock, None), "org/lora")
    assert parents(known) == [("meta/big", Relation.ADAPTER)]
    assert known.parents[0].confidence is Confidence.MEDIUM


@pytest.mark.parametrize("token", ["", "hf_secret"])
def test_a_missing_or_private_model_is_none(server: FakeHub, clock: Time, token: str) -> None:
    catalog = kept(server, clock, None, HF_TOKEN=token)
    assert catalog.record("no/body") is None


@pytest.mark.parametrize("code", [408, 429, 500, 502, 503, 504])
def test_a_busy_hub_is_asked_again_and_then_answers(
    server: FakeHub, clock: Time, ask: Callable[[str], Mapping[str, Any] | None], code: int
) -> None:
    server.add("org/model")
    server.faults["org/model"] = [status(code), status(code)]
    answer = ask("org/model")
    assert answer is not None
    assert answer["id"] == "org/model"
    assert clock.slept == [1, 2]


@pytest.mark.parametrize("fault", [garbage, truncated, endless], ids=lambda f: f.__name__)
def test_an_answer_that_cannot_be_read_is_asked_for_again(
    server: FakeHub, ask: Callable[[str], Mapping[str, Any] | None], fault: Any
) -> None:
    server.add("org/model")
    server.faults["org/model"] = [fault]
    answer = ask("org/model")
    assert answer is not None
    assert answer["id"] == "org/model"


def test_a_slow_hub_is_not_waited_for(
    server: FakeHub, monkeypatch: pytest.MonkeyPatch, ask: Callable[[str], Mapping[str, Any] | None]
) -> None:
    monkeypatch.setattr(door, "_SECONDS", 0.2)
    server.add("org/model")
    server.faults["org/model"] = [silent(1.0)] * 4
    with pytest.raises(HubError, match="4 times in a row"):
        ask("org/model")


@pytest.mark.parametrize(
    ("headers", "slept"),
    [
        ({"RateLimit": '"api";r=0;t=17', "RateLimit_Policy": '"fixed window";"api";q=500;w=300'}, 18),
        ({"Retry_After": "7"}, 8),
        ({"Retry_After": "Wed, 21 Oct 2026 07:28:00 GMT"}, 1),
        ({}, 1),
    ],
    ids=["RateLimit", "Retry-After", "a date", "nothing"],
)
def test_a_limited_client_waits_as_long_as_it_is_told(
    server: FakeHub,
    clock: Time,
    ask: Callable[[str], Mapping[str, Any] | None],
    headers: Mapping[str, str],
    slept: float,
) -> None:
    server.add("org/model")
    server.faults["org/model"] = [status(429, **headers)]
    assert ask("org/model") is not None
    assert clock.slept == [slept]


def test_the_last_request_of_a_window_makes_the_next_one_wait(
    server: FakeHub, clock: Time, ask: Callable[[str], Mapping[str, Any] | None]
) -> None:
    server.add("org/model")
    server.faults["org/one"] = [lambda h: h.send(200, b'{"id":"org/one"}', RateLimit='"api";r=0;t=30')]
    assert ask("org/one") == {"id": "org/one"}
    assert ask("org/model") is not None
    assert clock.slept == [31]


def test_a_wait_of_minutes_is_told_instead_of_waited(
    server: FakeHub, clock: Time, ask: Callable[[str], Mapping[str, Any] | None]
) -> None:
    server.faults["org/model"] = [status(429, RateLimit='"api";r=0;t=290')]
    with pytest.raises(HubError, match="come back in 291 seconds"):
        ask("org/model")
    assert clock.slept == []


@pytest.mark.parametrize(
    ("fault", "told"),
    [
        (status(403, X_Error_Code="GatedRepo"), "gated"),
        (status(403, X_Error_Message="Access to this resource is disabled."), "Access to this resource is disabled"),
        (status(403), "the Hub answers 403"),
        (status(418), "the Hub answers 418"),
    ],
    ids=["gated", "disabled", "forbidden", "anything"],
)
def test_a_refusal_is_an_error_at_once_and_never_an_absence(
    server: FakeHub, ask: Callable[[str], Mapping[str, Any] | None], fault: Any, told: str
) -> None:
    server.faults["org/model"] = [fault]
    with pytest.raises(HubError, match=told):
        ask("org/model")
    assert len(server.asked) == 1


def test_a_hub_that_fails_for_three_names_is_not_asked_for_a_fourth(
    server: FakeHub, ask: Callable[[str], Mapping[str, Any] | None]
) -> None:
    for i in range(4):
        server.faults[f"org/{i}"] = [status(503)] * 9
    for i in range(3):
        with pytest.raises(HubError, match="503"):
            ask(f"org/{i}")
    before = len(server.asked)
    with pytest.raises(HubError, match="not asked again"):
        ask("org/3")
    assert len(server.asked) == before


@pytest.mark.parametrize(
    "name", ["provider:model", "family:big", "x" * 10_000, "a/b/c", "a b/c", "../../etc/passwd", "a/b\x00"]
)
def test_what_is_no_hub_id_is_not_asked(
    server: FakeHub, ask: Callable[[str], Mapping[str, Any] | None], name: str
) -> None:
    assert ask(name) is None
    assert server.asked == []


def test_nothing_but_the_model_is_asked(server: FakeHub, ask: Callable[[str], Mapping[str, Any] | None]) -> None:
    server.add("org/model")
    ask("org/model")
    assert server.paths == ["org/model"]


@pytest.mark.parametrize("variable", ["HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE"])
def test_a_user_who_says_offline_is_obeyed(server: FakeHub, clock: Time, variable: str) -> None:
    server.add("org/model")
    with pytest.raises(HubError, match="HF_HUB_OFFLINE"):
        kept(server, clock, None, **{variable: "1"}).record("org/model")
    assert server.asked == []


def test_the_token_is_for_the_official_host_over_https_alone(server: FakeHub, clock: Time) -> None:
    assert headers_of(OFFICIAL, "hf_secret")["authorization"] == "Bearer hf_secret"
    for other in ("http://huggingface.co", "https://hub.example.com", "https://huggingface.co.example.com", server.url):
        assert "authorization" not in headers_of(other, "hf_secret")
    server.add("org/model")
    found(kept(server, clock, None, HF_TOKEN="hf_secret"), "org/model")
    assert [asked.authorization for asked in server.asked] == [""]


@pytest.mark.parametrize(
    ("environ", "token"),
    [
        ({"HF_TOKEN": "hf_given"}, "hf_given"),
        ({}, "hf_stored"),
        ({"HF_TOKEN": "hf_given", "HF_HUB_DISABLE_IMPLICIT_TOKEN": "1"}, ""),
    ],
)
def test_the_token_is_the_environment_s_or_the_login_s_unless_none_is_wanted(
    environ: Mapping[str, str], token: str
) -> None:
    assert token_of(environ, lambda: "hf_stored") == token


def test_a_redirect_to_another_host_is_not_followed(
    server: FakeHub, ask: Callable[[str], Mapping[str, Any] | None]
) -> None:
    with running(FakeHub()) as other:
        other.add("org/model")
        server.faults["org/model"] = [elsewhere(f"{other.url}/api/models/org/model")]
        with pytest.raises(HubError, match="elsewhere"):
            ask("org/model")
        assert other.asked == []


def test_a_redirect_in_circles_ends(server: FakeHub, ask: Callable[[str], Mapping[str, Any] | None]) -> None:
    server.renamed |= {"a/a": "b/b", "b/b": "a/a"}
    with pytest.raises(HubError):
        ask("a/a")


@pytest.mark.parametrize("endpoint", ["ftp://x", "nonsense", "http://"])
def test_an_endpoint_that_is_no_address_is_an_error(endpoint: str) -> None:
    with pytest.raises(HubError, match="HF_ENDPOINT"):
        Hub({"HF_ENDPOINT": endpoint}).ask("org/model")


def test_a_hub_that_cannot_be_reached_is_an_error(clock: Time) -> None:
    with pytest.raises(HubError):
        Hub({"HF_ENDPOINT": "http://127.0.0.1:9"}, sleep=clock.sleep, now=clock).ask("org/model")


def test_a_kept_answer_costs_nothing_until_it_is_a_week_old(server: FakeHub, clock: Time, tmp_path: Path) -> None:
    server.add("org/model", "base/model")
    first = found(kept(server, clock, tmp_path), "org/model")
    clock.now += 6.9 * DAY
    assert found(kept(server, clock, tmp_path), "ORG/Model") == first
    assert len(server.asked) == 1
    clock.now += 0.2 * DAY
    assert found(kept(server, clock, tmp_path), "org/model").parents[0].evidence.as_of == "2026-12-02"
    assert len(server.asked) == 2


def test_who_is_not_there_is_asked_for_again_the_next_day(server: FakeHub, clock: Time, tmp_path: Path) -> None:
    assert kept(server, clock, tmp_path).record("no/body") is None
    server.add("no/body")
    assert kept(server, clock, tmp_path).record("no/body") is None
    assert len(server.asked) == 1
    clock.now += 1.1 * DAY
    assert kept(server, clock, tmp_path).record("no/body") is not None


def test_an_old_answer_stands_with_its_date_when_the_hub_fails(server: FakeHub, clock: Time, tmp_path: Path) -> None:
    server.add("org/model", "base/model")
    found(kept(server, clock, tmp_path), "org/model")
    clock.now += 30 * DAY
    server.faults["org/model"] = [status(500)] * 9
    assert found(kept(server, clock, tmp_path), "org/model").parents[0].evidence.as_of == "2026-11-25"


def test_a_failure_is_not_kept(server: FakeHub, clock: Time, tmp_path: Path) -> None:
    server.add("org/model")
    server.faults["org/model"] = [status(403)]
    with pytest.raises(HubError):
        kept(server, clock, tmp_path).record("org/model")
    assert kept(server, clock, tmp_path).record("org/model") is not None


@pytest.mark.parametrize(
    "content", [b"", b"not a database", b"SQLite format 3\x00" + b"\xff" * 4000], ids=["empty", "text", "half"]
)
def test_a_broken_cache_is_begun_anew(server: FakeHub, clock: Time, tmp_path: Path, content: bytes) -> None:
    server.add("org/model")
    (tmp_path / "hub-2.sqlite").write_bytes(content)
    assert kept(server, clock, tmp_path).record("org/model") is not None
    assert kept(server, clock, tmp_path).record("org/model") is not None
    assert len(server.asked) == 1


def test_answers_of_two_endpoints_are_kept_apart(server: FakeHub, clock: Time, tmp_path: Path) -> None:
    server.add("org/model", "base/model")
    found(kept(server, clock, tmp_path), "org/model")
    with running(FakeHub()) as other:
        assert kept(other, clock, tmp_path).record("org/model") is None


def test_where_nothing_can_be_written_the_hub_is_asked_all_the_same(
    server: FakeHub, clock: Time, tmp_path: Path
) -> None:
    server.add("org/model")
    (tmp_path / "file").write_text("")
    assert kept(server, clock, tmp_path / "file").record("org/model") is not None


def resolver(catalog: KeptHub, *known: Record) -> Resolver:
    rules = replace(RULES, models=tuple(curated(one) for one in known))
    return Resolver(rules, Book(()), online=catalog)


def test_a_lineage_of_four_hops_costs_four_requests_cold_and_none_warm(
    server: FakeHub, clock: Time, tmp_path: Path
) -> None:
    chain = ["a/quant", "b/merge", "c/tune", "d/base"]
    server.add(chain[0], chain[1], relation="quantized")
    server.add(chain[1], chain[2], relation="merge")
    server.add(chain[2], chain[3])
    server.add(chain[3], "root/model", relation="adapter")
    asked = [Reference(Scheme.HUGGINGFACE, chain[0])]
    for requests in (4, 4):
        (resolution,) = resolver(kept(server, clock, tmp_path), record("root/model", root=True)).resolve(asked)
        assert resolution.lineage is not None
        assert (resolution.lineage.roots, resolution.lineage.complete) == (("root/model",), True)
        assert len(resolution.lineage.edges) == 4
        assert len(server.asked) == requests
    assert server.paths == chain


def test_an_id_that_only_the_hub_knows_is_sure(server: FakeHub, clock: Time) -> None:
    server.add("new/model", "root/model")
    (resolution,) = resolver(kept(server, clock, None), record("root/model", root=True)).resolve(
        [Reference(Scheme.HUGGINGFACE, "new/model")]
    )
    assert (resolution.answers[0].confidence, resolution.answers[0].evidence.source) == (Confidence.HIGH, "hub")


def test_a_hub_in_trouble_leaves_a_gap_and_no_clean_answer(server: FakeHub, clock: Time) -> None:
    server.faults["new/model"] = [status(500)] * 9
    asking = resolver(kept(server, clock, None))
    (resolution,) = asking.resolve([Reference(Scheme.HUGGINGFACE, "new/model")])
    assert resolution.lineage is not None
    assert not resolution.lineage.complete
    assert [gap.code for gap in asking.gaps] == ["lookup-failed"]


def test_cycles_and_self_references_of_the_hub_end(server: FakeHub, clock: Time) -> None:
    server.add("a/a", "a/a", "b/b", relation="merge")
    server.add("b/b", "a/a")
    (resolution,) = resolver(kept(server, clock, None)).resolve([Reference(Scheme.HUGGINGFACE, "a/a")])
    assert resolution.lineage is not None
    assert (resolution.lineage.complete, resolution.lineage.roots) == (False, ())
    assert len(server.asked) == 2
