"""Addresses in registries of weights: where in a text the name begins, and what it is."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from fnmatch import fnmatchcase

from auditor.rulebook.types import RegistryRule

_FILE = re.compile(r"\.(?:gguf|safetensors|onnx|bin|pth?|json|txt|md|py)\Z", re.IGNORECASE)
_PART = re.compile(r"[A-Za-z0-9][\w.-]*", re.ASCII)


@dataclass(frozen=True, slots=True)
class Address:
    """A name in a registry, `tag` apart. *Units*: start is the code point behind the registry's prefix."""

    rule: RegistryRule
    name: str
    tag: str
    start: int


class Registries:
    """The rules of registries, asked for whole texts."""

    def __init__(self, rules: Iterable[RegistryRule]) -> None:
        self._prefixes = [(prefix, rule) for rule in rules for prefix in rule.prefixes]

    def address(self, text: str) -> Address | bool | None:
        """The address that a text is; True when it is an address of something else, None when it is none at all."""
        lower = text.lower()
        for prefix, rule in self._prefixes:
            if lower.startswith(prefix):
                return _read(rule, text, len(prefix)) or True
        return True if "://" in text else None


def _read(rule: RegistryRule, text: str, start: int) -> Address | None:
    parts = re.split(r"[?#]", text[start:], maxsplit=1)[0].strip("/").split("/")
    for skip in rule.skip:
        count = skip.count("/") + 1
        if fnmatchcase("/".join(parts[:count]), skip):
            parts = parts[count:]
            break
    if not parts or parts[0].lower() in rule.reserved or len(parts) < rule.parts:
        return None
    name, _, tag = "/".join(parts[: rule.parts]).partition(":")
    name = name.partition("@")[0]
    if not all(_PART.fullmatch(part) for part in name.split("/")) or (rule.parts > 1 and _FILE.search(name)):
        return None
    return Address(rule, name, tag, start)
