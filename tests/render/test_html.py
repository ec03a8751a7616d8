"""One file for people who decide: everything is in it, nothing is loaded, and what a repository says cannot act."""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import replace
from functools import cache
from html.parser import HTMLParser

import pytest

from auditor.domain.model import Evidence
from auditor.domain.report import ProductVerdict
from auditor.render.html import render
from tests.render.poison import poisoned
from tests.render.reports import BAAI, BGE, FINDINGS, SEARCH, report

VOID = {"meta", "input", "br", "wbr"}
HOSTILE = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    '" onmouseover="alert(1)" x="',
    "' autofocus onfocus='alert(1)",
    "</style></script></title><svg onload=alert(1)>",
    "javascript:alert(1)//",
    "{{ 7 * 7 }}{% raw %}",
    "<!--",
    "]]>",
    "\x1b[31m\x00\r\n\u202e\u2028\udcff",
)


class Page(HTMLParser):
    """What a browser would make of it: elements with their attributes, and the text outside style and script."""

    def __init__(self, document: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.open: list[str] = []
        self.unbalanced: list[str] = []
        self.feed(document)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.unbalanced.append(tag)

    def handle_data(self, data: str) -> None:
        if not self.open or self.open[-1] not in ("style", "script"):
            self.words.append(data)

    @property
    def text(self) -> str:
        return " ".join("".join(self.words).split())

    def attributes(self, name: str) -> list[str]:
        return [attributes[name] or "" for _, attributes in self.elements if name in attributes]


@cache
def page() -> Page:
    return Page(render(report()))


def inside(document: str, tag: str) -> str:
    (found,) = re.findall(rf"<{tag}>(.*?)</{tag}>", document, re.DOTALL)
    return str(found)


def test_the_verdict_comes_first() -> None:
    text = Page(render(report())).text
    assert "yes acme-search runs on Chinese-origin weights embeds with BAAI/bge-m3 by default" in text[:400]


def test_every_model_place_and_reason_is_there() -> None:
    for finding in FINDINGS:
        assert finding.id in page().text
        assert finding.judgement.why in page().text
        for place in finding.occurrences:
            assert f"{place.path}:{place.span.line}" in page().text
            assert place.why in page().text


def test_lineage_policy_waivers_flags_stacks_and_gaps_are_there() -> None:
    for told in (
        "fine-tune of FacebookAI/xlm-roberta-large",
        "base_model in the model card, 2026-10-05, medium confidence",
        "counted-weights-in-use",
        "Waivers without effect expired",
        "on the US Entity List since 2025-03-25",
        "CUDA",
        "assets/blob-6.bin",
        "line 3: invalid syntax",
    ):
        assert told in page().text


def test_a_source_is_named_by_its_host_or_as_it_is() -> None:
    claim = replace(BAAI.claims[0], evidence=Evidence("curated", "imprint", "pypi:acme==1.0 setup.py", "2026-11-24"))
    given = replace(BGE, publisher=replace(BAAI, claims=(claim,)))
    text = Page(render(report(findings=(given,)))).text
    assert "CN by headquarters (high confidence, imprint, 2026-11-24, pypi:acme==1.0 setup.py)" in text
    assert "on the US Entity List since 2025-03-25 (2026-11-24, example.com)" in text


def test_the_provenance_tells_tool_rules_snapshot_and_commit() -> None:
    for told in ("auditor 0.1.0", "3f2a9c0d11aa", "77aa01bc", "0123456789abcdef0123456789abcdef01234567"):
        assert told in page().text


def test_the_picture_leads_from_product_to_country() -> None:
    boxes = "".join(re.findall(r"<title>([^<]*)</title>", render(report()).partition("<svg")[2]))
    for name in ("acme-search", "BAAI/bge-m3", "FacebookAI/xlm-roberta-large", "China (CN)", "Not known"):
        assert name in boxes


def test_the_same_report_gives_the_same_bytes() -> None:
    assert render(report()) == render(report())


def test_markup_is_balanced_and_ids_are_unique_and_links_lead_somewhere() -> None:
    assert page().unbalanced == []
    assert page().open == []
    ids = page().attributes("id")
    assert len(ids) == len(set(ids))
    assert {link[1:] for link in page().attributes("href") if link.startswith("#")} <= set(ids)


@pytest.mark.parametrize("poison", HOSTILE)
def test_text_of_a_repository_adds_no_element_and_no_attribute(poison: str) -> None:
    hostile = Page(render(poisoned(report(), poison)))
    assert {tag for tag, _ in hostile.elements} <= {tag for tag, _ in page().elements}
    assert {name for _, has in hostile.elements for name in has} <= {name for _, has in page().elements for name in has}
    assert (hostile.unbalanced, hostile.open) == ([], [])


def test_characters_that_cannot_be_seen_are_written_out() -> None:
    document = render(poisoned(report(), "\x1b[2J\u202e\x00"))
    assert all(character.isprintable() or character == "\n" for character in document)
    assert "\\x1b[2J\\u202e\\x00BAAI/bge-m3" in document


def test_nothing_is_loaded_and_links_lead_to_the_web_alone() -> None:
    for given in (report(), poisoned(report(), "javascript:"), poisoned(report(), "data:text/html,")):
        document = render(given)
        shown = Page(document)
        assert not {tag for tag, _ in shown.elements} & {"link", "img", "iframe", "object", "embed", "base", "image"}
        assert not shown.attributes("src") + shown.attributes("action") + shown.attributes("srcset")
        assert all(link.startswith(("#", "https://")) for link in shown.attributes("href"))
        assert not re.search(r"url\(|@import|@font-face", inside(document, "style"))
        assert not re.search(r"fetch|XMLHttp|import\(|eval|innerHTML|https?:", inside(document, "script"))


def test_the_content_policy_allows_our_style_and_script_by_digest_and_nothing_else() -> None:
    document = render(report())
    (policy,) = [has["content"] for _, has in page().elements if has.get("http-equiv") == "Content-Security-Policy"]

    def digest(tag: str) -> str:
        return base64.b64encode(hashlib.sha256(inside(document, tag).encode()).digest()).decode()

    assert (policy or "").split("; ") == [
        "default-src 'none'",
        f"style-src 'sha256-{digest('style')}'",
        f"script-src 'sha256-{digest('script')}'",
        "base-uri 'none'",
        "form-action 'none'",
    ]
    assert page().attributes("style") == []


def test_without_script_nothing_is_hidden_but_the_controls() -> None:
    assert [has["id"] for tag, has in page().elements if "hidden" in has] == ["controls"]


def test_it_has_a_dark_and_a_print_style() -> None:
    style = inside(render(report()), "style")
    assert "@media screen and (prefers-color-scheme: dark)" in style
    assert "@media print" in style


def test_nothing_found_is_said_as_such() -> None:
    product = replace(SEARCH, verdict=ProductVerdict.NO, runs=(), selectable=(), mentions=(), trains=())
    shown = Page(render(report(findings=(), products=(product,), gaps=(), decisions=(), stacks=(), waivers=())))
    assert "no AI model was found in acme-search" in shown.text
    assert "nothing: all that was selected was read" in shown.text


@pytest.mark.parametrize(
    ("verdict", "tone"),
    [
        (ProductVerdict.YES, "hero asked"),
        (ProductVerdict.SELECTABLE, "hero unknown"),
        (ProductVerdict.UNKNOWN, "hero unknown"),
        (ProductVerdict.NO, "hero clean"),
    ],
)
def test_only_a_no_is_green(verdict: ProductVerdict, tone: str) -> None:
    given = report(products=(replace(SEARCH, verdict=verdict),), gaps=())
    assert tone in Page(render(given)).attributes("class")


def test_a_no_is_not_green_where_something_was_not_examined() -> None:
    shown = Page(render(report(products=(replace(SEARCH, verdict=ProductVerdict.NO),))))
    assert "hero clean" not in shown.attributes("class")
