"""The command lines in a configuration tree: containers, services, CI steps, scripts of a package."""

from __future__ import annotations

import re
from collections.abc import Iterator

from auditor.detect import shell
from auditor.detect.text import Lines
from auditor.detect.tree import Mapping, Node, Scalar, Sequence, resolved
from auditor.domain.fact import Command, Setting
from auditor.domain.source import Span

# Keys that hold the program and its arguments, in the order in which they are put together.
_ARGUMENTS = {
    "compose": ("entrypoint", "command"),
    "kubernetes": ("command", "args"),
    "other": ("entrypoint", "entryPoint", "command", "args", "cmd"),
}
_STEPS = ("run", "script", "before_script", "after_script", "command", "bash", "pwsh", "powershell", "install")
_SCRIPTS = "scripts"
_SHELLS = frozenset(("sh", "bash", "dash", "ash", "zsh"))
_MAX_WORDS = 4000
_MAX_LISTED = 10_000

_Word = tuple[str, int, int]


def keys(kind: str) -> tuple[str, ...]:
    """The keys whose values are commands in a dialect, and so no settings."""
    return _STEPS if kind == "workflow" else _ARGUMENTS.get(kind, _ARGUMENTS["other"])


def parse(root: Node, text: str, lines: Lines, kind: str) -> Iterator[Command | Setting]:
    """The commands of a tree in the order of the file; the variables that scripts set come as settings."""
    held = keys(kind)
    stack: list[Node] = [root]
    while stack:
        node = stack.pop()
        if isinstance(node, Sequence):
            stack.extend(reversed(node.items))
        elif isinstance(node, Mapping):
            stack.extend(value for key, value in reversed(node.items) if key not in held or isinstance(value, Mapping))
            if kind == "json" and isinstance(scripts := node.get(_SCRIPTS), Mapping):
                for _, value in scripts.items:
                    if isinstance(value, Scalar):
                        yield from _script(value, text, lines, "shell", kind)
            if any(key in held for key, _ in node.items):
                yield from (_steps if kind == "workflow" else _container)(node, text, lines, kind)


def scalars(node: Node | None) -> list[Scalar]:
    """The strings and numbers of a value or list, lists inside it included."""
    found: list[Scalar] = []
    stack = [node] if node is not None else []
    for _ in range(_MAX_LISTED):
        if not stack:
            break
        item = resolved(stack.pop())
        if isinstance(item, Scalar):
            found.append(item)
        elif isinstance(item, Sequence):
            stack.extend(reversed(item.items))
    return found


def _steps(node: Mapping, text: str, lines: Lines, kind: str) -> Iterator[Command | Setting]:
    for key in _STEPS:
        for scalar in scalars(node.get(key)):
            yield from _script(scalar, text, lines, "shell", kind)


def _container(node: Mapping, text: str, lines: Lines, kind: str) -> Iterator[Command | Setting]:
    """One command from program and arguments.

    Where the file gives only arguments the program is the image's own: the image's name then stands in its place.
    """
    words: list[_Word] = []
    program, *_ = order = keys(kind)
    for key in order:
        value = node.get(key)
        if isinstance(value, Sequence):
            words += [(item.text, item.start, item.end) for item in scalars(value)][:_MAX_WORDS]
        elif isinstance(value, Scalar):
            if _is_script(value):
                yield from _script(value, text, lines, "start", kind)
            elif kind == "kubernetes" or (kind == "other" and not words):
                words.append((value.text, value.start, value.end))
            else:
                body = _body(value, text)
                words += [(word, start + value.start, end + value.start) for word, start, end in shell.words(body)]
    if not words:
        return
    own = len(words)
    bare = words[0][0].startswith("-") or (kind == "kubernetes" and node.get(program) is None)
    image = node.get("image")
    if bare and isinstance(image, Scalar) and image.text:
        words.insert(0, (image.text, image.start, image.end))
    yield from _run(words, own, text, lines, kind)


def _is_script(value: Scalar) -> bool:
    """Whether a value is more than one command: several lines that are kept, or joined by shell operators."""
    return value.text.strip().count("\n") > 0 or bool(re.search(r"&&|\|\||;|\|", value.text))


def _run(words: list[_Word], own: int, text: str, lines: Lines, kind: str) -> Iterator[Command | Setting]:
    """The command; of `sh -c "..."` the commands inside. The last `own` words are those that give its place."""
    program = words[0][0].rsplit("/", 1)[-1]
    if program in _SHELLS and len(words) >= 3 and re.fullmatch(r"-\w*c", words[1][0]):
        for value, start, end in words[2:]:
            yield from _script(Scalar(value, start, end, True, _quote(text, start)), text, lines, "start", kind)
        return
    yield shell.command(words, lines.span, "start", own)


def _quote(text: str, start: int) -> str:
    """The quote or line break before a word: what it was read from."""
    return text[start - 1] if start and text[start - 1] in "\"'" else "|"


def _script(value: Scalar, text: str, lines: Lines, stage: str, kind: str) -> Iterator[Command | Setting]:
    """A script inside a value, read where it stands; one that escapes have changed has the place of the value."""
    if value.style == '"' and "\\" in text[value.start : value.end]:
        whole = lines.span(value.start, value.end)
        yield from shell.split(value.text, 0, len(value.text), lambda _, __: whole, stage=stage, kind=kind)
        return
    body = _body(value, text)

    def locate(start: int, end: int) -> Span:
        return lines.span(start + value.start, end + value.start)

    yield from shell.split(body, 0, len(body), locate, stage=stage, kind=kind)


def _body(value: Scalar, text: str) -> str:
    """The value as written; line breaks that YAML folds are blanks."""
    raw = text[value.start : value.end]
    return raw if value.style == "|" else raw.replace("\r", " ").replace("\n", " ")
