"""Who is counted in a reading, who is not, and of whom it is not known."""

from __future__ import annotations

import pytest

from auditor.audit import explain
from auditor.config import Options
from auditor.domain.claim import Axes, Group, Level, Meaning
from auditor.domain.model import Verdict
from auditor.domain.portfolio import Audited, ModelFacts, Standing
from auditor.domain.report import Finding, Jurisdiction
from auditor.portfolio.standing import Question, companies, counted, standing, tally, verdict_for
from auditor.rulebook.load import load
from tests.portfolio.world import (
    CLOSED_CN,
    CN,
    DARK,
    EMBEDDER,
    EU,
    GPT,
    LLAMA,
    MISTRAL,
    QWEN,
    TUNED,
    claims,
    product,
)

COUNTED, NOT, UNKNOWN = Standing.COUNTED, Standing.NOT, Standing.UNKNOWN


def asked(axes: Axes | None = None, jurisdiction: Jurisdiction = CN) -> Question:
    return Question(jurisdiction, CN, axes or Axes(), claims())


def stands(group: Group, *products: Audited, axes: Axes | None = None, jurisdiction: Jurisdiction = CN) -> Standing:
    (company,) = companies(products)
    return standing(company, group, asked(axes, jurisdiction))


@pytest.mark.parametrize(
    ("models", "group", "expected"),
    [
        ((QWEN,), Group.ORIGIN, COUNTED),
        ((LLAMA,), Group.ORIGIN, NOT),
        ((DARK,), Group.ORIGIN, UNKNOWN),
        ((DARK, QWEN), Group.ORIGIN, COUNTED),
        ((), Group.ORIGIN, NOT),
        ((CLOSED_CN,), Group.ORIGIN, NOT),
        ((CLOSED_CN,), Group.ORIGIN_ANY, COUNTED),
        ((GPT,), Group.AI_USERS, COUNTED),
        ((), Group.AI_USERS, NOT),
        ((GPT,), Group.OPEN_WEIGHT_USERS, NOT),
        ((DARK,), Group.OPEN_WEIGHT_USERS, COUNTED),
        ((EMBEDDER,), Group.GENERATIVE_USERS, NOT),
        ((GPT,), Group.GENERATIVE_USERS, COUNTED),
        ((), Group.AUDITED, COUNTED),
    ],
)
def test_a_company_stands_where_its_models_put_it(
    models: tuple[ModelFacts, ...], group: Group, expected: Standing
) -> None:
    assert stands(group, product("a", *models)) is expected


@pytest.mark.parametrize(
    ("models", "expected"),
    [((QWEN, EMBEDDER), COUNTED), ((LLAMA, EMBEDDER), NOT), ((QWEN, LLAMA), UNKNOWN), ((DARK,), UNKNOWN), ((), NOT)],
)
def test_the_main_model_is_known_only_where_all_generative_ones_agree(
    models: tuple[ModelFacts, ...], expected: Standing
) -> None:
    assert stands(Group.PRIMARY_ORIGIN, product("a", *models)) is expected


def test_one_product_is_enough_for_a_company() -> None:
    assert stands(Group.ORIGIN, product("a", LLAMA, company="X"), product("b", QWEN, company="X")) is COUNTED


def test_what_could_not_be_audited_is_never_a_no() -> None:
    failed = product("b", company="X", error="no such host")
    assert stands(Group.ORIGIN, product("a", LLAMA, company="X"), failed) is UNKNOWN
    assert stands(Group.AI_USERS, product("a", company="X"), failed) is UNKNOWN
    assert stands(Group.ORIGIN, product("a", QWEN, company="X"), failed) is COUNTED
    assert stands(Group.AUDITED, failed) is UNKNOWN


@pytest.mark.parametrize(
    ("usage", "level", "expected"),
    [
        (Level.NAMED, Level.NAMED, COUNTED),
        (Level.NAMED, Level.IMPLIED, NOT),
        (Level.IMPLIED, Level.IMPLIED, COUNTED),
        (Level.IMPLIED, Level.OFFERED, NOT),
        (Level.OFFERED, Level.OFFERED, COUNTED),
        (Level.OFFERED, Level.TRAINED, NOT),
        (Level.OFFERED, Level.MENTIONED, NOT),
    ],
)
def test_usage_says_how_a_model_must_be_used_to_count(usage: Level, level: Level, expected: Standing) -> None:
    assert stands(Group.ORIGIN, product("a", QWEN, level=level), axes=Axes(usage)) is expected


@pytest.mark.parametrize(
    ("model", "meaning", "expected"),
    [
        (TUNED, Meaning.BROAD, COUNTED),
        (TUNED, Meaning.STRICT, NOT),
        (TUNED, Meaning.PUBLISHER, COUNTED),
        (QWEN, Meaning.STRICT, COUNTED),
        (DARK, Meaning.STRICT, UNKNOWN),
        (DARK, Meaning.PUBLISHER, UNKNOWN),
        (LLAMA, Meaning.PUBLISHER, NOT),
    ],
)
def test_meaning_says_when_weights_are_a_countrys(model: ModelFacts, meaning: Meaning, expected: Standing) -> None:
    assert counted(model, asked(Axes(meaning=meaning))) is expected


def test_embeddings_can_be_left_out() -> None:
    assert stands(Group.ORIGIN, product("a", EMBEDDER)) is COUNTED
    assert stands(Group.ORIGIN, product("a", EMBEDDER), axes=Axes(narrow=True)) is NOT


def test_a_claim_can_ask_for_another_jurisdiction_than_the_audit() -> None:
    assert stands(Group.ORIGIN, product("a", MISTRAL), jurisdiction=EU) is COUNTED
    assert stands(Group.ORIGIN, product("a", QWEN), jurisdiction=EU) is NOT
    assert stands(Group.ORIGIN, product("a", DARK), jurisdiction=EU) is UNKNOWN


def test_a_tally_counts_companies_once_and_keeps_the_unknown_apart() -> None:
    listed = companies(
        [
            product("a", QWEN),
            product("b", LLAMA),
            product("c", DARK),
            product("d1", QWEN, company="D"),
            product("d2", QWEN, company="D"),
            product("e", error="gone"),
            product("f", GPT),
        ]
    )
    found = tally(listed, Group.ORIGIN, Group.OPEN_WEIGHT_USERS, asked())
    assert (found.numerator, found.denominator, found.unsure) == (2, 4, 1)
    assert (found.outside, found.outside_possible) == (1, 1)
    assert found.unknown == 2


def test_another_jurisdictions_verdict_from_countries_is_never_surer_than_the_judges() -> None:
    """What the report of one audit says of another jurisdiction, held to an audit for that one."""
    places = {one.id: one for one in load().jurisdictions}
    names = (
        "BAAI/bge-m3 Qwen/Qwen3-8B meta-llama/Llama-3.1-8B-Instruct mistralai/Mistral-7B-v0.1 nobody/heard-of-it "
        "deepseek-ai/DeepSeek-R1-Distill-Llama-8B nvidia/OpenReasoning-Nemotron-7B jinaai/jina-embeddings-v2-base-en "
        "sentence-transformers/all-MiniLM-L6-v2 openai/whisper-large-v3 intfloat/e5-large-v2"
    ).split()
    for wanted in ("us", "eu", "chinese-hk"):
        own = explain(names, Options(jurisdiction=wanted))
        for one, judged in zip(explain(names, Options()), own, strict=True):
            if one.finding is None or judged.finding is None:
                continue
            derived = verdict_for(facts(one.finding), places[wanted])
            right = judged.finding.judgement.verdict
            expected = {right, Verdict.UNKNOWN} | ({Verdict.NO} if right is Verdict.TEACHER else set())
            assert derived in expected, (one.query, wanted)


def facts(finding: Finding) -> ModelFacts:
    judged = finding.judgement
    return ModelFacts(
        finding.id,
        finding.name,
        finding.family,
        finding.modality,
        finding.weights,
        "",
        (),
        judged.verdict,
        judged.confidence,
        judged.roots,
        judged.root_countries,
        judged.derived_countries,
        judged.component_countries,
        finding.complete,
    )
