"""The verdict for one jurisdiction, over a made-up world: xana is of the jurisdiction asked (XX), ypsi is not (YY)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from auditor.domain.model import Basis, Claim, Evidence, Flag, Record, Relation, Verdict, Weights
from auditor.domain.reference import Confidence, Reference, Scheme
from auditor.domain.report import Finding, Jurisdiction
from auditor.judge import judge
from auditor.resolve.chain import Resolver
from auditor.rulebook.types import FlagRule, Rulebook
from tests.resolve.world import EVIDENCE, HERE, RULES, Book, curated, edge, hub, publisher, record


def _judge(
    reference: Reference | str, *records: Record, rules: Rulebook = RULES, asked_by: Jurisdiction = HERE
) -> Finding:
    asked = hub(reference) if isinstance(reference, str) else reference
    book = Book([record("xana/Xala-7B"), record("ypsi/yama-9b"), *records])
    (resolution,) = Resolver(rules, book).resolve([asked])
    return judge(resolution, asked_by, rules)


def _verdict(judged: Finding) -> tuple[Verdict, Confidence]:
    return judged.judgement.verdict, judged.judgement.confidence


def test_pretrained_here_is_root() -> None:
    judged = _judge("xana/Xala-7B")
    assert _verdict(judged) == (Verdict.ROOT, Confidence.HIGH)
    assert judged.judgement.why == "pretrained by Xana (XX)"
    assert judged.judgement.root_countries == ("XX",)


def test_pretrained_elsewhere_is_no() -> None:
    judged = _judge("ypsi/yama-9b")
    assert _verdict(judged) == (Verdict.NO, Confidence.HIGH)


def test_a_foreign_fine_tune_of_a_base_from_here_is_root() -> None:
    judged = _judge("tuner/t", record("tuner/t", edge("tuner/t", "xana/Xala-7B")))
    assert _verdict(judged) == (Verdict.ROOT, Confidence.HIGH)
    assert judged.judgement.why == "trained by Tuner (YY) from Xala-7B, whose weights are Xana's (XX)"
    assert judged.judgement.derived_countries == ("YY",)


def test_a_fine_tune_from_here_of_a_foreign_base_is_derived() -> None:
    judged = _judge("xtuner/t", record("xtuner/t", edge("xtuner/t", "ypsi/yama-9b")))
    assert _verdict(judged) == (Verdict.DERIVED, Confidence.HIGH)
    assert judged.judgement.why == "trained by Xtuner (XX) from yama-9b, whose weights are Ypsi's (YY)"
    assert judged.judgement.root_countries == ("YY",)
    assert judged.judgement.derived_countries == ("XX",)


def test_a_fine_tune_from_here_further_up_is_derived_and_named() -> None:
    judged = _judge(
        "tuner/t",
        record("tuner/t", edge("tuner/t", "some/between")),
        record("some/between", edge("some/between", "xtuner/mid")),
        record("xtuner/mid", edge("xtuner/mid", "ypsi/yama-9b")),
    )
    assert judged.judgement.verdict is Verdict.DERIVED
    assert "mid on the way is by Xtuner (XX)" in judged.judgement.why
    makers = {made.id: (made.developer, made.countries) for made in judged.judgement.makers}
    assert makers["xtuner/mid"] == ("Xtuner", ("XX",))
    assert makers["ypsi/yama-9b"] == ("Ypsi", ("YY",))


@pytest.mark.parametrize("relation", [Relation.QUANTIZED, Relation.CONVERTED, Relation.REUPLOAD])
def test_repackaging_makes_nobody_a_developer(relation: Relation) -> None:
    judged = _judge("xtuner/q", record("xtuner/q", edge("xtuner/q", "ypsi/yama-9b", relation)))
    assert judged.judgement.verdict is Verdict.NO
    assert judged.judgement.derived_countries == ()
    assert [made.id for made in judged.judgement.makers] == ["ypsi/yama-9b"]


def test_a_repackager_never_counts_whatever_its_repository_says() -> None:
    judged = _judge("packer/q", record("packer/q", edge("packer/q", "ypsi/yama-9b", Relation.UNSTATED)))
    assert judged.judgement.verdict is Verdict.NO


def test_a_repackaged_model_of_unknown_making_is_unknown_not_its_packager_s() -> None:
    assert _judge("packer/thing-GGUF", record("packer/thing-GGUF")).judgement.verdict is Verdict.UNKNOWN


def test_a_quantisation_inferred_from_the_name_says_so_and_is_medium_at_most() -> None:
    judged = _judge("packer/Xala-7B-GGUF")
    assert _verdict(judged) == (Verdict.ROOT, Confidence.MEDIUM)
    assert judged.judgement.why == (
        "a quantisation by Packer (XX) of Xala-7B, whose weights are Xana's (XX); the parent is inferred from the name"
    )


def test_a_likeness_of_names_may_raise_a_suspicion_but_clears_nobody() -> None:
    suspected = _judge("tuner/Xala-7B-Wild", record("tuner/Xala-7B-Wild"))
    assert _verdict(suspected) == (Verdict.ROOT, Confidence.LOW)
    assert suspected.judgement.why == (
        "made by Tuner (YY) from Xala-7B, whose weights are Xana's (XX); no parent is stated, only the name suggests it"
    )
    assert _judge("tuner/yama-9b-Wild", record("tuner/yama-9b-Wild")).judgement.verdict is Verdict.UNKNOWN


def test_published_here_without_a_word_on_its_parent_is_derived() -> None:
    judged = _judge("xtuner/own", record("xtuner/own"))
    assert judged.judgement.verdict is Verdict.DERIVED
    assert not judged.complete
    assert judged.judgement.why == (
        "published by Xtuner (XX); no parent is stated and no source says who pretrained it"
    )


def test_published_elsewhere_without_a_word_on_its_parent_is_unknown_never_no() -> None:
    assert _verdict(_judge("tuner/own", record("tuner/own"))) == (Verdict.UNKNOWN, Confidence.LOW)


def test_a_withheld_base_is_unknown() -> None:
    rules = replace(RULES, models=(curated(record("ypsi/yama-secret", undisclosed=True)),))
    judged = _judge("ypsi/yama-secret", rules=rules)
    assert judged.judgement.verdict is Verdict.UNKNOWN
    assert judged.judgement.why == "published by Ypsi (YY); its base is not disclosed in what was read"


def test_a_merge_with_one_parent_from_here_is_root() -> None:
    merge = record(
        "tuner/m", edge("tuner/m", "xana/Xala-7B", Relation.MERGE), edge("tuner/m", "ypsi/yama-9b", Relation.MERGE)
    )
    judged = _judge("tuner/m", merge)
    assert judged.judgement.verdict is Verdict.ROOT
    assert judged.judgement.root_countries == ("XX", "YY")
    assert judged.judgement.why == (
        "merged by Tuner (YY) from Xala-7B and yama-9b, whose weights are Xana's (XX) and Ypsi's (YY)"
    )


def test_a_part_from_here_is_component() -> None:
    model = record("tuner/v", edge("tuner/v", "ypsi/yama-9b"), edge("tuner/v", "xana/Xala-7B", Relation.COMPONENT))
    judged = _judge("tuner/v", model)
    assert _verdict(judged) == (Verdict.COMPONENT, Confidence.HIGH)
    assert "contains Xala-7B by Xana (XX)" in judged.judgement.why
    assert judged.judgement.component_countries == ("XX",)


TAUGHT = record("tuner/s", edge("tuner/s", "ypsi/yama-9b"), edge("tuner/s", "xana/Xala-7B", Relation.DISTILLED))
TAUGHT_ONLY = record("tuner/u", edge("tuner/u", "xana/Xala-7B", Relation.DISTILLED))


def test_a_teacher_from_here_on_a_known_base_from_elsewhere_is_teacher() -> None:
    judged = _judge("tuner/s", TAUGHT)
    assert _verdict(judged) == (Verdict.TEACHER, Confidence.HIGH)
    assert judged.judgement.root_countries == ("YY",)
    assert "trained on outputs of Xala-7B by Xana (XX)" in judged.judgement.why


def test_a_teacher_from_here_does_not_hide_that_the_base_is_not_known() -> None:
    judged = _judge("tuner/u", TAUGHT_ONLY)
    assert _verdict(judged) == (Verdict.UNKNOWN, Confidence.LOW)
    assert judged.judgement.teacher_countries == ("XX",)
    assert "trained on outputs of Xala-7B by Xana (XX)" in judged.judgement.why


def test_who_counts_teachers_is_told_of_one_whatever_the_base() -> None:
    counting = replace(HERE, counted=(*HERE.counted, Verdict.TEACHER))
    for taught in (TAUGHT, TAUGHT_ONLY):
        assert _judge(taught.id, taught, asked_by=counting).judgement.verdict is Verdict.TEACHER


def test_a_part_from_here_does_not_hide_that_the_base_is_not_known_from_who_counts_no_parts() -> None:
    model = record("tuner/v", edge("tuner/v", "xana/Xala-7B", Relation.COMPONENT))
    counting = replace(HERE, counted=(*HERE.counted, Verdict.COMPONENT))
    assert _judge("tuner/v", model).judgement.verdict is Verdict.UNKNOWN
    assert _judge("tuner/v", model, asked_by=counting).judgement.verdict is Verdict.COMPONENT


def test_a_maker_whose_country_nobody_knows_is_unknown_not_no() -> None:
    judged = _judge("nowhere/t", record("nowhere/t", edge("nowhere/t", "ypsi/yama-9b")))
    assert judged.judgement.verdict is Verdict.UNKNOWN
    assert judged.judgement.why.endswith("the country of a maker is not known")


def test_an_unknown_maker_on_a_base_from_here_is_root_all_the_same() -> None:
    assert _judge("who/t", record("who/t", edge("who/t", "xana/Xala-7B"))).judgement.verdict is Verdict.ROOT


def test_closed_weights_are_their_maker_s_when_it_is_known_to_pretrain() -> None:
    judged = _judge(Reference(Scheme.API, "closix-2", provider="xana"))
    assert judged.id == "xana:closix-2"
    assert judged.weights is Weights.CLOSED
    assert judged.hub_id is None
    assert _verdict(judged) == (Verdict.ROOT, Confidence.MEDIUM)
    assert judged.judgement.why == "closed weights by Xana (XX), which trains its own models; no base is disclosed"


def test_closed_weights_of_a_maker_not_known_to_pretrain_are_unknown() -> None:
    assert _judge(Reference(Scheme.API, "shut-1", provider="nowhere")).judgement.verdict is Verdict.UNKNOWN


def test_a_closed_product_known_to_stand_on_open_weights_is_traced() -> None:
    own = curated(record("nowhere:shut-1", edge("nowhere:shut-1", "xana/Xala-7B", source="curated")))
    judged = _judge(Reference(Scheme.API, "shut-1", provider="nowhere"), rules=replace(RULES, models=(own,)))
    assert judged.judgement.verdict is Verdict.ROOT


def test_a_family_alone_is_low() -> None:
    judged = _judge(Reference(Scheme.FAMILY, "xala", family="fam-xala"))
    assert judged.id == "family:xala"
    assert _verdict(judged) == (Verdict.ROOT, Confidence.LOW)


@pytest.mark.parametrize(
    ("reference", "id"),
    [
        (Reference(Scheme.OLLAMA, "mystery", "7b"), "ollama:mystery:7b"),
        (Reference(Scheme.API, "mystery", provider="hoster"), "hoster:mystery"),
        (Reference(Scheme.FILE, "models/m.gguf"), "file:models/m.gguf"),
        (Reference(Scheme.FILE, "", digest="0123456789abcdef"), "file:0123456789ab"),
    ],
)
def test_a_name_that_nobody_knows_is_unknown_under_its_own_registry(reference: Reference, id: str) -> None:
    judged = _judge(reference)
    assert judged.id == id
    assert _verdict(judged) == (Verdict.UNKNOWN, Confidence.LOW)


def test_only_the_bases_asked_for_count() -> None:
    parent = Claim("XX", Basis.PARENT, Confidence.HIGH, EVIDENCE)
    owned = publisher("ypsi", "YY", pretrains=True)
    owned = replace(owned, publisher=replace(owned.publisher, claims=(*owned.publisher.claims, parent)))
    rules = replace(RULES, publishers=(owned, *(p for p in RULES.publishers if p.publisher.id != "ypsi")))
    (resolution,) = Resolver(rules, Book([record("ypsi/yama-9b")])).resolve([hub("ypsi/yama-9b")])
    assert judge(resolution, HERE, rules).judgement.verdict is Verdict.NO
    wider = replace(HERE, bases=("headquarters", "parent"))
    assert judge(resolution, wider, rules).judgement.verdict is Verdict.ROOT


def test_a_chain_is_as_sure_as_its_weakest_link_and_the_best_chain_counts() -> None:
    weak = edge("tuner/t", "xana/Xala-7B", sure=Confidence.LOW)
    assert _verdict(_judge("tuner/t", record("tuner/t", weak))) == (Verdict.ROOT, Confidence.LOW)
    strong = edge("tuner/t", "xana/Xala-7B", Relation.MERGE)
    assert _verdict(_judge("tuner/t", record("tuner/t", weak, strong))) == (Verdict.ROOT, Confidence.HIGH)


def test_a_claim_that_is_not_sure_makes_the_verdict_so() -> None:
    unsure = publisher("xana", "XX", pretrains=True, sure=Confidence.LOW)
    rules = replace(RULES, publishers=(unsure, *(p for p in RULES.publishers if p.publisher.id != "xana")))
    assert _verdict(_judge("xana/Xala-7B", rules=rules)) == (Verdict.ROOT, Confidence.LOW)


def test_flags_of_makers_models_and_licences_on_the_lineage_are_shown_once() -> None:
    def flag(id: str) -> Flag:
        return Flag(id, "subject", "note", "https://example.com/", "2026-11-24")

    origin = RULES.publishers[0].origin
    rules = replace(
        RULES,
        flags=(
            FlagRule(origin, flag("maker"), publishers=("xana",)),
            FlagRule(origin, flag("model"), models=("XANA/xala-*",)),
            FlagRule(origin, flag("licence"), licenses=("MIT",)),
            FlagRule(origin, flag("other"), publishers=("ypsi",)),
        ),
    )
    judged = _judge("tuner/t", replace(record("tuner/t", edge("tuner/t", "xana/Xala-7B")), license="mit"), rules=rules)
    assert [f.id for f in judged.flags] == ["maker", "model", "licence"]


def test_the_family_of_a_repackaged_model_is_that_of_the_model_inside() -> None:
    judged = _judge("packer/Xala-7B-GGUF")
    assert (judged.family, judged.modality, judged.name) == ("xala", "text", "Xala-7B-GGUF")


def test_a_step_of_little_evidence_is_said_outright() -> None:
    sure = edge("ypsi/tuned", "xana/xala-7b", source="rule:model-x")
    weak = edge("ypsi/tuned", "xana/xala-7b", sure=Confidence.LOW, source="rule:model-x")
    assert "weak evidence" not in _judge("ypsi/tuned", record("ypsi/tuned", sure)).judgement.why
    assert "a step on the way rests on weak evidence" in _judge("ypsi/tuned", record("ypsi/tuned", weak)).judgement.why


def test_the_curated_word_on_a_model_that_starts_with_itself_is_told() -> None:
    said = Evidence("rule:model-made", "accused, and the accusation withdrawn", "https://example.com/", "2026-11-24")
    rules = replace(RULES, models=(curated(replace(record("ypsi/made", root=True), evidence=said)),))
    assert _judge("ypsi/made", rules=rules).told == (said,)
    assert _judge("xana/xala-7b").told == ()
