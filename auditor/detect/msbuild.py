"""MSBuild projects, properties and targets -> settings: what a property or an attribute of a task is given."""

from __future__ import annotations

import re
from collections.abc import Iterator

from auditor.detect import prose
from auditor.detect.places import without_xml_comments
from auditor.detect.text import Places
from auditor.detect.tree import MAX_VALUE
from auditor.domain.fact import Prose, Setting

_PROPERTY = re.compile(r"<([A-Za-z_][\w.-]*+)(?:\s[^<>]*+)?>\s*+([^<>\n]++)\s*+</\1>", re.ASCII)
_TASK = re.compile(r"<([A-Z]\w*+)((?:\s++[\w.-]++\s*+=\s*+\"[^\"<>]*+\")++)\s*+/?>", re.ASCII)
_ATTRIBUTE = re.compile(r"([\w.-]+)\s*=\s*\"([^\"\n]+)\"", re.ASCII)
_COMMENT = re.compile(r"<!--(.*?)(?:-->|\Z)", re.DOTALL)
_SAYS_WHEN = frozenset(["Condition", "DependsOnTargets", "BeforeTargets", "AfterTargets"])


def parse(text: str, places: Places) -> Iterator[Setting | Prose]:
    """Properties by their name, attributes by the task's and their own; comments as prose."""
    live = without_xml_comments(text)
    for found in _PROPERTY.finditer(live):
        value, start = found[2].rstrip(), found.start(2)
        if value and len(value) <= MAX_VALUE:
            yield Setting((found[1],), value, places.span(start, start + len(value)), "msbuild")
    for task in _TASK.finditer(live):
        for given in _ATTRIBUTE.finditer(live, *task.span(2)):
            if given[1] not in _SAYS_WHEN and len(given[2]) <= MAX_VALUE:
                yield Setting((task[1], given[1]), given[2], places.span(*given.span(2)), "msbuild")
    for comment in _COMMENT.finditer(text):
        yield from prose.words(comment[1], comment.start(1), places, "comment")
