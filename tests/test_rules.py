"""What is shipped about the world holds together: every rule finds its hits and leaves its misses."""

from __future__ import annotations

import re
from fnmatch import fnmatchcase
from functools import cache

import pytest

from auditor.domain.model import Basis, Publisher
from auditor.domain.reference import Confidence
from auditor.rulebook.load import load, shipped
from auditor.rulebook.table import UNVERIFIED
from auditor.rulebook.types import FamilyRule, FlagRule, ProviderRule, PublisherRule, Rulebook

RULES: Rulebook = load(shipped(), cache=False)
MAKERS = {rule.publisher.id: rule.publisher for rule in RULES.publishers}


@cache
def owners() -> dict[str, str]:
    return {
        organisation.lower(): rule.publisher.id
        for rule in RULES.publishers
        for organisation in (*rule.slugs, *rule.modelscope, *rule.hub)
    }


def owner(model: str) -> str | None:
    return owners().get(model.partition("/")[0].lower())


def seats(maker: Publisher) -> set[str]:
    return {claim.country for claim in maker.claims if claim.basis is Basis.HEADQUARTERS}


def served_by(text: str) -> set[str]:
    """The providers that a base URL, a key or a prefixed name points to."""
    return {rule.origin.id for rule in RULES.providers if _serves(rule, text)}


def _serves(rule: ProviderRule, text: str) -> bool:
    url = re.fullmatch(r"https?://([^/]+)(/.*)?", text)
    if not url:
        return text in rule.keys or any(text.lower().startswith(prefix.lower()) for prefix in rule.prefixes)
    return any(_covers(host, url.group(1), url.group(2) or "") for host in rule.hosts)


def _covers(host: str, name: str, path: str) -> bool:
    wanted, slash, below = host.partition("/")
    pattern = re.escape(wanted).replace(r"\*", "[^.]+")
    here = re.fullmatch(rf"(?:.+\.)?{pattern}" if ":" in wanted else rf"(?:.+\.)?{pattern}(?::\d+)?", name)
    return bool(here) and (not slash or path.startswith("/" + below))


# Publishers


@pytest.mark.parametrize("rule", RULES.publishers, ids=lambda rule: rule.origin.id)
def test_a_publisher_owns_its_hits_and_nothing_else(rule: PublisherRule) -> None:
    assert {owner(hit.text) for hit in rule.origin.hit} == {rule.publisher.id}
    assert rule.publisher.id not in {owner(miss.text) for miss in rule.origin.miss}


@pytest.mark.parametrize(
    ("maker", "seat"),
    [
        ("deepseek", "CN"),
        ("zhipu", "CN"),
        ("alibaba", "CN"),
        ("huawei", "CN"),
        ("mistral", "FR"),
        ("openai", "US"),
        ("google", "US"),
        ("google-deepmind", "GB"),
        ("meta", "US"),
        ("moonshot", "CN"),
        ("minimax", "CN"),
        ("baai", "CN"),
        ("tencent", "CN"),
        ("baidu", "CN"),
        ("bytedance", "CN"),
        ("stepfun", "CN"),
        ("01-ai", "CN"),
        ("shanghai-ai-lab", "CN"),
        ("openbmb", "CN"),
        ("xiaomi", "CN"),
        ("ant-group", "CN"),
        ("anthropic", "US"),
        ("cohere", "CA"),
    ],
)
def test_the_makers_that_everybody_asks_for_have_a_seat_with_a_source(maker: str, seat: str) -> None:
    (claim,) = [c for c in MAKERS[maker].claims if c.basis is Basis.HEADQUARTERS]
    assert claim.country == seat
    assert claim.confidence >= Confidence.MEDIUM
    assert claim.evidence.url != UNVERIFIED
    assert MAKERS[maker].pretrains


@pytest.mark.parametrize(
    ("model", "maker"),
    [
        ("Qwen/Qwen3-8B", "alibaba"),
        ("qwen/qwen3-coder", "alibaba"),
        ("iic/nlp_gte_sentence-embedding", "alibaba"),
        ("THUDM/glm-4-9b", "zhipu"),
        ("ZhipuAI/glm-4-9b-chat", "zhipu"),
        ("z-ai/glm-4.6", "zhipu"),
        ("internlm/internlm3-8b", "shanghai-ai-lab"),
        ("inclusionAI/Ling-1T", "ant-group"),
        ("codellama/CodeLlama-7b-hf", "meta"),
        ("AI-ModelScope/clip-vit-large-patch14", "modelscope"),
        ("openai-community/gpt2", "hugging-face-mirrors"),
        ("x-ai/grok-4", "xai"),
    ],
)
def test_one_maker_has_many_organisations(model: str, maker: str) -> None:
    assert owner(model) == maker


def test_whoever_only_puts_weights_in_other_forms_never_pretrains() -> None:
    assert [m.id for m in MAKERS.values() if m.kind in ("repackager", "host") and m.pretrains] == []


def test_what_is_not_verified_counts_as_low() -> None:
    claims = [claim for maker in MAKERS.values() for claim in maker.claims]
    assert {c.confidence for c in claims if c.evidence.url == UNVERIFIED} == {Confidence.LOW}


def test_a_maker_with_two_seats_says_why() -> None:
    two = [maker for maker in MAKERS.values() if len(seats(maker)) > 1]
    assert two
    assert [m.id for m in two if not any(c.evidence.detail for c in m.claims)] == []


@pytest.mark.parametrize("maker", ["ckiplab", "mediatek-research", "aisingapore", "sea-ai-lab", "yiyanghkust"])
def test_taiwan_singapore_and_hong_kong_are_not_china(maker: str) -> None:
    assert seats(MAKERS[maker]) & {"TW", "SG", "HK"}
    assert "CN" not in seats(MAKERS[maker])


# Providers


@pytest.mark.parametrize("rule", RULES.providers, ids=lambda rule: rule.origin.id)
def test_a_provider_is_told_by_its_hosts_keys_and_prefixes(rule: ProviderRule) -> None:
    assert [hit.text for hit in rule.origin.hit if rule.origin.id not in served_by(hit.text)] == []
    assert [miss.text for miss in rule.origin.miss if rule.origin.id in served_by(miss.text)] == []


@pytest.mark.parametrize(
    ("text", "provider"),
    [
        ("http://localhost:11434/v1", "ollama"),
        ("https://dashscope-intl.aliyuncs.com/compatible-mode/v1", "dashscope"),
        ("https://acme.openai.azure.com/openai", "azure"),
        ("https://api.deepseek.com/anthropic", "deepseek"),
        ("https://api.z.ai/api/anthropic", "zhipu"),
        ("https://api.moonshot.ai/anthropic", "moonshot"),
        ("https://bedrock-runtime.us-east-1.amazonaws.com", "bedrock"),
        ("https://us-central1-aiplatform.googleapis.com.example.com", ""),
        ("accounts/fireworks/models/deepseek-v3p1", "fireworks"),
        ("@cf/qwen/qwen2.5-coder-32b-instruct", "cloudflare"),
        ("us.anthropic.claude-sonnet-4-20250514-v1:0", "bedrock"),
        ("together_ai/Qwen/Qwen3-8B", "together"),
        ("google_genai:gemini-2.5-flash", "google"),
        ("ZAI_API_KEY", "zhipu"),
    ],
)
def test_who_serves_is_read_from_how_people_write_it(text: str, provider: str) -> None:
    assert served_by(text) == ({provider} if provider else set())


def test_a_key_or_a_host_belongs_to_one_provider() -> None:
    seen: dict[str, set[str]] = {}
    for rule in RULES.providers:
        for word in (*rule.hosts, *rule.keys, *rule.packages, *(prefix.lower() for prefix in rule.prefixes)):
            seen.setdefault(word, set()).add(rule.origin.id)
    assert {word: ids for word, ids in seen.items() if len(ids) > 1} == {}


# Families, jurisdictions, flags


@pytest.mark.parametrize("rule", RULES.families, ids=lambda rule: rule.origin.id)
def test_a_family_knows_its_names_and_no_others(rule: FamilyRule) -> None:
    assert [hit.text for hit in rule.origin.hit if not _named(rule, hit.text)] == []
    assert [miss.text for miss in rule.origin.miss if _named(rule, miss.text)] == []


def _named(rule: FamilyRule, text: str) -> bool:
    if any(fnmatchcase(text.lower(), glob.lower()) for glob in rule.hub):
        return True
    return any(pattern.fullmatch(text.lower()) for pattern in rule.names)


def test_china_is_china_and_hong_kong_is_asked_for_by_name() -> None:
    countries = {j.id: j.countries for j in RULES.jurisdictions}
    assert countries["chinese"] == ("CN",)
    assert countries["chinese-hk"] == ("CN", "HK")
    assert len(countries["eu"]) == 27


def test_every_jurisdiction_counts_roots_derivatives_and_components_by_seat() -> None:
    for jurisdiction in RULES.jurisdictions:
        assert [verdict.value for verdict in jurisdiction.counted] == ["root", "derived", "component"]
        assert "headquarters" in jurisdiction.bases


@pytest.mark.parametrize("rule", RULES.flags, ids=lambda rule: rule.origin.id)
def test_a_flag_is_about_its_hits(rule: FlagRule) -> None:
    assert [hit.text for hit in rule.origin.hit if not _flagged(rule, hit.text)] == []
    assert [miss.text for miss in rule.origin.miss if _flagged(rule, miss.text)] == []


@pytest.mark.parametrize("rule", RULES.flags, ids=lambda rule: rule.origin.id)
def test_a_flag_is_dated_sourced_and_calls_nothing_illegal(rule: FlagRule) -> None:
    assert rule.flag.url.startswith("https://")
    assert rule.flag.as_of
    assert not re.search(r"\billegal|\bbanned\b", rule.flag.note)


def _flagged(rule: FlagRule, text: str) -> bool:
    return text in rule.publishers or any(fnmatchcase(text.lower(), glob.lower()) for glob in rule.models)
