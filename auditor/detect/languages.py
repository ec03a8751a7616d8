"""Readers of languages and other syntaxes, each brought in when the first file of its kind is met: start-up pays for none."""

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


def javascript(file: SourceFile) -> Iterable[Fact]:
    from auditor.detect.javascript import parse

    return parse(file)


def component(file: SourceFile) -> Iterable[Fact]:
    from auditor.detect.component import parse

    return parse(file)


def go(file: SourceFile) -> Iterable[Fact]:
    from auditor.detect.golang import parse

    return parse(file)


def rust(file: SourceFile) -> Iterable[Fact]:
    from auditor.detect.rust import parse

    return parse(file)


def java(file: SourceFile) -> Iterable[Fact]:
    from auditor.detect.java import parse

    return parse(file)


def kotlin(file: SourceFile) -> Iterable[Fact]:
    from auditor.detect.kotlin import parse

    return parse(file)


def csharp(file: SourceFile) -> Iterable[Fact]:
    from auditor.detect.csharp import parse

    return parse(file)


def ruby(file: SourceFile) -> Iterable[Fact]:
    from auditor.detect.ruby import parse

    return parse(file)


def php(file: SourceFile) -> Iterable[Fact]:
    from auditor.detect.php import parse

    return parse(file)


def swift(file: SourceFile) -> Iterable[Fact]:
    from auditor.detect.swift import parse

    return parse(file)


def cpp(file: SourceFile) -> Iterable[Fact]:
    from auditor.detect.cpp import parse

    return parse(file)
