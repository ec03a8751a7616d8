"""A JSON document for other programs: every text in it on one line and made of what can be seen.

Some consumers print what they read, and some refuse text that is no Unicode.
"""

from __future__ import annotations

import json

from auditor.render.escape import visible

Json = dict[str, object]


def written(document: Json) -> str:
    """The document, indented, in ASCII, ending in a line break."""
    return json.dumps(_safe(document), indent=2) + "\n"


def _safe(value: object) -> object:
    if isinstance(value, str):
        return visible(value)
    if isinstance(value, dict):
        return {key: _safe(one) for key, one in value.items()}
    return [_safe(one) for one in value] if isinstance(value, list) else value
