"""Shell scripts and Makefiles -> commands, and the variables that they set."""

from __future__ import annotations

import re
from collections.abc import Callable, Generator, Iterator
from itertools import pairwise

from auditor.detect import dialect, fallback, pairs
from auditor.detect.text import Lines, read
from auditor.domain.fact import Command, Prose, Setting
from auditor.domain.source import SourceFile, Span

LIMIT = 2 * 1024 * 1024
_MAX_WORDS = 4000
_PART = r"""(?:\\(?:\r?\n|.)|'[^']*'|"[^"\\]*+(?:\\.[^"\\]*+)*+"|\$\([^()\n]{0,1000}+\)|\$\{[^{}\n]{0,1000}+\}|[^\s'"\\;&|<>()`]|['"\\`])"""
_TOKEN = re.compile(
    r"(?P<space>(?:[ \t\r\f\v]|\\\r?\n)++)|(?P<comment>\#[^\n]*)"
    r"|(?P<heredoc><<-?[ \t]*(?:'[^'\n]+'|\"[^\"\n]+\"|\\?\w+))"
    r"|(?P<redirect>[0-9]*(?:>>|>\||>&|<<<|<>|<&|&>>|&>|>|<)(?:[0-9]+|-)?)"
    r"|(?P<array>[A-Za-z_]\w*\+?=\()"
    rf"|(?P<end>[\n;&|()]++)|(?P<word>{_PART}++)",
    re.DOTALL,
)
_HELD = re.compile(_PART, re.DOTALL)
_ASSIGNED = re.compile(r"([A-Za-z_]\w*)\+?=(.*)", re.DOTALL)
# Words before the program: keywords of the shell, and programs that run the rest of the line.
_BEFORE = frozenset(
    "if then else elif do while until ! { } time exec nohup sudo env command builtin export declare local readonly typeset set"
    " @ - +".split()
)
_INTERPRETER = re.compile(r"(?:python|pypy)[0-9.]*")
_LEADING = 4  # words among which the program stands
_AROUND = frozenset("fi done esac case for select function in [ [[ ]] ;; } :".split())
_TAKE_OPTIONS = frozenset("export declare local readonly typeset set env sudo exec command time nohup".split())

Locate = Callable[[int, int], Span]
_Word = tuple[str, int, int]


def parse(file: SourceFile) -> Iterator[Command | Setting | Prose]:
    """The commands of a script, or of the recipes of a Makefile, in order."""
    text = read(file, LIMIT)
    lines = Lines(text)
    match dialect.of(file.path, text):
        case "shell":
            yield from split(text, 0, len(text), lines.span)
            yield from pairs.comments(text, lines, "shell")
        case "makefile":
            yield from _makefile(text, lines)
            yield from pairs.comments(text, lines, "makefile")


def split(
    text: str, start: int, end: int, locate: Locate, *, stage: str = "shell", kind: str = "shell"
) -> Iterator[Command | Setting]:
    """The commands between two offsets of a text: cut at newlines, `;`, `&&`, `||` and pipes.

    Assignments become settings of the dialect `kind`; comments are skipped, and here-documents that are no program.
    """
    held: list[_Word] = []
    waiting: list[str] = []  # here-documents whose text begins on the next line
    position, skip = start, False
    while position < end:
        found = _TOKEN.match(text, position, end)
        if found is None:
            position += 1
            continue
        position = found.end()
        match found.lastgroup:
            case "heredoc":
                waiting.append(re.sub(r"^<<-?[ \t]*|['\"\\]", "", found.group()))
            case "redirect":
                skip = not found.group()[-1].isdigit()
            case "array" if not held:
                position = yield from _array(text, position, end, name=found.group()[:-2], locate=locate, kind=kind)
            case "array" | "word":
                word = _unquoted(text, found.start(), position)
                if skip:
                    skip = False
                elif len(held) < _MAX_WORDS:
                    held.append(word)
            case "end":
                if waiting and "\n" in found.group():
                    first = found.start() + found.group().index("\n") + 1
                    position = _after_heredocs(text, first, end, waiting)
                    held += _program(held, text, first, position, waiting[-1])
                    waiting = []
                yield from _command(held, locate, stage, kind)
                held, skip = [], False
    yield from _command(held, locate, stage, kind)


def words(text: str) -> list[tuple[str, int, int]]:
    """The words of one command line with their offsets, separators ignored."""
    found = [token for token in _TOKEN.finditer(text) if token.lastgroup == "word"]
    return [_unquoted(text, token.start(), token.end()) for token in found[:_MAX_WORDS]]


def command(held: list[tuple[str, int, int]], locate: Locate, stage: str, own: int = 0) -> Command:
    """Words as a command. Its place is that of the last `own` words, of all when 0: the others stand elsewhere."""
    argv = tuple((value, locate(start, end)) for value, start, end in held)
    placed = held[-own:]
    return Command(argv, locate(min(w[1] for w in placed), max(w[2] for w in placed)), stage)


def _array(
    text: str, position: int, end: int, *, name: str, locate: Locate, kind: str
) -> Generator[Setting, None, int]:
    """Settings of `NAME=(a b c)`; gives back where it ended."""
    words: list[_Word] = []
    while position < end and (found := _TOKEN.match(text, position, end)):
        position = found.end()
        if found.lastgroup == "end" and ")" in found.group():
            break
        if found.lastgroup == "word" and len(words) < _MAX_WORDS:
            words.append(_unquoted(text, found.start(), position))
    yield from _list(name.rstrip("+"), words, locate, kind)
    return position


def _list(name: str, words: list[_Word], locate: Locate, kind: str) -> Iterator[Setting]:
    for index, (value, start, end) in enumerate(words):
        if value and len(value) <= 2000 and "\n" not in value:
            yield Setting((name, str(index)), value, locate(start, end), kind, len(words))


def _after_heredocs(text: str, position: int, end: int, waiting: list[str]) -> int:
    for mark in waiting:
        closing = re.compile(rf"^[ \t]*{re.escape(mark)}[ \t\r]*$", re.MULTILINE).search(text, position, end)
        if closing is None:
            return end
        position = closing.end()
    return position


def _program(held: list[_Word], text: str, start: int, end: int, mark: str) -> list[_Word]:
    """A here-document that an interpreter is given, as the option that would give the same program."""
    if not any(_INTERPRETER.fullmatch(value.rpartition("/")[2]) for value, _, _ in held[:_LEADING]):
        return []
    end = max(start, text.rfind(mark, start, end))
    return [("-c", start, start), (text[start:end], start, end)]


def _unquoted(text: str, start: int, end: int) -> _Word:
    """A word without its quotes; the offsets are those inside the quotes where they surround all of it."""
    raw = text[start:end]
    if not any(mark in raw for mark in "'\"\\"):
        return raw, start, end
    if raw[0] in "'\"" and len(raw) >= 2 and raw.find(raw[0], 1) == len(raw) - 1:
        inner = raw[1:-1]
        return (inner if raw[0] == "'" else _plain(inner)), start + 1, end - 1
    parts: list[str] = []
    for part in _HELD.findall(raw):
        if part[0] == "\\":
            parts.append(part[1:].lstrip("\r\n"))
        elif part[0] in "'\"" and len(part) > 1:
            parts.append(part[1:-1] if part[0] == "'" else _plain(part[1:-1]))
        else:
            parts.append(part)
    return "".join(parts), start, end


def _plain(text: str) -> str:
    return re.sub(r'\\(?:\r?\n|(["\\$`]))', r"\1", text) if "\\" in text else text


def _command(words: list[_Word], locate: Locate, stage: str, kind: str) -> Iterator[Command | Setting]:
    index, wrapped = 0, False
    while index < len(words):
        value, start, end = words[index]
        assigned = _ASSIGNED.fullmatch(value)
        if assigned:
            yield from _setting(assigned, start, end, locate, kind)
        elif value not in _BEFORE and not (wrapped and value.startswith("-")):
            break
        wrapped = wrapped or value in _TAKE_OPTIONS
        index += 1
    rest = words[index:]
    if len(rest) > 2 and rest[0][0] == "for" and rest[2][0] == "in":
        yield from _list(rest[1][0], rest[3:], locate, kind)
    elif rest and rest[0][0] not in _AROUND:
        # `docker run -e NAME=value` sets a variable of what it runs.
        for (option, _, _), (value, start, end) in pairwise(rest):
            if option in ("-e", "--env") and (assigned := _ASSIGNED.fullmatch(value)):
                yield from _setting(assigned, start, end, locate, kind)
        yield command(rest, locate, stage)


def _setting(assigned: re.Match[str], start: int, end: int, locate: Locate, kind: str) -> Iterator[Setting]:
    value = assigned.group(2)
    quotes = (end - start) - len(assigned.group())
    if quotes in (0, 2):  # none, or those around the value: `NAME="x"`
        begin = end - len(value) - quotes // 2
        value, begin, end = fallback.stripped(value, begin)
    else:
        begin = start + len(assigned.group(1)) + 1
    if value and len(value) <= 2000 and "\n" not in value:
        yield Setting((assigned.group(1),), value, locate(begin, end), kind)


_VARIABLE = re.compile(
    r"(?:export[ \t]+|override[ \t]+)?([A-Za-z_][\w.-]*)[ \t]*(?:\?=|:=|::=|\+=|=)[ \t]*(.*?)[ \t\r]*$"
)
_LOGICAL = re.compile(r"(?:[^\\\n]|\\\r?\n|\\.)*+(?:\n|\Z|\\\Z)")
_LEAD = re.compile(r"[ \t@+-]*")


def _makefile(text: str, lines: Lines) -> Iterator[Command | Setting]:
    position = 0
    while position < len(text):
        found = _LOGICAL.match(text, position)
        end = found.end() if found and found.end() > position else position + 1
        line = text[position:end]
        if line.startswith(("\t", "    ")):
            lead = _LEAD.match(text, position, end)
            begin = lead.end() if lead else position
            yield from split(text, begin, end, lines.span, kind="makefile")
        elif variable := _VARIABLE.match(line.rstrip("\n")):
            value = variable.group(2).split(" #")[0].rstrip()
            start = position + variable.start(2)
            if value and len(value) <= 2000 and "\n" not in value:
                yield Setting((variable.group(1),), value, lines.span(start, start + len(value)), "makefile")
        position = end
