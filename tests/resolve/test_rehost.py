"""What a name tells of the model inside, and what it does not."""

from __future__ import annotations

import pytest

from auditor.domain.model import Record, Relation
from auditor.domain.reference import Confidence
from auditor.resolve.rehost import inferred
from auditor.resolve.widened import Widened
from auditor.rulebook.makers import Makers
from tests.resolve.world import RULES, Book, record

MAKERS = Makers(RULES)


def told(model: str, *known: str) -> tuple[str, Relation, Confidence] | None:
    edge = inferred(model, Book([record(name) for name in known]), MAKERS)
    return None if edge is None else (edge.parent, edge.relation, edge.confidence)


def test_a_form_of_a_known_model_is_a_quantisation_of_it() -> None:
    assert told("packer/xala-7b-GGUF", "xana/xala-7b") == ("xana/xala-7b", Relation.QUANTIZED, Confidence.MEDIUM)


@pytest.mark.parametrize("name", ["fan/xala-4-mine", "fan/My-xala-4-flash"])
def test_a_name_that_begins_with_a_version_of_a_maker_s_own_is_a_suspicion(name: str) -> None:
    assert told(name, "xana/xala-4") == ("xana/xala-4", Relation.UNSTATED, Confidence.LOW)


def test_a_number_written_onto_the_name_is_read_as_one_apart() -> None:
    found = ("xana/xala-4-e4b", Relation.UNSTATED, Confidence.LOW)
    assert told("fan/xala4-e4b-mine", "xana/xala-4-e4b") == found


def test_a_size_after_a_name_without_one_is_another_model() -> None:
    assert told("fan/xala-4-8b-mine", "xana/xala-4") is None


@pytest.mark.parametrize("name", ["fan/xala-4-draft", "fan/xala-7b-eagle3", "fan/xala-7b-sae"])
def test_what_is_made_beside_a_model_is_not_made_from_it(name: str) -> None:
    assert told(name, "xana/xala-4", "xana/xala-7b") is None


def test_a_form_of_a_model_that_nobody_listed_tells_no_more_than_its_family() -> None:
    assert told("fan/xala-9-GGUF") == ("family:xala", Relation.UNSTATED, Confidence.LOW)


def test_a_fine_tune_of_a_model_that_nobody_listed_tells_nothing() -> None:
    assert told("fan/xala-9-mine") is None


def test_a_maker_s_own_form_is_not_taken_for_its_family() -> None:
    assert told("xana/other-BF16") is None


def test_one_maker_may_publish_a_model_under_two_organisations() -> None:
    assert told("packer/thing-7b-GGUF", "xana/thing-7b", "ypsi/thing-7b") is None


def test_an_id_that_only_the_curated_records_know_is_known() -> None:
    names = Widened(Book([Record("xana/xala-7b")]), ["XANA/Xala-7B", "ypsi/yama-2b", "closed:thing"])
    assert names.hub_id("xana/XALA-7b") == "xana/xala-7b"
    assert names.hub_id("Ypsi/Yama-2b") == "ypsi/yama-2b"
    assert names.hub_id("closed:thing") is None
    assert names.named("yama_2b") == ("ypsi/yama-2b",)
    assert names.named("xala-7b") == ("xana/xala-7b",)
