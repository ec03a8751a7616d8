"""Lock files -> exact Dependency: the versions that a product is built with, and who brought each in."""

from __future__ import annotations

import fnmatch
import json
from collections.abc import Callable, Iterator
from pathlib import PurePosixPath

from auditor.detect import lockfiles_lines, lockfiles_node, lockfiles_toml
from auditor.detect.package_names import normalise, pinned
from auditor.detect.places import json_keys
from auditor.detect.text import Lines, read
from auditor.domain.fact import Dependency
from auditor.domain.source import SourceFile

__all__ = ["GLOBS", "parse"]

_LIMIT = 16 * 1024 * 1024


def parse(file: SourceFile) -> Iterator[Dependency]:
    """Every package that the lock pins. *Shape*: file order; nothing for a file of no known name.

    *Raises* what the format's decoder raises (ValueError, RecursionError) when the file is broken.
    """
    name = PurePosixPath(file.path.lower()).name
    for glob, parser in _PARSERS:
        if fnmatch.fnmatchcase(name, glob.lower()):
            yield from parser(file)
            return


def _pipfile_lock(file: SourceFile) -> Iterator[Dependency]:
    text = read(file, _LIMIT)
    document = json.loads(text)
    lines = Lines(text)
    groups = {"default": "", "develop": "dev"}
    for path, start, end in json_keys(text, 2):
        if len(path) != 2 or path[0] not in groups:
            continue
        entry = document[path[0]].get(path[1])
        requirement = entry.get("version", "") if isinstance(entry, dict) else ""
        span = lines.span(start, end)
        name = normalise("pypi", path[1])
        yield Dependency("pypi", name, requirement, pinned(requirement), span, groups[path[0]])


_PARSERS: tuple[tuple[str, Callable[[SourceFile], Iterator[Dependency]]], ...] = (
    ("uv.lock", lockfiles_toml.uv),
    ("poetry.lock", lockfiles_toml.poetry),
    ("pdm.lock", lockfiles_toml.pdm),
    ("pylock*.toml", lockfiles_toml.pylock),
    ("Cargo.lock", lockfiles_toml.cargo),
    ("Pipfile.lock", _pipfile_lock),
    ("package-lock.json", lockfiles_node.npm),
    ("npm-shrinkwrap.json", lockfiles_node.npm),
    (".package-lock.json", lockfiles_node.npm),
    ("bun.lock", lockfiles_node.bun),
    ("yarn.lock", lockfiles_lines.yarn),
    ("pnpm-lock.yaml", lockfiles_lines.pnpm),
    ("go.sum", lockfiles_lines.go_sum),
    ("*conda-lock.y*ml", lockfiles_lines.conda_lock),
)
GLOBS: tuple[str, ...] = tuple(glob for glob, _ in _PARSERS)
