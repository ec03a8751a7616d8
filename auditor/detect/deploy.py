"""Dockerfiles, compose, Kubernetes, CI and other deployment files -> commands and settings."""

from __future__ import annotations

import re
from collections.abc import Iterator

from auditor.detect import dialect, dockerfile, pairs, shell, tree, yaml_tree
from auditor.detect.text import Lines, read
from auditor.detect.tree import Alias, Leaf, Mapping, Node, Scalar, Sequence, resolved
from auditor.domain.fact import Command, Prose, Setting
from auditor.domain.source import SourceFile, Span

LIMIT = 8 * 1024 * 1024
_COMMANDS = {  # keys whose value is a command line or script, and the stage where it runs
    "compose": {"command": "start", "entrypoint": "start"},
    "kubernetes": {"command": "start", "args": "start"},
    "workflow": dict.fromkeys(("run", "script", "before_script", "after_script", "command", "bash", "pwsh", "powershell", "install"), "shell"),
    "yaml": {"command": "start", "args": "start", "entrypoint": "start", "cmd": "start"},
}
_HOLDS_COMMAND = re.compile(r"^[ \t]*(?:-[ \t]+)?[\"']?(?:command|args|entrypoint|cmd)[\"']?[ \t]*:", re.MULTILINE)
_MAX_WORDS = 4000
_MAX_MERGED = 10_000

_Word = tuple[str, int, int]


def parse(file: SourceFile) -> Iterator[Command | Setting | Prose]:
    """The commands that a deployment file runs, and its settings.

    Of YAML that is no known deployment file only the commands are given: `settings` reads the rest. *Raises* ValueError
    after what could be read, when the rest could not.
    """
    text = read(file, LIMIT)
    lines = Lines(text)
    match dialect.of(file.path, text):
        case "dockerfile":
            yield from dockerfile.parse(text, lines)
        case "modelfile":
            yield from _modelfile(text, lines)
        case "procfile":
            yield from _procfile(text, lines)
        case "compose" | "kubernetes" | "workflow" as kind:
            yield from _yaml(text, lines, kind)
            yield from pairs.comments(text, lines, kind)
        case "yaml" if _HOLDS_COMMAND.search(text):
            yield from _yaml(text, lines, "yaml")


_FROM = re.compile(r"^[ \t]*(FROM|ADAPTER|DRAFT)[ \t]+(\S[^\n]*?)[ \t\r]*$", re.MULTILINE | re.IGNORECASE)


def _modelfile(text: str, lines: Lines) -> Iterator[Setting | Prose]:
    for found in _FROM.finditer(text):
        value, quoted = found.group(2), found.group(2)[:1] == '"'
        value, start = value.strip('"'), found.start(2) + quoted
        yield Setting((found.group(1).upper(),), value, lines.span(start, start + len(value)), "modelfile")
    yield from pairs.comments(text, lines, "modelfile")


_PROCESS = re.compile(r"^[ \t]*[\w-]+[ \t]*:[ \t]*(\S[^\n]*)$", re.MULTILINE)


def _procfile(text: str, lines: Lines) -> Iterator[Command | Setting]:
    for found in _PROCESS.finditer(text):
        yield from shell.split(text, found.start(1), found.end(1), lines.span, stage="start", kind="procfile")


def _yaml(text: str, lines: Lines, kind: str) -> Iterator[Command | Setting]:
    for document in yaml_tree.documents(text):
        yield from _commands(document.node, text, lines, kind)
        if kind != "yaml":
            yield from _settings(document.node, lines, kind)
        if document.problem and kind != "yaml":
            raise ValueError(document.problem)


def _commands(root: Node, text: str, lines: Lines, kind: str) -> Iterator[Command | Setting]:
    """The command of every mapping that holds one, in the order of the file."""
    keys = _COMMANDS[kind]
    stack: list[Node] = [root]
    while stack:
        node = stack.pop()
        if isinstance(node, Sequence):
            stack.extend(reversed(node.items))
        elif isinstance(node, Mapping):
            stack.extend(value for key, value in reversed(node.items) if key not in keys or isinstance(value, Mapping))
            if any(key in keys for key, _ in node.items):
                yield from _held(node, text, lines, kind)


def _held(node: Mapping, text: str, lines: Lines, kind: str) -> Iterator[Command | Setting]:
    if kind == "workflow":
        for key, stage in _COMMANDS[kind].items():
            value = node.get(key)
            for scalar in _scalars(value) if value is not None else ():
                yield from _script(scalar, text, lines, stage, kind)
        return
    program, arguments = ("entrypoint", "command") if kind == "compose" else ("command", "args")
    words: list[_Word] = []
    for key in (program, arguments, *(("entrypoint", "cmd") if kind == "yaml" else ())):
        value = node.get(key)
        if isinstance(value, Scalar):
            split = list(shell.split(text, value.start, value.end, lines.span, stage="start", kind=kind))
            simple = len(split) == 1 and value.style not in ("|",)
            if simple and value.text[:1] == "-" and (image := _image(node)):
                words = [image, *_words_of(value, text)]
            elif simple and words:
                words += _words_of(value, text)
            else:
                yield from split
        elif isinstance(value, Sequence):
            words += [(item.text, item.start, item.end) for item in _scalars(value)][:_MAX_WORDS]
    if not words:
        return
    given = node.get(program) is not None
    starts_with_option = words[0][0].startswith("-")
    if (starts_with_option or (kind == "kubernetes" and not given)) and (image := _image(node)):
        words = [image, *words]
    yield from _run(words, text, lines, kind)


def _run(words: list[_Word], text: str, lines: Lines, kind: str) -> Iterator[Command | Setting]:
    """The command itself; of `sh -c "..."` the commands inside."""
    program = words[0][0].rsplit("/", 1)[-1]
    if program in ("sh", "bash", "dash", "ash", "zsh") and len(words) >= 3 and re.fullmatch(r"-\w*c", words[1][0]):
        for value, start, end in words[2:]:
            yield from _script(Scalar(value, start, end), text, lines, "start", kind)
        return
    argv = tuple((word, lines.span(start, end)) for word, start, end in words)
    yield Command(argv, argv[0][1] if len(argv) == 1 else _around([span for _, span in argv[1:]]), "start")


def _around(spans: list[Span]) -> Span:
    first, last = min(spans), max(spans, key=lambda span: (span.end_line, span.end_column))
    return Span(first.line, first.column, last.end_line, last.end_column)


def _script(scalar: Scalar, text: str, lines: Lines, stage: str, kind: str) -> Iterator[Command | Setting]:
    """A script inside a YAML value; read where it stands unless quoting changed it."""
    if scalar.style == '"' and "\\" in text[scalar.start : scalar.end]:
        whole = lines.span(scalar.start, scalar.end)
        yield from shell.split(scalar.text, 0, len(scalar.text), lambda _, __: whole, stage=stage, kind=kind)
    else:
        yield from shell.split(text, scalar.start, scalar.end, lines.span, stage=stage, kind=kind)


def _words_of(scalar: Scalar, text: str) -> list[_Word]:
    return shell.words(text, scalar.start, scalar.end)[:_MAX_WORDS]


def _scalars(node: Node) -> list[Scalar]:
    """The strings and numbers of a command given as a value or list, lists inside it included."""
    found: list[Scalar] = []
    stack = [node]
    seen = 0
    while stack and seen < _MAX_MERGED:
        seen += 1
        item = resolved(stack.pop())
        if isinstance(item, Scalar):
            found.append(item)
        elif isinstance(item, Sequence):
            stack.extend(reversed(item.items))
    return found


def _image(node: Mapping) -> _Word | None:
    image = node.get("image")
    if isinstance(image, Scalar) and image.text:
        return image.text, image.start, image.end
    return None


def _settings(root: Node, lines: Lines, kind: str) -> Iterator[Setting]:
    """The strings of a deployment file, but for commands; environment lists as maps, services with their profiles."""
    keys = _COMMANDS[kind]
    profiles = _profiles(root) if kind == "compose" else {}
    for leaf in tree.leaves(_with_environments(root)):
        path = leaf.path
        if any(part in keys for part in path[-2:]) and "environment" not in path and "env" not in path:
            continue
        scalar = leaf.scalar
        value, start, end = pairs.fallback(scalar.text, scalar.start)
        if value != scalar.text:
            scalar = Scalar(value, start, end)
        beside = leaf.beside
        if len(path) > 1 and path[0] == "services" and path[1] in profiles:
            beside = (("profiles", profiles[path[1]]), *beside)[: tree.MAX_BESIDE]
        # The parts of a deployment stand beside each other without being choices: only plain lists are.
        plain = leaf.siblings if path[-1:] and path[-1].isdigit() else 1
        setting = tree.to_setting(Leaf(path, scalar, plain, beside), lines.span, kind)
        if setting:
            yield setting


def _profiles(root: Node) -> dict[str, str]:
    services = root.get("services") if isinstance(root, Mapping) else None
    found: dict[str, str] = {}
    for name, node in services.items if isinstance(services, Mapping) else ():
        service = resolved(node)
        profiles = service.get("profiles") if isinstance(service, Mapping) else None
        names = [scalar.text for scalar in _scalars(profiles)] if profiles is not None else []
        if names:
            found[name] = ",".join(names)[:200]
    return found


_ASSIGNED = re.compile(r"([A-Za-z_][\w.-]*)=(.*)", re.DOTALL)


def _with_environments(root: Node, depth: int = 0) -> Node:
    """The tree with `- NAME=value` and `{name: N, value: v}` lists under env, environment and args made maps."""
    if depth > tree.MAX_DEPTH:
        return root
    match root:
        case Mapping():
            return Mapping([(key, _environment(key, value, depth)) for key, value in root.items])
        case Sequence():
            return Sequence([_with_environments(item, depth + 1) for item in root.items])
        case Scalar() | Alias():
            return root


def _environment(key: str, value: Node, depth: int) -> Node:
    if not isinstance(value, Sequence) or key not in ("env", "environment", "args", "envs", "env_vars"):
        return _with_environments(value, depth + 1)
    pairs_of: list[tuple[str, Node]] = []
    for item in value.items:
        node = resolved(item)
        if isinstance(node, Scalar) and (found := _ASSIGNED.fullmatch(node.text)):
            start = node.end - len(found.group(2))
            pairs_of.append((found.group(1), Scalar(found.group(2), start, node.end)))
        elif isinstance(node, Mapping) and isinstance(name := node.get("name"), Scalar):
            given = node.get("value")
            pairs_of.append((name.text, given if given is not None else _with_environments(node, depth + 1)))
        else:
            return _with_environments(value, depth + 1)
    return Mapping(pairs_of)
