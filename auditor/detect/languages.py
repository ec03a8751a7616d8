"""Readers of programming languages, each brought in when the first file of its language is met: start-up pays for none."""

from __future__ import annotations

from collections.abc import Iterator

from auditor.domain.fact import Fact
from auditor.domain.source import SourceFile


def javascript(file: SourceFile) -> Iterator[Fact]:
    from auditor.detect.javascript import parse

    return parse(file)


def component(file: SourceFile) -> Iterator[Fact]:
    from auditor.detect.component import parse

    return parse(file)


def go(file: SourceFile) -> Iterator[Fact]:
    from auditor.detect.golang import parse

    return parse(file)


def rust(file: SourceFile) -> Iterator[Fact]:
    from auditor.detect.rust import parse

    return parse(file)


def java(file: SourceFile) -> Iterator[Fact]:
    from auditor.detect.java import parse

    return parse(file)


def kotlin(file: SourceFile) -> Iterator[Fact]:
    from auditor.detect.kotlin import parse

    return parse(file)


def csharp(file: SourceFile) -> Iterator[Fact]:
    from auditor.detect.csharp import parse

    return parse(file)


def ruby(file: SourceFile) -> Iterator[Fact]:
    from auditor.detect.ruby import parse

    return parse(file)


def php(file: SourceFile) -> Iterator[Fact]:
    from auditor.detect.php import parse

    return parse(file)


def swift(file: SourceFile) -> Iterator[Fact]:
    from auditor.detect.swift import parse

    return parse(file)


def cpp(file: SourceFile) -> Iterator[Fact]:
    from auditor.detect.cpp import parse

    return parse(file)
