"""How else a name may be spelled: the forms under which catalogues are asked for it, the most particular first."""

from __future__ import annotations

import re
from collections.abc import Iterable

from auditor.domain.reference import Reference, Scheme
from auditor.resolve.rehost import stripped

_HUB_PREFIXES = ("hf.co/", "huggingface.co/")
_TAGGED = frozenset({Scheme.OLLAMA, Scheme.DOCKER})
_PLAIN = frozenset({"", "latest", "main", "master"})
_MAKER_BEFORE = re.compile(r"(?:[a-z-]+\.)+(?=[a-z])")
_POINT = re.compile(r"(?<=\d)p(?=\d)")  # `v3p1`, for registries that allow no dot in a name
_VERSION = re.compile(r"-v(?=\d+p\d)")


def spellings(reference: Reference) -> tuple[str, ...]:
    """The names to look for, the most particular first.

    A tag of a registry may tell the size, and sizes of one name may stand on different bases: a name is only looked for
    without its tag where the tag tells no more than the form.
    """
    name, version = without_prefix(reference.name), reference.version
    if reference.scheme is Scheme.FILE:  # headers carry titles
        name = "-".join(name.split())
    if not version and reference.scheme in (*_TAGGED, Scheme.FAMILY):
        name, _, version = name.partition(":")
    names = [name]
    if version.casefold() not in _PLAIN:
        tagged = f"{name}:{version}"
        plain = stripped(f"{name}-{version}")[0]
        if reference.scheme is not Scheme.API:
            names = [tagged, name if plain == name else f"{name}:{plain[len(name) + 1 :]}"]
        else:
            names = [tagged, name]
    if reference.scheme is Scheme.DOCKER:
        names = [spelling for name in names for spelling in (name, f"ai/{name}")]
    if reference.provider:
        names.append(f"{reference.provider}:{name}")
    return tuple(dict.fromkeys(names))


def basenames(name: str, suffixes: Iterable[str]) -> tuple[str, ...]:
    """A name as Hub ids may write its last part: the tag joined on, without form and ending, the number apart.

    `suffixes` are what services append to a name; what they run under a shortened one follows instructions.
    """
    bare = name.rpartition("/")[2].replace(":", "-").casefold()
    plain = without_maker(bare)
    dotted = _POINT.sub(".", plain)
    unmarked = _POINT.sub(".", _VERSION.sub("-", plain))
    found = [bare, stripped(bare)[0], plain, dotted, stripped(dotted)[0], unmarked]
    short = without_suffix(dotted, suffixes)
    if short != dotted:
        found += [short, f"{short}-instruct"]
    joined = [re.sub(r"(?<=[a-z])(?=\d)", "-", n, count=1) for n in found]
    joined += [re.sub(r"(?<=[a-z])-(?=\d)", "", n, count=1) for n in found]
    return tuple(dict.fromkeys((*found, *joined)))


def without_maker(bare: str) -> str:
    """A name without the region and the maker that some clouds write before it: `us.maker.name`."""
    found = _MAKER_BEFORE.match(bare)
    return bare[found.end() :] if found else bare


def without_suffix(bare: str, suffixes: Iterable[str]) -> str:
    """A name without what a service has appended to it: the longest ending, and once more."""
    endings = sorted((s.casefold().replace(":", "-") for s in suffixes), key=len, reverse=True)
    for _ in range(2):
        ending = next((e for e in endings if bare.casefold().endswith(e) and len(bare) > len(e)), "")
        bare = bare[: len(bare) - len(ending)]
    return bare


def without_prefix(name: str) -> str:
    """A Hub address without the Hub."""
    for prefix in _HUB_PREFIXES:
        if name.casefold().startswith(prefix):
            return name[len(prefix) :]
    return name
