"""Python's other manifests (setup.cfg, setup.py, conda environments) -> Dependency. Nothing is executed."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from auditor.detect.package_names import normalise, python_requirement
from auditor.detect.text import Lines, read
from auditor.domain.fact import Dependency
from auditor.domain.source import SourceFile

_LIMIT = 1024 * 1024
_SECTION = re.compile(r"\[([^\]]+)\]\s*$")
_OPTION = re.compile(r"([A-Za-z_][\w.-]*)\s*[=:]\s*(.*)$", re.ASCII)
_CONDA_ITEM = re.compile(r"(\s*)-\s+(?:([\"'])(.*?)\2|([^#\n]*?))\s*(?:#.*)?$")
_CONDA_SPEC = re.compile(r"(?:[^\s:]+::)?([A-Za-z0-9_][A-Za-z0-9._-]*)\s*(?:\[[^\]]*\])?\s*([=<>!~ ].*)?$")


def setup_cfg(file: SourceFile) -> Iterator[Dependency]:
    """What a setup.cfg asks for: install_requires, and extras_require by extra."""
    text = read(file, _LIMIT)
    lines = Lines(text)
    section = option = ""
    start = 0
    for line in text.splitlines(keepends=True):
        body, at = line.split(" #")[0].rstrip(), start
        start += len(line)
        if not body or body.lstrip().startswith(("#", ";")):
            continue
        if found := _SECTION.match(body):
            section, option = found[1].strip(), ""
            continue
        if not body[0].isspace() and (found := _OPTION.match(body)):
            option = found[1]
            at, body = at + found.start(2), found[2]
        group = _cfg_group(section, option)
        one = python_requirement(body) if group is not None and body.strip() else None
        if one is not None and group is not None:
            span = lines.span(at + one.start, at + one.end)
            yield Dependency("pypi", normalise("pypi", one.name), one.requirement, one.exact, span, group)


def setup_py(file: SourceFile) -> Iterator[Dependency]:
    """What a setup.py asks for, as far as its lists are written out or bound to a name in the file.

    *Raises* what `ast.parse` raises: SyntaxError, ValueError, RecursionError, MemoryError.
    """
    text = read(file, _LIMIT)
    lines = Lines(text)
    rows = text.splitlines()
    tree = ast.parse(text)
    bound = {
        target.id: node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    pins = _pins(bound)
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call) or _called(node.func) != "setup":
            continue
        for keyword in node.keywords:
            for group, wish in _wishes(keyword, bound):
                literal = pins.get(wish.value, wish)
                one = python_requirement(literal.value) if isinstance(literal.value, str) else None
                if one is None:
                    continue
                column = len(rows[literal.lineno - 1].encode()[: literal.col_offset].decode(errors="replace")) + 1
                begin = text.find(one.name, lines.offset(literal.lineno, column))
                span = lines.span(begin, begin + len(one.name))
                yield Dependency("pypi", normalise("pypi", one.name), one.requirement, one.exact, span, group)


def conda_environment(file: SourceFile) -> Iterator[Dependency]:
    """What a conda environment asks for; the lines under `pip:` are Python requirements.

    *Source*: https://docs.conda.io/projects/conda/en/stable/user-guide/tasks/manage-environments.html
    """
    text = read(file, _LIMIT)
    lines = Lines(text)
    inside = False
    pip_indent = -1
    start = 0
    for line in text.splitlines(keepends=True):
        at, body = start, line.rstrip("\r\n")
        start += len(line)
        if re.match(r"[A-Za-z]", body):
            inside, pip_indent = body.split("#")[0].strip() == "dependencies:", -1
        item = _CONDA_ITEM.match(body) if inside else None
        if item is None:
            continue
        part = 3 if item[2] else 4
        word, at = item[part], at + item.start(part)
        if word.rstrip() == "pip:":
            pip_indent = len(item[1])
        elif 0 <= pip_indent < len(item[1]):
            if one := python_requirement(word):
                span = lines.span(at + one.start, at + one.end)
                yield Dependency("pypi", normalise("pypi", one.name), one.requirement, one.exact, span)
        elif found := _CONDA_SPEC.match(word):
            requirement = (found[2] or "").strip()
            span = lines.span(at + found.start(1), at + found.end(1))
            yield Dependency("conda", normalise("conda", found[1]), requirement, _conda_exact(requirement), span)


def _cfg_group(section: str, option: str) -> str | None:
    if section == "options" and option == "install_requires":
        return ""
    return option if section == "options.extras_require" and option else None


def _pins(bound: dict[str, ast.expr]) -> dict[object, ast.Constant]:
    """Requirements by bare name, for the habit of listing them once (`_deps`) and asking by name (`deps["torch"]`)."""
    pins: dict[object, ast.Constant] = {}
    for value in bound.values():
        for literal in _strings(value, {}) if isinstance(value, ast.List | ast.Tuple) else ():
            one = python_requirement(literal.value) if isinstance(literal.value, str) else None
            if one is not None and one.requirement:
                pins.setdefault(one.name, literal)
    return pins


def _called(function: ast.expr) -> str:
    if isinstance(function, ast.Attribute):
        return function.attr
    return function.id if isinstance(function, ast.Name) else ""


def _wishes(keyword: ast.keyword, bound: dict[str, ast.expr]) -> Iterator[tuple[str, ast.Constant]]:
    if keyword.arg == "install_requires":
        yield from (("", one) for one in _strings(keyword.value, bound))
    elif keyword.arg == "extras_require":
        table = bound.get(keyword.value.id) if isinstance(keyword.value, ast.Name) else keyword.value
        if isinstance(table, ast.Dict):
            for key, value in zip(table.keys, table.values, strict=True):
                if isinstance(key, ast.Constant) and isinstance(key.value, str):
                    yield from ((key.value, one) for one in _strings(value, bound))


def _strings(value: ast.expr, bound: dict[str, ast.expr], depth: int = 0) -> Iterator[ast.Constant]:
    if depth > 8:  # lists that are bound to each other in a circle
        return
    match value:
        case ast.Constant():
            yield value
        case ast.List() | ast.Tuple():
            for element in value.elts:
                yield from _strings(element.value if isinstance(element, ast.Starred) else element, bound, depth + 1)
        case ast.BinOp(op=ast.Add()):
            yield from _strings(value.left, bound, depth + 1)
            yield from _strings(value.right, bound, depth + 1)
        case ast.Name() if value.id in bound:
            yield from _strings(bound[value.id], bound, depth + 1)
        case ast.Subscript(value=ast.Name(), slice=ast.Constant()):
            yield from _strings(value.slice, bound, depth + 1)
        case ast.Call(func=ast.Name()):
            for argument in value.args:
                yield from _strings(argument, bound, depth + 1) if isinstance(argument, ast.Constant) else ()
        case _:
            return


def _conda_exact(requirement: str) -> str:
    found = re.fullmatch(r"={1,2}\s*([0-9][A-Za-z0-9.!+_-]*)(?:=\S+)?", requirement)
    return found[1] if found and "*" not in requirement else ""
