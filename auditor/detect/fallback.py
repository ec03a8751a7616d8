"""Values that stand as the fallback of a variable: `${NAME:-value}` and its like mean value where nobody sets NAME."""

from __future__ import annotations

import re

_NAMED = re.compile(
    r"\$\{[ \t]*\w[\w.]*:?[-=]([^{}$]+)\}"  # shell, compose; a number is a script's argument
    r"|\$\{(?:oc\.)?env:[A-Za-z_]\w*,[ \t]*([^{}$]+)\}"  # OmegaConf
    r"|\$\{[A-Za-z_][\w.-]*:([^{}$:\-][^{}$]*)\}"  # Spring
)
_TEMPLATE = re.compile(r"\{\{[^{}]*?\b(?:default|coalesce)\b[^{}\"']*?(?:\"([^\"{}]+)\"|'([^'{}]+)')[^{}]*\}\}")


def stripped(value: str, start: int) -> tuple[str, int, int]:
    """The value with its offsets; where all of it is a variable with a fallback, the fallback."""
    if "{" in value and len(value) <= 400:
        found = _NAMED.fullmatch(value) or _TEMPLATE.fullmatch(value)
        if found and found.lastindex:
            start += found.start(found.lastindex)
            value = found.group(found.lastindex).rstrip()
            if value[:1] in "\"'" and value[-1:] == value[:1] and len(value) > 2:
                value, start = value[1:-1], start + 1
    return value, start, start + len(value)
