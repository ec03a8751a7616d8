"""Workspace manifests and folders -> the products of a repository."""

from __future__ import annotations

from collections.abc import Sequence

from auditor.domain.source import Part, SourceFile


def parts_of(files: Sequence[SourceFile], name: str) -> tuple[Part, ...]:
    """The products that a repository holds, by path; one named after the repository where it does not hold several."""
    return (Part(name, "."),)
