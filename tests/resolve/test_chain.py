"""From a reference to the model that it names."""

from __future__ import annotations

from dataclasses import replace

import pytest

from auditor.domain.model import Answer, Edge, Record, Relation
from auditor.domain.reference import Confidence, Reference, Scheme
from auditor.resolve.catalog import Alias, StaticCatalog
from auditor.resolve.chain import Resolver
from auditor.rulebook.types import Rulebook
from tests.resolve.world import RULES, Book, curated, edge, hub, record

BOOK = Book(
    [
        record("xana/Xala-7B"),
        record("xana/Xala-7B-Chat", edge("xana/Xala-7B-Chat", "xana/Xala-7B")),
        record("ypsi/yama-2-9b"),
        record("packer/Xala-7B"),
        record("lone/solo-3b"),
    ],
    {
        "xala:7b": (Alias("xana/Xala-7B-Chat", "ollama", Confidence.MEDIUM, "made up"),),
        "xala-fast": (Alias("xana/Xala-7B", "provider:host-er", Confidence.HIGH, "made up"),),
        "two": (
            Alias("xana/Xala-7B", "ollama", Confidence.HIGH, "made up"),
            Alias("ypsi/yama-2-9b", "ollama", Confidence.HIGH, "made up"),
        ),
        "xana7b": (Alias("xana/Xala-7B", "modelscope", Confidence.HIGH, "made up"),),
    },
)


def _best(reference: Reference, rules: Rulebook = RULES) -> Answer | None:
    (resolution,) = Resolver(rules, BOOK).resolve([reference])
    return resolution.answers[0] if resolution.answers else None


def _named(reference: Reference, rules: Rulebook = RULES) -> tuple[str, Confidence] | None:
    answer = _best(reference, rules)
    return (answer.model, answer.confidence) if answer else None


def test_an_id_is_found_whatever_its_case_and_given_in_its_own() -> None:
    assert _named(hub("XANA/xala-7b")) == ("xana/Xala-7B", Confidence.HIGH)


def test_a_hub_id_that_nobody_knows_is_itself_but_less_sure() -> None:
    assert _named(hub("some/thing")) == ("some/thing", Confidence.MEDIUM)


def test_each_distinct_reference_is_resolved_once_in_order() -> None:
    found = Resolver(RULES, BOOK).resolve([hub("a/b"), hub("c/d"), hub("a/b")])
    assert [r.reference.name for r in found] == ["a/b", "c/d"]


def test_a_curated_name_comes_before_all_else() -> None:
    rules = replace(RULES, models=(curated(record("ypsi/yama-2-9b"), "xala:7b"),))
    assert _named(Reference(Scheme.OLLAMA, "xala", "7b"), rules) == ("ypsi/yama-2-9b", Confidence.HIGH)


def test_an_alias_is_as_sure_as_its_table() -> None:
    assert _named(Reference(Scheme.OLLAMA, "xala", "7b")) == ("xana/Xala-7B-Chat", Confidence.MEDIUM)


def test_a_provider_s_slug_is_read_by_any_spelling_of_the_provider() -> None:
    assert _named(Reference(Scheme.API, "xala-fast", provider="hoster")) == ("xana/Xala-7B", Confidence.HIGH)


def test_another_provider_s_slug_counts_for_less() -> None:
    assert _named(Reference(Scheme.API, "xala-fast", provider="other")) == ("xana/Xala-7B", Confidence.MEDIUM)


def test_a_table_that_contradicts_itself_names_nothing() -> None:
    assert _named(Reference(Scheme.OLLAMA, "two")) is None


def test_modelscope_names_are_read_by_their_own_table() -> None:
    assert _named(Reference(Scheme.MODELSCOPE, "xana7b")) == ("xana/Xala-7B", Confidence.HIGH)


def test_a_basename_is_enough_within_the_family_of_its_maker() -> None:
    # packer/Xala-7B has the same basename, but the family is not the packer's.
    assert _named(Reference(Scheme.OLLAMA, "xala-7b", "latest")) == ("xana/Xala-7B", Confidence.MEDIUM)


@pytest.mark.parametrize("tag", ["9b", "9b-q4_K_M", "9b-fp16"])
def test_a_tag_s_quantisation_and_joined_number_do_not_hide_the_model(tag: str) -> None:
    assert _named(Reference(Scheme.OLLAMA, "yama2", tag)) == ("ypsi/yama-2-9b", Confidence.MEDIUM)


def test_a_tag_that_tells_another_size_is_not_dropped_to_find_a_model() -> None:
    assert _named(Reference(Scheme.OLLAMA, "xala-7b", "70b")) == ("family:xala", Confidence.LOW)


def test_a_table_s_word_is_not_contested_by_a_likeness_of_names() -> None:
    (resolution,) = Resolver(RULES, BOOK).resolve([Reference(Scheme.OLLAMA, "xala", "7b")])
    assert [a.model for a in resolution.answers] == ["xana/Xala-7B-Chat", "family:xala"]
    assert not resolution.contested


def test_a_family_name_at_its_maker_s_own_door_is_a_product_of_that_door() -> None:
    assert _named(Reference(Scheme.API, "xala-new", provider="xana-api")) == ("xana-api:xala-new", Confidence.MEDIUM)
    assert _named(Reference(Scheme.API, "xala-new", provider="hoster")) == ("family:xala", Confidence.LOW)


def test_a_cloud_s_dotted_maker_is_no_part_of_a_closed_name() -> None:
    reference = Reference(Scheme.API, "eu.xana.closix-2", provider="hoster", family="fam-closix")
    assert _named(reference) == ("xana:closix-2", Confidence.MEDIUM)


def test_a_tag_within_the_name_is_a_tag() -> None:
    assert _named(Reference(Scheme.OLLAMA, "xala:7b")) == ("xana/Xala-7B-Chat", Confidence.MEDIUM)
    assert _named(Reference(Scheme.OLLAMA, "yama2:9b-q4_K_M")) == ("ypsi/yama-2-9b", Confidence.MEDIUM)
    assert _named(Reference(Scheme.OLLAMA, "xala-7b:latest")) == ("xana/Xala-7B", Confidence.MEDIUM)


def test_a_title_in_a_weight_file_s_header_is_read_as_a_name() -> None:
    assert _named(Reference(Scheme.FILE, "Yama 2 9B")) == ("ypsi/yama-2-9b", Confidence.MEDIUM)


def test_a_whole_name_written_without_a_registry_is_found_by_its_family() -> None:
    assert _named(Reference(Scheme.FAMILY, "yama-2-9b", family="fam-yama")) == ("ypsi/yama-2-9b", Confidence.MEDIUM)
    assert _named(Reference(Scheme.FAMILY, "xana/xala-7b", family="fam-xala")) == ("xana/Xala-7B", Confidence.MEDIUM)


def test_another_maker_s_model_is_not_taken_for_the_one_that_it_is_named_like() -> None:
    assert _named(Reference(Scheme.HUGGINGFACE, "who/yama-2-9b", family="fam-yama")) == (
        "who/yama-2-9b",
        Confidence.MEDIUM,
    )


def test_a_hub_name_without_its_organisation_is_the_known_maker_s() -> None:
    assert _named(hub("yama-2-9b")) == ("ypsi/yama-2-9b", Confidence.MEDIUM)
    assert _named(hub("solo-3b")) == ("lone/solo-3b", Confidence.LOW)


def test_a_closed_name_is_the_provider_s_own_and_sure_at_its_own_door() -> None:
    assert _named(Reference(Scheme.API, "closix-2", provider="xana")) == ("xana:closix-2", Confidence.HIGH)
    assert _named(Reference(Scheme.API, "closix-2", provider="hoster")) == ("xana:closix-2", Confidence.MEDIUM)


def test_only_the_family_is_known_of_a_name_with_the_size_left_open() -> None:
    assert _named(Reference(Scheme.FAMILY, "xala", family="fam-xala")) == ("family:xala", Confidence.LOW)


def test_a_name_that_nobody_knows_has_no_answer() -> None:
    (resolution,) = Resolver(RULES, BOOK).resolve([Reference(Scheme.API, "text-thing", provider="hoster")])
    assert resolution.answers == ()
    assert resolution.lineage is None


def test_curated_parents_replace_those_of_the_snapshot() -> None:
    own = curated(record("xana/Xala-7B-Chat", edge("xana/Xala-7B-Chat", "ypsi/yama-2-9b", source="curated")))
    found = Resolver(replace(RULES, models=(own,)), BOOK).record("xana/xala-7b-chat")
    assert found is not None
    assert [e.parent for e in found.parents] == ["ypsi/yama-2-9b"]


def test_a_curated_record_that_is_silent_on_origin_leaves_the_snapshot_s_parents() -> None:
    own = curated(replace(record("xana/Xala-7B-Chat"), license="mit"))
    found = Resolver(replace(RULES, models=(own,)), BOOK).record("xana/Xala-7B-Chat")
    assert found is not None
    assert found.license == "mit"
    assert [e.parent for e in found.parents] == ["xana/Xala-7B"]


def test_the_user_s_own_record_comes_before_the_curated_one() -> None:
    rules = replace(RULES, models=(curated(record("a/a", edge("a/a", "ypsi/yama-2-9b"))),))
    mine = StaticCatalog([record("a/a", edge("a/a", "xana/Xala-7B"))])
    (resolution,) = Resolver(rules, BOOK, overrides=[mine]).resolve([hub("a/a")])
    assert resolution.lineage is not None
    assert "xana/Xala-7B" in resolution.lineage.ancestors


class _Broken:
    def record(self, name: str) -> Record | None:
        raise TimeoutError("no answer")

    def parts(self, name: str) -> tuple[Edge, ...]:
        raise TimeoutError("no answer")


def test_a_catalogue_in_trouble_is_a_gap_and_silences_nobody() -> None:
    resolver = Resolver(RULES, BOOK, online=_Broken())
    (resolution,) = resolver.resolve([hub("nowhere/Thing-7B")])
    assert resolution.answers[0].model == "nowhere/Thing-7B"
    assert [(g.stage, g.path, g.code) for g in resolver.gaps] == [("resolve", "nowhere/Thing-7B", "lookup-failed")]


def test_a_root_by_the_rules_is_not_asked_of_the_hub() -> None:
    resolver = Resolver(RULES, BOOK, online=_Broken())
    resolver.resolve([hub("xana/Xala-7B")])
    assert resolver.gaps == ()


@pytest.mark.parametrize(
    ("name", "relation"),
    [
        ("packer/Xala-7B-Chat-GGUF", Relation.QUANTIZED),
        ("someone/xala_7b_chat-AWQ", Relation.QUANTIZED),
        ("packer/Xala-7B-Chat-GPTQ-Int4", Relation.QUANTIZED),
        ("packer/Xala-7B-Chat-Q4_K_M-GGUF", Relation.QUANTIZED),
        ("packer/xana_Xala-7B-Chat-i1-GGUF", Relation.QUANTIZED),
        ("packer/Xala-7B-Chat-unsloth-bnb-4bit", Relation.QUANTIZED),
        ("packer/Xala-7B-Chat-MLX-8bit", Relation.QUANTIZED),
        ("packer/Xala-7B-Chat-4.0bpw-exl2", Relation.QUANTIZED),
        ("packer/Xala-7B-Chat", Relation.REUPLOAD),
    ],
)
def test_a_repackager_s_name_tells_the_model_inside(name: str, relation: Relation) -> None:
    found = Resolver(RULES, BOOK).record(name)
    assert found is not None
    (parent,) = found.parents
    assert (parent.parent, parent.relation, parent.confidence) == ("xana/Xala-7B-Chat", relation, Confidence.MEDIUM)
    assert parent.evidence.source == "inferred"


@pytest.mark.parametrize(
    "name", ["someone/Xala-7B-Chat-Wild-AWQ", "someone/My-Xala-7B-Chat-Wild", "someone/Xala-7B-Chat"]
)
def test_a_name_that_begins_with_a_maker_s_model_suggests_it_and_no_more(name: str) -> None:
    found = Resolver(RULES, BOOK).record(name)
    assert found is not None
    (parent,) = found.parents
    assert parent.parent == "xana/Xala-7B-Chat"
    assert parent.confidence is Confidence.LOW
    assert parent.evidence.source == "inferred"


@pytest.mark.parametrize(
    "name",
    ["someone/Xala-7B-draft", "someone/Xala-7B-speculator.eagle3", "someone/tiny-random-xala-7b", "someone/xala"],
)
def test_what_is_made_beside_a_model_is_not_made_from_it(name: str) -> None:
    assert Resolver(RULES, BOOK).record(name) is None


@pytest.mark.parametrize("name", ["someone/Unheard-Of-GGUF", "someone/like-the-Xala-7B"])
def test_a_name_that_is_only_similar_tells_nothing(name: str) -> None:
    assert Resolver(RULES, BOOK).record(name) is None


def test_a_maker_s_own_root_is_not_taken_for_somebody_s_repackaging() -> None:
    book = Book([record("xana/xala-9b-fp8"), record("ypsi/xala-9b")])
    found = Resolver(RULES, book).record("xana/xala-9b-fp8")
    assert found is not None
    assert found.parents == ()


def test_names_that_are_no_text_are_no_trouble() -> None:
    assert _named(hub("a/\udcff")) == ("a/\udcff", Confidence.MEDIUM)
