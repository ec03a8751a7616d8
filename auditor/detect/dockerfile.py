"""Dockerfiles -> commands at build and at start, and the values of ENV, ARG and FROM."""

from __future__ import annotations

import re
from collections.abc import Iterator

from auditor.detect import braces, fallback, pairs, shell
from auditor.detect.text import Lines
from auditor.detect.tree import Scalar, Sequence
from auditor.domain.fact import Command, Prose, Setting
from auditor.domain.source import Span

_INSTRUCTION = re.compile(r"[ \t]*(?:ONBUILD[ \t]+)?([A-Za-z]+)[ \t]+")
_LOGICAL = re.compile(r"(?:[^\\\n]++|\\[ \t\r]*\n(?:[ \t]*(?:\#[^\n]*)?\r?\n)*+|\\)*+(?:\n|\Z)")
_COMMENT = re.compile(r"(?<=\n)[ \t]*\#[^\n]*(?:\n|\Z)")
_OPTIONS = re.compile(r"(?:--[\w-]+(?:=\S*)?(?:[ \t]+|\\\r?\n[ \t]*))*+")
_HEREDOC = re.compile(r"<<-?[ \t]*[\"']?([A-Za-z_]\w*)[\"']?")
_PAIR = re.compile(r"""([A-Za-z_][\w.-]*)=(?:"((?:[^"\\\n]|\\.)*+)"|'([^'\n]*)'|([^\s"']*+))""")
_OLD_PAIR = re.compile(r"([A-Za-z_][\w.-]*)[ \t]+([^\n]*?)[ \t\r]*\n?\Z")
_REMOTE = re.compile(r"(?:https?|hf|s3|gs)://[^\s\"',\]]+")

_Words = list[tuple[str, int, int]]


def parse(text: str, lines: Lines) -> Iterator[Command | Setting | Prose]:
    """The facts of a Dockerfile in order.

    A CMD is given with the ENTRYPOINT before it. Where a CMD or ENTRYPOINT begins with an option, the program is that of
    the base image: the image's name then stands in its place.
    """
    position = 0
    image: _Words = []
    entrypoint: _Words = []
    while position < len(text):
        logical = _LOGICAL.match(text, position)
        end = logical.end() if logical and logical.end() > position else position + 1
        found = _INSTRUCTION.match(text, position, end)
        start, line_end, position = (found.end() if found else end), end, end
        if found is None:
            continue
        match found.group(1).upper():
            case "FROM":
                image, entrypoint = _from(text, start, line_end), []
                for word, begin, stop in image:
                    yield Setting(("FROM",), word, lines.span(begin, stop), "dockerfile")
            case "ENV" | "ARG" as kind:
                yield from _variables(kind, text, start, line_end, lines)
            case "RUN":
                start, position = _script(text, start, line_end)
                if position == line_end and (words := _exec(text, start)):
                    yield shell.command(words, lines.span, "run")
                else:
                    yield from _shell(text, start, position, lines, "run", continued=position == line_end)
            case "ENTRYPOINT" | "CMD" as kind:
                words = _exec(text, start)
                if words is None:
                    yield from _shell(text, start, line_end, lines, "start", continued=True)
                elif words:
                    yield _command(words, [] if kind == "ENTRYPOINT" else entrypoint, image, lines)
                if kind == "ENTRYPOINT":
                    entrypoint = words or []
            case "ADD" | "COPY" as kind:
                for remote in _REMOTE.finditer(text, start, line_end):
                    yield Setting((kind,), remote.group(), lines.span(*remote.span()), "dockerfile")
    yield from pairs.comments(text, lines, "dockerfile")


def _shell(
    text: str, start: int, end: int, lines: Lines, stage: str, *, continued: bool
) -> Iterator[Command | Setting]:
    """The commands of a shell form. Comment lines inside a continued instruction do not end it."""
    body = text[start:end]
    if continued and "#" in body:
        body = _COMMENT.sub(_blank, body)

    def locate(begin: int, stop: int) -> Span:
        return lines.span(start + begin, start + stop)

    yield from shell.split(body, 0, len(body), locate, stage=stage, kind="dockerfile")


def _blank(found: re.Match[str]) -> str:
    return " " * len(found.group())


def _from(text: str, start: int, end: int) -> _Words:
    options = _OPTIONS.match(text, start, end)
    begin = options.end() if options else start
    name = re.compile(r"\S+").match(text, begin, end)
    return [(name.group(), *name.span())] if name else []


def _variables(kind: str, text: str, start: int, end: int, lines: Lines) -> Iterator[Setting]:
    found = [
        (pair.group(1), *_value(pair, next(n for n in (2, 3, 4) if pair.group(n) is not None)))
        for pair in _PAIR.finditer(text, start, end)
    ]
    if not found and kind == "ENV" and (old := _OLD_PAIR.match(text, start, end)):
        found = [(old.group(1), *_value(old, 2))]
    beside = tuple((name, value[:200]) for name, value, _, _ in found[:21])
    for name, value, begin, stop in found:
        if value and len(value) <= 2000:
            others = tuple(pair for pair in beside if pair[0] != name)
            yield Setting((kind, name), value, lines.span(begin, stop), "dockerfile", beside=others)


def _value(pair: re.Match[str], group: int) -> tuple[str, int, int]:
    return fallback.stripped(pair.group(group), pair.start(group))


def _script(text: str, start: int, end: int) -> tuple[int, int]:
    """Where the shell text of a RUN begins and ends: after its options, here-documents included; of one alone its body."""
    options = _OPTIONS.match(text, start, end)
    start = options.end() if options else start
    whole = _HEREDOC.match(text, start, end)
    begin, stop = (end, end) if whole else (start, end)
    for heredoc in _HEREDOC.finditer(text, start, end):
        mark = re.compile(rf"^[ \t]*{heredoc.group(1)}[ \t\r]*$", re.MULTILINE)
        closing = mark.search(text, stop)
        stop = len(text) if closing is None else closing.start() if whole else closing.end()
    return begin, stop


def _exec(text: str, start: int) -> _Words | None:
    """The words of the JSON form; None when it is the shell form."""
    if not text.startswith("[", start):
        return None
    value = braces.parse(text, start).node
    if not isinstance(value, Sequence):
        return None
    return [(item.text, item.start, item.end) for item in value.items if isinstance(item, Scalar)][:4000]


def _command(words: _Words, before: _Words, image: _Words, lines: Lines) -> Command:
    program = before or words
    if program[0][0].startswith("-"):
        before = [*image, *before]
    return shell.command([*before, *words], lines.span, "start", len(words))
