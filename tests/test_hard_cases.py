"""Twelve answers as a lawyer of the company named in them would read them: what they must say, and what they must not.

The rules and the snapshot are the shipped ones. Prose may change; a verdict, a relation, the most that may be claimed and the
words that the record does not carry may not.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from auditor.audit import explain, jurisdiction_of
from auditor.config import Options
from auditor.domain.model import Relation, Verdict
from auditor.domain.reference import Confidence
from auditor.domain.report import Explained, Finding
from auditor.render import words
from auditor.render.terminal_explain import render_explained
from auditor.rulebook.load import load

CHINESE = "chinese"
FACT_OF_LAW = ("illegal", "stole", "stolen", "theft", "fraud", "violat", "infring", "secretly", "hid ", "lied", "fake")


@dataclass(frozen=True, slots=True)
class Case:
    """`most` is the surest that may be claimed; `edges` are all first steps, as (relation, parent)."""

    name: str
    asked: str
    verdict: Verdict
    most: Confidence
    edges: tuple[tuple[Relation, str], ...] = ()
    says: tuple[str, ...] = ()
    never: tuple[str, ...] = ()
    makers: frozenset[str] = frozenset()  # who has a share in the weights; none asserted when empty
    jurisdiction: str = CHINESE


CASES = (
    Case(
        "an undeclared base that its maker confirmed",
        "cursor:composer-2",
        Verdict.ROOT,
        Confidence.MEDIUM,
        ((Relation.FINETUNE, "moonshotai/Kimi-K2.5"),),
        ("trained by Anysphere (Cursor) (US) from Kimi-K2.5", "its makers describe"),
        ("pretrained by Anysphere", "undeclared"),
        frozenset({"Anysphere (Cursor)", "Moonshot AI"}),
    ),
    Case(
        "an accusation that was withdrawn",
        "upstage/Solar-Open-100B",
        Verdict.NO,
        Confidence.HIGH,
        says=("withdrew it with an apology", "pretrained by Upstage (KR)"),
        never=("Zhipu", "is of Chinese origin"),
        makers=frozenset({"Upstage"}),
    ),
    Case(
        "an accusation that nobody proved",
        "mistralai/Mistral-Small-3.2-24B-Instruct-2506",
        Verdict.NO,
        Confidence.MEDIUM,
        ((Relation.FINETUNE, "mistralai/Mistral-Small-3.1-24B-Base-2503"),),
        ("neither shown nor admitted",),
        ("taught by", "trained on outputs"),
        frozenset({"Mistral AI"}),
    ),
    Case(
        "a distillation on another country's weights",
        "deepseek-ai/DeepSeek-R1-Distill-Llama-8B",
        Verdict.DERIVED,
        Confidence.HIGH,
        (
            (Relation.FINETUNE, "meta-llama/Llama-3.1-8B"),
            (Relation.DISTILLED, "deepseek-ai/DeepSeek-R1"),
        ),
        ("whose weights are Meta's (US)", "trained on outputs of DeepSeek-R1"),
        ("pretrained by DeepSeek",),
    ),
    Case(
        "a copy whose repository names no author",
        "huggyllama/llama-7b",
        Verdict.NO,
        Confidence.MEDIUM,
        ((Relation.REUPLOAD, "meta-llama/llama-7b"),),
        ("a copy by huggyllama of llama-7b, whose weights are Meta's (US)",),
        ("trained by huggyllama", "pretrained by huggyllama", "Llama community licence"),
        frozenset({"Meta"}),
    ),
    Case(
        "a repository that was taken down",
        "runwayml/stable-diffusion-v1-5",
        Verdict.NO,
        Confidence.MEDIUM,
        ((Relation.FINETUNE, "CompVis/stable-diffusion-v1-2"), (Relation.COMPONENT, "openai/clip-vit-large-patch14")),
        (
            "is taken for stable-diffusion-v1-5/stable-diffusion-v1-5",
            "a mirror of the repository that Runway took down",
        ),
        ("Stability AI",),
    ),
    Case(
        "a model that is like another in shape alone",
        "marin-community/marin-32b-base",
        Verdict.NO,
        Confidence.LOW,
        says=("does not seem to be", "the shape of Qwen3, trained from the start"),
        never=("Alibaba", "from Qwen"),
        makers=frozenset({"Marin community"}),
    ),
    Case(
        "a company that moved",
        "manus:manus",
        Verdict.UNKNOWN,
        Confidence.LOW,
        says=("SG by headquarters since 2025-06-30", "CN by headquarters until 2025-06-30, does not count here"),
        never=("pretrained by", "trained by"),
    ),
    Case(
        "a seat in Hong Kong that a low claim disputes",
        "SenseNova/SenseNova-U1-8B",
        Verdict.DERIVED,
        Confidence.LOW,
        says=("seems to be of Chinese origin", "HK by headquarters", "disputed:", "unverified"),
        never=("is of Chinese origin", "pretrained by"),
    ),
    Case(
        "the same where Hong Kong is asked for",
        "SenseNova/SenseNova-U1-8B",
        Verdict.DERIVED,
        Confidence.HIGH,
        says=("is of Chinese origin",),
        jurisdiction="chinese-hk",
    ),
    Case(
        "a closed product of a maker that pretrains",
        "openai:gpt-5",
        Verdict.NO,
        Confidence.MEDIUM,
        says=("closed weights", "no base is disclosed"),
        never=("pretrained by",),
    ),
    Case(
        "a closed product on a base that is not named",
        "composer-1",
        Verdict.UNKNOWN,
        Confidence.LOW,
        says=("alleged and is not proven", "not known is not clean"),
        never=("Alibaba", "trained by", "is not of Chinese origin"),
    ),
    Case(
        "a team of a foreign company, of which somebody remembers where it sat",
        "WizardLMTeam/WizardLM-13B-V1.2",
        Verdict.UNKNOWN,
        Confidence.LOW,
        says=("published by WizardLM (Microsoft) (US)", "where it sat is not verified", "not known is not clean"),
        never=("of Chinese origin", "Beijing", "pretrained by"),
    ),
    Case(
        "a name that means several models",
        "mistral-7b-instruct",
        Verdict.NO,
        Confidence.LOW,
        says=("is taken for family:", "does not seem to be"),
        never=("is not of Chinese origin",),
    ),
    Case(
        "a merge by a third party",
        "tngtech/DeepSeek-R1T-Chimera",
        Verdict.ROOT,
        Confidence.MEDIUM,
        ((Relation.MERGE, "deepseek-ai/DeepSeek-R1"), (Relation.MERGE, "deepseek-ai/DeepSeek-V3-0324")),
        ("merged by TNG",),
        ("pretrained by TNG", "trained by TNG"),
    ),
)

TWO_ORIGINS = """
[[model]]
id = "model-acme-both"
model = "acme/both"
parent = [
  { model = "Qwen/Qwen3-8B", relation = "merge" },
  { model = "meta-llama/Llama-3.1-8B", relation = "merge" },
]
note = "both are named on the card"
source = "https://example.com/acme/both"
as-of = 2026-11-24
hit = ["acme/both"]
miss = [{ text = "acme/other", because = "another" }]
"""


def told(asked: str, jurisdiction: str = CHINESE, rules: Path | None = None) -> tuple[Finding, str]:
    """The finding, and what a person reads, on one line."""
    (explained,) = explain([asked], Options(jurisdiction=jurisdiction, rules=rules))
    assert explained.finding is not None
    return explained.finding, _read(explained, jurisdiction)


def _read(explained: Explained, jurisdiction: str) -> str:
    shown = render_explained(
        [explained], jurisdiction=jurisdiction_of(load(), jurisdiction), width=200_000, color=False
    )
    return " ".join(shown.split())


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_nothing_is_claimed_that_the_evidence_does_not_carry(case: Case) -> None:
    finding, text = told(case.asked, case.jurisdiction)
    assert finding.judgement.verdict is case.verdict
    assert finding.judgement.confidence <= case.most
    steps = tuple((edge.relation, edge.parent) for edge in finding.edges if edge.child == finding.id)
    assert steps == case.edges
    assert [said for said in case.says if said not in text] == []
    assert [said for said in (*case.never, *FACT_OF_LAW) if said in text] == []
    if case.makers:
        assert {made.developer for made in finding.judgement.makers} == case.makers


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_every_step_and_every_country_has_its_source_and_date(case: Case) -> None:
    finding, text = told(case.asked, case.jurisdiction)
    for edge in finding.edges:
        assert edge.evidence.detail
        assert edge.evidence.as_of
        assert edge.evidence.source == "inferred" or edge.evidence.url in text
    countries = {country for made in finding.judgement.makers for country in made.countries}
    seats = [claim for _, claim in words.seats(finding.judgement)]
    assert countries <= {claim.country for claim in seats}
    for claim in seats:
        assert claim.evidence.url in text  # an address, or "unverified"
        assert claim.evidence.as_of in text
        assert claim.evidence.url.startswith("https:") or claim.confidence is Confidence.LOW
    for flag in finding.flags:
        assert flag.url in text
        assert flag.as_of in text


def test_a_merge_of_two_origins_names_both(tmp_path: Path) -> None:
    (tmp_path / "own.toml").write_text(TWO_ORIGINS)
    finding, text = told("acme/both", rules=tmp_path)
    assert finding.judgement.verdict is Verdict.ROOT
    assert finding.judgement.root_countries == ("CN", "US")
    assert "merged by acme from Qwen3-8B and Llama-3.1-8B" in text
    assert "Alibaba Cloud's (CN) and Meta's (US)" in text
