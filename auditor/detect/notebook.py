"""Jupyter notebooks to facts: code by the reader of its language, text and outputs as prose, all placed in the .ipynb file."""

from __future__ import annotations

import ast
import re
import warnings
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

from auditor.detect import braces, languages, prose, python, shell
from auditor.detect.text import Lines, read
from auditor.detect.tree import Mapping, Node, Scalar, Sequence
from auditor.domain.fact import Alias, Artifact, Command, Fact, Literal, Read, Signature
from auditor.domain.source import Scope, SourceFile, Span

_LIMIT = 8 << 20  # bytes
_ESCAPE = re.compile(r"\\(?:u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|.)", re.DOTALL)
_MAGIC = re.compile(r"(\s*)(?:[\w, ]+=\s*)?([!%?]+)(.*)", re.DOTALL)
_CELL_MAGIC = re.compile(r"\s*%%(\w+)")
_SHELLS = frozenset("bash sh shell script".split())
_AROUND_PYTHON = frozenset("capture time timeit prun memit memray debug python python3 ai_ignore".split())
_READERS = {  # by what a kernel says that it speaks: the reader, and how names of its files end
    "javascript": (languages.javascript, ".js"),
    "typescript": (languages.javascript, ".ts"),
    "deno": (languages.javascript, ".ts"),
    "c#": (languages.csharp, ".cs"),
    "csharp": (languages.csharp, ".cs"),
    "go": (languages.go, ".go"),
    "java": (languages.java, ".java"),
    "kotlin": (languages.kotlin, ".kt"),
    "rust": (languages.rust, ".rs"),
    "ruby": (languages.ruby, ".rb"),
    "swift": (languages.swift, ".swift"),
    "c++": (languages.cpp, ".cpp"),
}
_SHOWN = ("text", "text/plain")
_CELLS = re.compile(r'"cells"\s*:\s*\[')
_KERNEL = (
    (re.compile(r'"language_info"\s*:\s*\{'), ("name",)),
    (re.compile(r'"kernelspec"\s*:\s*\{'), ("language", "name")),
)


def parse(file: SourceFile) -> Iterator[Fact]:
    """The facts of all cells in order; cells of one language share their names.

    *Raises* SyntaxError, after everything that could be read, where code is not of its language.
    """
    text = read(file, _LIMIT)
    lines = Lines(text)
    language = _language(text)
    problem = ""
    code: dict[str, list[_Rows]] = {}
    for cell in _cells(text):
        if isinstance(cell, str):
            problem = cell
            continue
        rows = _rows(cell.get("source") or cell.get("input"), text)
        match _text(cell.get("cell_type")):
            case "code":
                spoken = _cell_language(cell, rows) or language
                if spoken in _SHELLS:
                    yield from _shell(rows, lines)
                elif spoken == "python":
                    yield from _magics(rows, lines)
                code.setdefault(spoken, []).append(rows)
            case "markdown":
                yield from _prose(rows, lines, "document")
        for output in _outputs(cell):
            yield from _prose(_rows(output, text), lines, "output")
    failed: SyntaxError | None = None
    for spoken, cells in code.items():
        if spoken == "python":
            cells, failed = _readable(cells, lines)
        joined = [row for rows in cells for row in rows]
        yield from (_placed(fact, joined, lines) for fact in _facts(spoken, file.path, "\n".join(map(_line, joined))))
    if problem:
        raise ValueError(problem)
    if failed is not None:
        raise failed


@dataclass(frozen=True, slots=True)
class _Row:
    """One line of a cell. `raw` is how the notebook spells it, from the offset `start` of the file on."""

    text: str
    raw: str
    start: int

    def offset(self, column: int) -> int:
        """Where a column of the line stands in the file. *Units*: column 1-based code points."""
        columns, longer = _escapes(self.raw)
        before = bisect_left(columns, column - 1)
        return self.start + min(column - 1 + longer[before], len(self.raw))


_Rows = list[_Row]


@lru_cache(maxsize=8)
def _escapes(raw: str) -> tuple[list[int], list[int]]:
    """The columns (0-based) at which escapes stand, and by how much those before each, and before the end, are longer."""
    columns, longer = [], [0]
    for found in _ESCAPE.finditer(raw):
        columns.append(found.start() - longer[-1])
        longer.append(longer[-1] + len(found.group()) - 1)
    return columns, longer


def _facts(language: str, path: str, source: str) -> Iterator[Fact]:
    if language == "python":
        yield from python.parse_text(path, source)
    elif language in _READERS:
        reader, ending = _READERS[language]
        data = source.encode("utf-8", "replace")
        name = path.removesuffix(".ipynb") + ending
        yield from reader(SourceFile(name, len(data), Scope.RUNTIME, lambda most: data[:most]))


def _placed(fact: Fact, rows: _Rows, lines: Lines) -> Fact:
    """The fact with its lines and columns in the cells made those of the file."""

    def position(line: int, column: int) -> tuple[int, int]:
        return lines.position(rows[line - 1].offset(column)) if 1 <= line <= len(rows) else (1, 1)

    def placed(span: Span) -> Span:
        return Span(*position(span.line, span.column), *position(span.end_line, span.end_column))

    match fact:
        case Alias() | Signature() | Artifact():
            return fact
        case Literal() | Read():
            entries = tuple(replace(entry, at=position(*entry.at)) for entry in fact.entries)
            return replace(fact, span=placed(fact.span), entries=entries)
        case Command():
            return replace(fact, span=placed(fact.span), argv=tuple((w, placed(span)) for w, span in fact.argv))
        case _:
            return replace(fact, span=placed(fact.span))


def _rows(node: Node | None, text: str) -> _Rows:
    """The lines of a cell, whether it is written as one string or as a list of lines."""
    pieces = node.items if isinstance(node, Sequence) else [node]
    rows: _Rows = []
    whole = True
    for piece in pieces:
        if not isinstance(piece, Scalar):
            continue
        start = piece.start
        breaks = [e for e in _ESCAPE.finditer(text, piece.start, piece.end) if e.group() == "\\n"]
        raws = []
        for found in breaks:
            raws.append((start, found.start()))
            start = found.end()
        raws.append((start, piece.end))
        for (begin, end), line in zip(raws, piece.text.split("\n"), strict=False):
            if whole:
                rows.append(_Row(line.rstrip("\r"), text[begin:end], begin))
            else:  # a piece without a line's end goes on in the next one
                rows[-1] = replace(rows[-1], text=rows[-1].text + line)
            whole = True
        if rows and not rows[-1].text and breaks:
            rows.pop()
        else:
            whole = not raws
    return rows


def _line(row: _Row) -> str:
    return row.text


def _readable(cells: list[_Rows], lines: Lines) -> tuple[list[_Rows], SyntaxError | None]:
    """Python cells without commands of the notebook and without those that are no Python; the first such one's error."""
    cells = [_without_magics(rows) for rows in cells]
    if _error(row for rows in cells for row in rows) is None:
        return cells, None
    kept: list[_Rows] = []
    first: SyntaxError | None = None
    for number, rows in enumerate(cells, 1):
        error = _error(rows)
        if error is None:
            kept.append(rows)
        elif first is None:
            line = lines.position(rows[min(error.lineno or 1, len(rows)) - 1].start)[0]
            first = SyntaxError(f"code cell {number}: {error.msg}")
            first.lineno = line
    return kept, first


def _error(rows: Iterator[_Row] | _Rows) -> SyntaxError | None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            ast.parse("\n".join(map(_line, rows)))
        except SyntaxError as error:
            return error
    return None


def _without_magics(rows: _Rows) -> _Rows:
    if any(_CELL_MAGIC.match(row.text) for row in rows[:1]):
        return [replace(rows[0], text=""), *_without_magics(rows[1:])]
    kept, goes_on = [], False
    for row in rows:
        found = _MAGIC.fullmatch(row.text)
        if goes_on or found or row.text.rstrip().endswith("?"):
            kept.append(replace(row, text=f"{found.group(1)}pass" if found and not goes_on else ""))
            goes_on = row.text.rstrip().endswith("\\")
        else:
            kept.append(row)
    return kept


def _magics(rows: _Rows, lines: Lines) -> Iterator[Fact]:
    """What `!command` and `%pip install` lines run."""
    for i, row in enumerate(rows):
        found = _MAGIC.fullmatch(row.text)
        if found and found.group(2)[0] in "!%" and found.group(3).strip():
            last = i
            while rows[last].text.rstrip().endswith("\\") and last + 1 < len(rows):
                last += 1
            first = replace(row, text=" " * found.start(3) + found.group(3))
            yield from _shell([first, *rows[i + 1 : last + 1]], lines)


def _shell(rows: _Rows, lines: Lines) -> Iterator[Fact]:
    if rows and _CELL_MAGIC.match(rows[0].text):
        rows = [replace(rows[0], text=""), *rows[1:]]
    source = "\n".join(map(_line, rows))
    within = Lines(source)
    for fact in shell.split(source, 0, len(source), within.span):
        yield _placed(fact, rows, lines)


def _prose(rows: _Rows, lines: Lines, where: str) -> Iterator[Fact]:
    source = "\n".join(map(_line, rows))
    for fact in prose.words(source, 0, Lines(source), where):
        yield _placed(fact, rows, lines)


def _language(text: str) -> str:
    """What the notebook's kernel speaks."""
    for key, names in _KERNEL:
        found = key.search(text)
        inner = braces.parse(text, found.end() - 1).node if found else None
        for name in names:
            named = _text(inner.get(name)).lower() if isinstance(inner, Mapping) else ""
            if named:
                return "python" if named.startswith(("python", "ipython", "conda", "xpython")) else named
    return "python"


def _cell_language(cell: Mapping, rows: _Rows) -> str:
    """What one cell speaks where it differs from the kernel; "" where it does not say."""
    magic = _CELL_MAGIC.match(rows[0].text) if rows else None
    if magic:
        return "python" if magic.group(1) in _AROUND_PYTHON else magic.group(1)
    metadata = cell.get("metadata")
    named_by = (("vscode", "languageId"), ("dotnet_interactive", "language"), ("polyglot_notebook", "kernelName"))
    for holder, key in named_by:
        inner = metadata.get(holder) if isinstance(metadata, Mapping) else None
        if isinstance(inner, Mapping) and (named := _text(inner.get(key)).lower()):
            return named
    return ""


def _cells(text: str) -> Iterator[Mapping | str]:
    """The cells, and what was wrong with them. Nothing else is parsed: the state of widgets may be the most of a notebook."""
    position = 0
    while found := _CELLS.search(text, position):
        parsed = braces.parse(text, found.end() - 1)
        position = max(parsed.end, found.end())
        if isinstance(parsed.node, Sequence):
            yield from (cell for cell in parsed.node.items if isinstance(cell, Mapping))
        if parsed.problem:
            yield parsed.problem


def _outputs(cell: Mapping) -> Iterator[Node]:
    outputs = cell.get("outputs")
    for output in outputs.items if isinstance(outputs, Sequence) else ():
        if isinstance(output, Mapping):
            data = output.get("data")
            for holder in (output, data):
                yield from (n for k in _SHOWN if isinstance(holder, Mapping) and (n := holder.get(k)) is not None)


def _text(node: Node | None) -> str:
    return node.text if isinstance(node, Scalar) else ""
