"""The like of `languages` for what is not, or not only, one language: each reader comes in with its first file."""

from __future__ import annotations

from collections.abc import Iterable

from auditor.domain.fact import Fact
from auditor.domain.source import SourceFile


def python(file: SourceFile) -> Iterable[Fact]:
    from auditor.detect.python import parse

    return parse(file)


def notebook(file: SourceFile) -> Iterable[Fact]:
    from auditor.detect.notebook import parse

    return parse(file)


def settings(file: SourceFile) -> Iterable[Fact]:
    from auditor.detect.settings import parse

    return parse(file)


def deploy(file: SourceFile) -> Iterable[Fact]:
    from auditor.detect.deploy import parse

    return parse(file)


def shell(file: SourceFile) -> Iterable[Fact]:
    from auditor.detect.shell import parse

    return parse(file)


def weights(file: SourceFile) -> Iterable[Fact]:
    from auditor.detect.weights import parse

    return parse(file)
