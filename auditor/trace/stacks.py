"""Accelerator stacks and serving runtimes that a target depends on: told apart from weights."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from functools import lru_cache

from auditor.domain.report import Stack
from auditor.domain.sighting import FileFacts
from auditor.domain.source import Scope
from auditor.rulebook.globs import Globs
from auditor.rulebook.types import Rulebook


def stacks(files: Sequence[FileFacts], rulebook: Rulebook) -> tuple[Stack, ...]:
    """The stacks found, sorted by id, each with its places (path and line)."""
    vendors = {rule.publisher.id: rule.publisher for rule in rulebook.publishers}
    packages = {package: rule for rule in rulebook.stacks for package in rule.packages}
    imports = Globs(
        ((n, glob) for n, rule in enumerate(rulebook.stacks) for glob in rule.imports), lambda name: name[-1:]
    )
    named = lru_cache(maxsize=None)(
        lambda name: [rulebook.stacks[n] for n in {*imports.taking(name), *imports.taking(name.partition(".")[0])}]
    )
    places: dict[str, set[tuple[str, int]]] = defaultdict(set)
    for file in files:
        if file.scope in (Scope.DOCUMENTATION, Scope.TEST, Scope.VENDORED):
            continue
        for dependency in file.dependencies:
            rule = packages.get(f"{dependency.ecosystem}:{dependency.name}")
            if rule is not None:
                places[rule.origin.id].add((file.path, dependency.span.line))
        for statement in file.imports:
            for rule in named(statement.name):
                places[rule.origin.id].add((file.path, statement.span.line))
    found = []
    for rule in rulebook.stacks:
        if rule.origin.id in places:
            vendor = vendors.get(rule.vendor)
            countries = tuple(sorted({c.country for c in vendor.claims if not c.until})) if vendor else ()
            name = vendor.name if vendor else rule.vendor
            found.append(Stack(rule.origin.id, rule.name, name, countries, tuple(sorted(places[rule.origin.id]))))
    return tuple(sorted(found, key=lambda s: s.id))
