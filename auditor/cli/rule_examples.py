"""A rule's own examples, tried: each hit must be found as it says, and nothing in a miss.

Tried are the kinds whose examples are text to be read: calls, keys, commands, families and registries. The examples of
the others are checked for form when the rules are loaded.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from functools import partial

from auditor.detect.match import Matcher
from auditor.detect.names import Names
from auditor.detect.scan import PARSERS, scan
from auditor.domain.source import Scope, SourceFile
from auditor.resolve.known import Known
from auditor.resolve.snapshot import open_snapshot
from auditor.rulebook.makers import Makers, makers
from auditor.rulebook.types import CallRule, CommandRule, Example, FamilyRule, KeyRule, Origin, Rulebook

_Found = list[tuple[str, str]]  # each name as the rule's registry has it, and as it is written


def try_examples(rulebook: Rulebook) -> tuple[int, list[str]]:
    """How many examples were tried, and a sentence for each that fails, in the order of the rules."""
    with closing(open_snapshot()) as snapshot:
        names = Names(rulebook, Known(snapshot))
        matcher = Matcher(rulebook, names)
        in_files: list[CallRule | KeyRule | CommandRule] = [*rulebook.calls, *rulebook.keys, *rulebook.commands]
        trials = [(rule.origin, partial(_in_file, path=_path(rule), matcher=matcher)) for rule in in_files]
        known = makers(rulebook)
        trials += [(family.origin, partial(_in_family, family=family, makers=known)) for family in rulebook.families]
        trials += [(registry.origin, partial(_in_text, names=names, expects="hub")) for registry in rulebook.registries]
        tried = sum(len(origin.hit) + len(origin.miss) for origin, _ in trials)
        return tried, [failure for origin, find in trials for failure in _failures(origin, find)]


def _failures(origin: Origin, find: Callable[[Example], _Found]) -> Iterator[str]:
    for example in origin.hit:
        got = find(example)
        wanted = {text.casefold() for text in example.finds}
        complete = wanted <= {text.casefold() for pair in got for text in pair}
        only = not wanted or all(wanted & {text.casefold() for text in pair} for pair in got)
        if not (got and complete and only):
            yield f"{origin.id}: {example.text!r} finds {_told(got)}, not {', '.join(example.finds) or 'a model'}"
    for example in origin.miss:
        if got := find(example):
            yield f"{origin.id}: {example.text!r} finds {_told(got)}, and should not: {example.because}"


def _told(found: _Found) -> str:
    return ", ".join(sorted(name for name, _ in found)) or "nothing"


def _in_file(example: Example, *, path: str, matcher: Matcher) -> _Found:
    content = example.text.encode()
    file = SourceFile(example.path or path, len(content), Scope.RUNTIME, lambda most: content[:most])
    return [(sighting.name.reference.name, sighting.as_written) for sighting in scan(file, matcher).sightings]


def _in_text(example: Example, *, names: Names, expects: str) -> _Found:
    found = names.recognise(example.text, expects)
    return [(found.reference.name, example.text[found.start : found.end])] if found and not found.tentative else []


def _in_family(example: Example, *, family: FamilyRule, makers: Makers) -> _Found:
    """Whether the family is the first to claim a name or a Hub id."""
    claimed = makers.family(example.text) if "/" in example.text else makers.named(example.text)
    return [(example.text, example.text)] if claimed is family else []


def _path(rule: CallRule | KeyRule | CommandRule) -> str:
    """A file name under which a rule's example is read by the parser that it is for."""
    match rule:
        case CallRule():
            globs = next((p.globs for p in PARSERS if p.name in rule.languages), ("*.py",))
            return globs[0].replace("*", "example")
        case KeyRule():
            return rule.files[0].replace("*", "example") if rule.files else "config.yaml"
        case CommandRule():
            return "run.sh"
