"""Models that no line names: what a dependency loads by itself, for the version that is locked and the call that is made."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from operator import itemgetter

from auditor.domain.fact import Call, Dependency, Setting
from auditor.domain.reference import Confidence, Occurrence, Role
from auditor.domain.rows import columns
from auditor.domain.sighting import FileFacts, Name
from auditor.domain.source import Scope
from auditor.rulebook.defaults import Default
from auditor.rulebook.globs import takes
from auditor.rulebook.index import snake
from auditor.rulebook.types import PackageRule, Rulebook
from auditor.rulebook.versions import matches, overlaps
from auditor.trace.alternatives import Alternatives
from auditor.trace.code import by_scope
from auditor.trace.symbols import last

# The languages whose calls load packages of an ecosystem (purl types).
_LANGUAGES = {
    "pypi": ("python",),
    "npm": ("javascript",),
    "cargo": ("rust",),
    "golang": ("go",),
    "maven": ("java", "kotlin"),
    "nuget": ("csharp",),
    "gem": ("ruby",),
    "composer": ("php",),
    "swift": ("swift",),
}
# Ecosystems that ship another's packages under their own names.
_SAME_PACKAGES = {"conda": "pypi"}

Recognise = Callable[[str, str], Name | None]


def implied(
    files: Sequence[FileFacts], rulebook: Rulebook, alternatives: Alternatives, recognise: Recognise
) -> Iterator[Occurrence]:
    """Occurrences of models that dependencies bring in, at the call or at the line that asks for the package."""
    wanted: dict[tuple[str, str], list[tuple[FileFacts, Dependency]]] = defaultdict(list)
    for file in files:
        for dependency in file.dependencies:
            ecosystem = _SAME_PACKAGES.get(dependency.ecosystem, dependency.ecosystem)
            wanted[ecosystem, dependency.name].append((file, dependency))
    own = {name for file in files for name in file.own_names}
    called = _Called(files)
    for rule in rulebook.packages:
        if rule.name in own:
            continue  # a package's own repository names what it loads
        asked = [(f, d) for f, d in wanted.get((rule.ecosystem, rule.name), ()) if not _aside(f, d)]
        defaults, sure = _in_force(rule, asked)
        for default in defaults:
            calls = _calling(rule, default, called)
            here = [(f, d) for f, d in asked if _locked(rule, default, d)] if default.always else []
            by_itself = [(f, d) for f, d in here if _reached(default, f, files)]
            name = recognise(default.model, "hub") if calls or by_itself else None
            if name is None:
                continue
            if calls:
                yield from _by_calls(rule, default, name, sure, calls, alternatives, bool(asked))
            if by_itself:
                yield from _by_dependency(rule, default, name, sure, by_itself, _unchosen(rule, files, alternatives))


def _unchosen(rule: PackageRule, files: Sequence[FileFacts], alternatives: Alternatives) -> str:
    """Why no code that brings a package in runs by default; "" when some does, or when none was seen to."""
    module = rule.name.replace("-", "_").lower()
    users = [
        f for f in files if f.scope is Scope.RUNTIME and any(i.name.partition(".")[0] == module for i in f.imports)
    ]
    reasons = [alternatives.why((), file.path, "") for file in users]
    return min(reasons) if reasons and all(reasons) else ""


def _reached(default: Default, manifest: FileFacts, files: Sequence[FileFacts]) -> bool:
    """Whether code beside a manifest comes to what loads the default, and no setting there names another model."""
    if not default.imports and not default.unless_set:
        return True
    folder = manifest.path.rpartition("/")[0]
    here = [f for f in files if f.scope is not Scope.TEST and (not folder or f.path.startswith(f"{folder}/"))]
    imported = not default.imports or any(takes(g, i.name) for g in default.imports for f in here for i in f.imports)
    settings = (s.fact for f in here for s in f.sightings if isinstance(s.fact, Setting) and s.fact.live)
    keys = {"/".join(map(snake, fact.path)) for fact in settings} if imported else set()
    return imported and not any(takes(g, key) for g in default.unless_set for key in keys)


def _aside(file: FileFacts, dependency: Dependency) -> bool:
    """Whether a dependency is for development, tests or documents only."""
    return file.scope is not Scope.RUNTIME or dependency.group in _DEVELOPMENT


_DEVELOPMENT = frozenset(
    "constraint dev develop development test tests testing docs doc lint typing types ci benchmark benchmarks examples".split()
)


def _in_force(rule: PackageRule, asked: Sequence[tuple[FileFacts, Dependency]]) -> tuple[list[Default], Confidence]:
    """The defaults of the versions asked for: of an exact version its own, of a range those of the newest that it allows."""
    exact = sorted({d.exact for _, d in asked if d.exact})
    if exact:
        found = [d for d in rule.defaults if any(matches(rule.ecosystem, v, d.since, d.until) for v in exact)]
        return found, Confidence.HIGH
    ranges = sorted({d.requirement for _, d in asked})
    if any(ranges):
        spanned = [d for d in rule.defaults if any(overlaps(rule.ecosystem, r, d.since, d.until) for r in ranges)]
        begun = {d.since for d in spanned}
        return [d for d in spanned if not d.until or d.until not in begun], Confidence.MEDIUM
    return [d for d in rule.defaults if not d.until], Confidence.MEDIUM


def _locked(rule: PackageRule, default: Default, dependency: Dependency) -> bool:
    """Whether a default belongs to the very version asked for: the parts of a repository may lock different ones."""
    exact = dependency.exact
    return not exact or matches(rule.ecosystem, exact, default.since, default.until)


def _calling(rule: PackageRule, default: Default, called: _Called) -> list[tuple[FileFacts, Call]]:
    """The calls that leave the model out, so that the default applies, by language and then in the order of the files."""
    found: list[tuple[FileFacts, Call]] = []
    for language in _LANGUAGES.get(rule.ecosystem, ()):
        if default.beside and not any(called.made(language, wanted) for wanted in default.beside):
            continue
        named = called.of(language, default.calls)
        found += [(file, call) for _, file, call in sorted(named, key=itemgetter(0)) if _unnamed(call, default)]
    return found


def _by_calls(
    rule: PackageRule,
    default: Default,
    name: Name,
    sure: Confidence,
    calls: Sequence[tuple[FileFacts, Call]],
    alternatives: Alternatives,
    asked: bool,
) -> Iterator[Occurrence]:
    for file, call in calls:
        decided = by_scope(file.scope)
        first = alternatives.why(tuple(reversed(call.guards)), file.path, call.within)
        role = decided.role if decided else Role.OPTIONAL if first else Role.IMPLIED
        why = f"{call.callee.rpartition('.')[2]}() names no model, and {rule.name} then loads {default.model}"
        if first:
            why += f"; it {first}"
        yield Occurrence(
            name.reference,
            rule.origin.id,
            file.path,
            call.span,
            file.scope,
            role,
            why,
            default.model,
            min(sure if asked else Confidence.MEDIUM, rule.confidence, name.confidence),
        )


def _by_dependency(
    rule: PackageRule,
    default: Default,
    name: Name,
    sure: Confidence,
    asked: Sequence[tuple[FileFacts, Dependency]],
    unchosen: str,
) -> Iterator[Occurrence]:
    for file, dependency in asked:
        version = f" {dependency.exact}" if dependency.exact else ""
        by = f", which {' and '.join(dependency.parents[:3])} brings in," if dependency.parents else ""
        role = Role.OPTIONAL if dependency.group or unchosen else Role.IMPLIED
        why = f"{rule.name}{version}{by} loads {default.model} when it is used" + (
            f"; only with the extra {dependency.group!r}"
            if dependency.group
            else f"; its code {unchosen}"
            if unchosen
            else ""
        )
        yield Occurrence(
            name.reference,
            rule.origin.id,
            file.path,
            dependency.span,
            file.scope,
            role,
            why,
            dependency.name,
            min(sure, rule.confidence, name.confidence, Confidence.MEDIUM if dependency.parents else Confidence.HIGH),
        )


class _Called:
    """Calls by language and callee, numbered in order: few callees stand for many calls.

    Left out is what the target itself defines in the package that is called: it names what it loads.
    """

    def __init__(self, files: Sequence[FileFacts]) -> None:
        own: dict[str, set[str]] = defaultdict(set)
        for file in files:
            for signature in file.signatures:
                *packages, name = signature.symbol.split(".")
                own[name].update(packages)
        self._calls: dict[tuple[str, str], list[tuple[int, FileFacts, int]]] = defaultdict(list)
        self._callees: dict[tuple[str, str], set[str]] = defaultdict(set)
        number = 0
        for file in files:
            for n, (callee,) in enumerate(columns(file.calls, "callee")):
                number += 1
                package, _, name = callee.partition(".")
                if package not in own.get(last(name), ()):
                    self._calls[file.language, callee].append((number, file, n))
        for language, callee in self._calls:
            self._callees[language, last(callee)].add(callee)
            self._callees[language, f"*{callee[-1:]}"].add(callee)
            self._callees[language, "*"].add(callee)

    def of(self, language: str, globs: Iterable[str]) -> Iterator[_Numbered]:
        """The calls whose callee any of the patterns takes, each once."""
        fit: set[str] = set()
        for glob in globs:
            end = last(glob)
            if wild := _WILD.split(end)[1:]:
                end = f"*{wild[-1][-1:]}"
            possible = self._callees.get((language, end), ())
            fit.update(callee for callee in possible if takes(glob, callee))
        for callee in fit:
            yield from ((number, file, file.calls[n]) for number, file, n in self._calls[language, callee])

    def made(self, language: str, wanted: str) -> bool:
        """Whether the product makes a call with the keywords wanted, and without those that are not."""
        glob, *words = wanted.split()
        has = {word for word in words if not word.startswith("-")}
        lacks = {word[1:] for word in words} - has
        return any(
            has <= set(call.keywords) and lacks.isdisjoint(call.keywords)
            for _, file, call in self.of(language, [glob])
            if file.scope is Scope.RUNTIME
        )


_Numbered = tuple[int, FileFacts, Call]
_WILD = re.compile(r"[]*?[]")


def _unnamed(call: Call, default: Default) -> bool:
    """Whether a call leaves the model out, so that the default applies."""
    if default.literals:
        if call.first not in default.literals:
            return False
    if 0 <= default.unless_position < call.positional:
        return False
    return not (set(default.unless) | {"**"}) & set(call.keywords)
