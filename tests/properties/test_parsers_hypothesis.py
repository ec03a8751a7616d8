"""Whatever a file holds, parsers end soon and every place they give lies inside the file."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from auditor.detect import deploy, prose, shell, weights
from auditor.detect import settings as configuration
from auditor.detect.text import Lines, decode
from auditor.domain.fact import Artifact, Command, Fact, Prose, Setting
from auditor.domain.source import Scope, SourceFile, Span

Parse = Callable[[SourceFile], Iterator[Fact]]

PARSERS: dict[str, Parse] = {
    "a.yaml": configuration.parse,
    "a.toml": configuration.parse,
    "a.json": configuration.parse,
    ".env": configuration.parse,
    "a.ini": configuration.parse,
    "a.properties": configuration.parse,
    "a.tf": configuration.parse,
    "a.md": configuration.parse,
    "Dockerfile": deploy.parse,
    "docker-compose.yml": deploy.parse,
    ".github/workflows/a.yml": deploy.parse,
    "b.json": deploy.parse,
    "Modelfile": deploy.parse,
    "Procfile": deploy.parse,
    "a.sh": shell.parse,
    "Makefile": shell.parse,
    "b.md": prose.parse,
}
EXPECTED = (ValueError, RecursionError)

# Pieces of the syntaxes, so that texts get past the first token.
PIECES = st.sampled_from(
    (
        *(
            "model",
            "acme/m1",
            ": ",
            "= ",
            "=",
            "'",
            '"',
            '"""',
            "\n",
            "\n  ",
            "\r\n",
            "\t",
            "- ",
            "? ",
            "[",
            "]",
            "{",
            "}",
            ",",
        ),
        *(
            "#",
            "# ",
            "//",
            "/*",
            "*/",
            "<<EOF",
            "EOF",
            "&a ",
            "*a",
            "|\n",
            ">\n",
            "---\n",
            "!!str ",
            "[[",
            "]]",
            "%",
            "@",
        ),
        *("\\", "\\\n", "$", "${", "${A:-b}", "{{", "}}", "$(", "(", ")", ";", "&&", "|", "`"),
        *(
            "RUN ",
            "CMD ",
            "ENV ",
            "FROM ",
            "ENTRYPOINT ",
            "services:\n",
            "command: ",
            "env:\n",
            "apiVersion: v1\n",
            "kind: x\n",
        ),
        *("\u2028", "\x85", "\ufeff", "\x00", "\x0c", "\x1c", "é", "😀"),
    )
)
TEXTS = st.one_of(st.lists(PIECES, max_size=60).map("".join), st.text(max_size=200))
BOUNDED = settings(max_examples=150, deadline=timedelta(seconds=2), suppress_health_check=[HealthCheck.too_slow])


def facts(parse: Parse, path: str, data: bytes) -> list[Fact]:
    """What a parser gives before it ends or refuses; any other exception is a fault of the parser."""
    found: list[Fact] = []
    try:
        for fact in parse(SourceFile(path, len(data), Scope.RUNTIME, lambda limit: data[:limit])):
            found.append(fact)
    except EXPECTED:
        return found
    return found


def spans(fact: Fact) -> list[Span]:
    if isinstance(fact, Command):
        return [fact.span, *(span for _, span in fact.argv)]
    return [fact.span] if isinstance(fact, Setting | Prose) else []


@pytest.mark.parametrize("path", PARSERS)
@given(text=TEXTS)
@BOUNDED
def test_every_span_lies_inside_the_file(path: str, text: str) -> None:
    data = text.encode("utf-8", "replace")
    text = decode(data)
    lines = Lines(text)
    for fact in facts(PARSERS[path], path, data):
        for span in spans(fact):
            start, end = lines.offset(span.line, span.column), lines.offset(span.end_line, span.end_column)
            assert lines.position(start) == (span.line, span.column)
            assert lines.position(end) == (span.end_line, span.end_column)
            assert start <= end


@pytest.mark.parametrize("path", PARSERS)
@given(data=st.binary(max_size=400))
@BOUNDED
def test_bytes_that_are_no_text_harm_nothing(path: str, data: bytes) -> None:
    facts(PARSERS[path], path, data)


@pytest.mark.parametrize("path", ["a.yaml", "a.toml", "a.json", ".env", "a.ini", "a.tf", "docker-compose.yml"])
@given(text=TEXTS, name=st.from_regex(r"[a-z]{1,8}/[a-z0-9]{1,8}", fullmatch=True))
@BOUNDED
def test_a_word_of_prose_slices_to_itself(path: str, text: str, name: str) -> None:
    text = decode(f"{text}\n# uses {name} here\n".encode("utf-8", "replace"))
    lines = Lines(text)
    for fact in facts(PARSERS[path], path, text.encode()):
        if isinstance(fact, Prose):
            start, end = fact.span.line, fact.span.end_line
            assert text[lines.offset(start, fact.span.column) : lines.offset(end, fact.span.end_column)] == fact.text


@given(
    value=st.from_regex(r"[A-Za-z][A-Za-z0-9._/-]{0,40}", fullmatch=True), before=st.text("abc: é😀#\n", max_size=40)
)
@BOUNDED
def test_a_plain_value_slices_to_itself_after_any_comment(value: str, before: str) -> None:
    comment = "".join(f"# {line}\n" for line in before.split("\n"))
    for path, content in (
        ("a.yaml", f"{comment}k: '{value}'\n"),
        ("a.toml", f'{comment}k = "{value}"\n'),
        (".env", f"{comment}k={value}\n"),
        ("a.sh", f"{comment}k='{value}' x\n"),
    ):
        lines = Lines(content)
        (setting,) = (
            fact for fact in facts(PARSERS[path], path, content.encode()) if isinstance(fact, Setting) and fact.live
        )
        span = setting.span
        assert setting.value == value
        assert content[lines.offset(span.line, span.column) : lines.offset(span.end_line, span.end_column)] == value


HEADS = st.sampled_from([b"", b"GGUF\x03\0\0\0", b"PK\x03\x04", b"\x80\x04", b"\x08\x07\x12", b"\x20\0\0\0\0\0\0\0{"])


@pytest.mark.parametrize("path", ["a.gguf", "a.safetensors", "a.onnx", "a.pt", "a.bin"])
@given(head=HEADS, rest=st.binary(max_size=300))
@BOUNDED
def test_weight_headers_never_fail_but_by_a_value_error(path: str, head: bytes, rest: bytes) -> None:
    for fact in facts(weights.parse, path, head + rest):
        assert isinstance(fact, Artifact)
        assert list(fact.metadata) == sorted(fact.metadata)
