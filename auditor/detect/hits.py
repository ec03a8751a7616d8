"""Files that can name a model, told by looking for what the rules could speak of in their text, unparsed.

The answer errs on one side only: a file that is passed over holds nothing that a rule could match.
"""

from __future__ import annotations

import re
from array import array
from bisect import bisect_left
from collections.abc import Iterable
from zlib import crc32

SECTIONS = 16
LONGEST_STEM = 8

# What a file holds, as bits.
NAMES = 1  # what a rule could take for the name of a model, or for a package or call that brings one
SHAPED = 2  # `owner/name`, a path among weights: what is a name where a loader takes it
LOADS = 4  # a loader that would take such a name
SHORT = 8  # a name by a shorthand
PLACES = 16  # a call that would take a shorthand
STACK = 32  # a word of an accelerator stack

_MOST = 2 << 20  # bytes of a file
_TOKEN = re.compile(r"[A-Za-z0-9@$][A-Za-z0-9._:/@+~=?&%${}-]*")
_CALL = re.compile(r"(?<![A-Za-z0-9_])[A-Za-z_][A-Za-z0-9_]*+(?=\s*+\()")
_PART = re.compile(r"[/:@=?${}]-?")
_SHAPE = re.compile(
    r"(?:[\"'`=]|[:=] )(?!(?:application|audio|font|image|multipart|text|video)/)"
    r"[A-Za-z0-9][A-Za-z0-9._-]*/[A-Za-z0-9][A-Za-z0-9._-]*(?=[\"'`\s@:),]|$)",
    re.MULTILINE,
)
_SLASHED = re.compile(r"[a-z0-9][a-z0-9._-]*/[a-z0-9][a-z0-9._-]*")
_UNPACKED = re.compile(r"[=<>~\[@]")
_SLASH_OR_SET = re.compile(r"[/=]")
_DIGEST = re.compile(r"[0-9a-f]{64}")  # as services name one version of a model
_CHECKSUMS = re.compile(r"lock|sum|hash|digest|verif")
_DIGIT = re.compile(r"\d")
_WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_]*+")
_LONGEST_BEGINNING = 3  # characters of a stem that are asked for first
_MOST_PLAIN = 1 << 20  # tokens that are remembered
_KEYED, _PROGRAM, _SLASH, _CONSTANT, _MODULE, _HEX = (64 << n for n in range(6))  # more that a token may be
_IMPORTED = re.compile(r"\b(?:from|import)[ \t]+([\w., \t]*)", re.ASCII)
_HASH = re.compile(r"sha\d+-")


def is_idle(seen: Iterable[int]) -> bool:
    """Whether files of which that was seen cannot name a model among them: one may load what another names."""
    union = 0
    for one in seen:
        union |= one
    return not (
        union & (NAMES | STACK)
        or union & (SHAPED | LOADS) == SHAPED | LOADS
        or union & (SHORT | PLACES) == SHORT | PLACES
    )


class Anchors:
    """What the rules could speak of. *Shape*: as `auditor.anchors` writes it, a section of lines for each kind.

    What a token may be is worked out once for all files.
    """

    def __init__(self, sections: list[list[str]], known: bytes) -> None:
        patterns, loaders, keys, files, places, meant, packages, prefixes, endings, programs, *more = sections
        constants, names, written, implying, stacks, folders = more
        self._patterns: dict[str, list[str]] = {}
        for line in patterns:
            stem, _, pattern = line.partition(" ")
            self._patterns.setdefault(stem, []).append(pattern)
        self._beginnings = frozenset(stem[:_LONGEST_BEGINNING] for stem in self._patterns)
        self._loaders: dict[str, list[str]] = {}
        for line in loaders:
            called, _, beside = line.partition(" ")
            self._loaders.setdefault(called, []).append(beside)
        globs = (glob.split("*") for glob in sorted(self._loaders) if "*" in glob and glob.strip("*"))
        self._loader_like = re.compile("|".join(".*".join(map(re.escape, parts)) for parts in globs) or r"(?!)")
        self._keys = re.compile("|".join(map(re.escape, _shortest(keys))) or r"(?!)")
        self._files = files
        self._places = frozenset(places)
        self._meant = frozenset(meant)
        self._packages = frozenset(packages)
        self._prefixes = tuple(prefixes)
        self._endings = tuple(ending.encode() for ending in endings)
        self._programs = frozenset(programs)
        self._constants = frozenset(constants)
        self._constants_lower = frozenset(constant.lower() for constant in constants)
        self._names = frozenset(names)
        self._written = tuple(written)
        self._implying = frozenset(implying)
        self._implying_lower = frozenset(module.lower() for module in implying)
        self._stacks = frozenset(stacks)
        self._folders = frozenset(folders)
        self._known = array("I", known)
        self._plain: set[str] = set()
        self._told: dict[str, int] = {}

    def weights(self, path: bytes) -> bool:
        """Whether a file of that name holds weights."""
        return path.lower().endswith(self._endings)

    def may_name(self, path: bytes, content: bytes) -> bool:
        """Whether a file can name a model by itself."""
        return bool(self.seen(path, content) & NAMES)

    def seen(self, path: bytes, content: bytes) -> int:
        """What a file holds; where it may name a model, the other bits are not told."""
        if len(content) > _MOST:
            return NAMES
        if b"\0" in content[:8192]:
            return 0
        text = content.decode("utf-8", "replace")
        said = self._said(set(_TOKEN.findall(text.lower())))
        if said & NAMES or (said & _PROGRAM and said & _SLASH):
            return NAMES
        if said & _CONSTANT and not self._constants.isdisjoint(_WORD.findall(text)):
            return NAMES
        if said & _MODULE and not self._implying.isdisjoint(_WORD.findall(" ".join(_IMPORTED.findall(text)))):
            return NAMES
        calls = set(_CALL.findall(text))
        seen = said & (SHAPED | SHORT | STACK)
        if not seen & SHAPED and _SHAPE.search(text):
            seen |= SHAPED
        name = path.decode("utf-8", "replace").lower()
        if said & _HEX and not _CHECKSUMS.search(name):
            return NAMES
        if said & _KEYED:
            seen |= LOADS | PLACES
        elif self._loads(calls, text) or any(part in name for part in self._files):
            seen |= LOADS
        if not self._places.isdisjoint(calls):
            seen |= PLACES
        return seen if is_idle([seen & ~STACK]) else NAMES

    def _said(self, tokens: set[str]) -> int:
        """All that the tokens of a file may be, or some of it where one is surely a name."""
        said = 0
        for token in tokens - self._plain:
            told = self._told.get(token)
            if told is None:
                told = self._tell(token)
                if len(self._plain) + len(self._told) > _MOST_PLAIN:
                    self._plain.clear()
                    self._told.clear()
                if told:
                    self._told[token] = told
                else:
                    self._plain.add(token)
            if told == NAMES:
                return told
            said |= told
        return said

    def _tell(self, token: str) -> int:
        told = self._named(token.rstrip(".:/-=+~"))
        if told == NAMES:
            return told
        if self._keys.search(token):
            told |= _KEYED
        if token in self._programs:
            told |= _PROGRAM
        if "/" in token and _SLASHED.fullmatch(token):
            told |= _SLASH
        words = _WORD.findall(token)
        if not self._constants_lower.isdisjoint(words):
            told |= _CONSTANT
        if not self._stacks.isdisjoint(words) or _UNPACKED.split(token, maxsplit=1)[0] in self._stacks:
            told |= STACK
        if not self._implying_lower.isdisjoint(words):
            told |= _MODULE
        return told

    def _loads(self, calls: set[str], text: str) -> bool:
        """Whether one of the calls may be a loader: where its class or module goes with it, that has to stand there too."""
        plain = (self._loaders[called] for called in calls & self._loaders.keys())
        return any(word in text for words in plain for word in words) or any(map(self._loader_like.fullmatch, calls))

    def _named(self, token: str) -> int:
        """Whether a token is a name, or one where something takes names by a shorthand."""
        if token[:3] == "sha" and _HASH.match(token):
            return 0
        if token.startswith(self._prefixes) or "://" in token:
            return NAMES if any(prefix in token for prefix in self._prefixes) else 0
        if self._is_package(token):
            return NAMES
        parts = {part for part in _PART.split(token) if part}
        if "/" in token:
            inside = [part for part in _PART.split(token) if part]
            pairs = zip(inside, inside[1:], strict=False)  # noqa: RUF007 - itertools is not loaded yet
            if self._is_known(token) or any(self._is_known(f"{org}/{name}") for org, name in pairs):
                return NAMES
            parts.update(_SLASH_OR_SET.split(token))  # a tag may belong to the name, `name:7b`
        elif "=" in token:
            parts.update(token.split("="))
        else:
            parts.add(token)
        if token.endswith(self._written) or not self._names.isdisjoint(parts) or any(map(self._is_part, parts)):
            return NAMES
        if _DIGEST.fullmatch(token):
            return _HEX
        if not self._folders.isdisjoint(parts):
            return SHAPED
        return 0 if self._meant.isdisjoint(parts) else SHORT

    def _is_package(self, token: str) -> bool:
        """A package's name, with a version or an extra behind it, or below the folder where npm puts it."""
        scope = token.rpartition("@")[0].rfind("@") if token.count("@") > 1 else token.find("@")
        if scope >= 0 and "/" in token[scope:] and token[scope] == "@":
            return "@" + _UNPACKED.split(token[scope + 1 :], maxsplit=1)[0] in self._packages
        return _UNPACKED.split(token.rpartition("node_modules/")[2], maxsplit=1)[0] in self._packages

    def _is_part(self, part: str) -> bool:
        """A name without what stands before it; where no number is in it, a bare name is a word unless a family takes it."""
        numbered = _DIGIT.search(part) is not None
        return (numbered and self._is_known(part)) or self._of_a_family(part, numbered=numbered)

    def _is_known(self, name: str) -> bool:
        number = crc32(name.encode())
        at = bisect_left(self._known, number)
        return at < len(self._known) and self._known[at] == number

    def _of_a_family(self, part: str, *, numbered: bool) -> bool:
        """Whether a family's pattern takes the part, or its beginning where a number shows that more may belong to it."""
        if part[:_LONGEST_BEGINNING] not in self._beginnings and part[: _LONGEST_BEGINNING - 1] not in self._beginnings:
            return False
        for end in range(min(len(part), LONGEST_STEM) + 1):
            for pattern in self._patterns.get(part[:end], ()):
                for form in {part, re.sub(r"(?<=\d)p(?=\d)", ".", part), part.partition(".")[0]}:
                    if re.fullmatch(pattern, form, re.ASCII) or (numbered and re.match(pattern, form, re.ASCII)):
                        return True
        return False


def _shortest(words: list[str]) -> list[str]:
    """Those of the words that hold no other of them."""
    return [word for word in words if not any(other != word and other in word for other in words)]
