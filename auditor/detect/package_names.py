"""What a package is called: how each ecosystem folds names, and how a requirement is written."""

from __future__ import annotations

import re
from dataclasses import dataclass

_RUN = re.compile(r"[-_.]+")
_REQUIREMENT = re.compile(r"\s*([A-Za-z0-9][A-Za-z0-9._-]*)\s*(?:\[[^\]]*\])?\s*(.*)", re.DOTALL)
_PINNED = re.compile(r"\s*={2,3}\s*([A-Za-z0-9][A-Za-z0-9.!+_-]*)\s*$")
_WHEEL = re.compile(r"([A-Za-z0-9][A-Za-z0-9._]*)-([0-9][A-Za-z0-9.!+_]*)(?:-[A-Za-z0-9_.]+){2,4}\.whl")
_SDIST = re.compile(r"([A-Za-z0-9][A-Za-z0-9._-]*?)-([0-9][A-Za-z0-9.!+]*)\.(?:tar\.gz|zip|tar\.bz2)")
_EGG = re.compile(r"[#&]egg=([A-Za-z0-9][A-Za-z0-9._-]*)")
_REPOSITORY = re.compile(r"/([A-Za-z0-9][A-Za-z0-9._-]*?)(?:\.git)?/?(?:@[^/#?]*)?(?:[#?].*)?$")
_URL = re.compile(r"(?:[a-z]+\+)?(?:https?|ssh|git|file|hg|svn)[:+]//?", re.IGNORECASE)
_EXACT = re.compile(r"=?v?([0-9]+(?:\.[0-9]+)*(?:[-+.][0-9A-Za-z.+-]*)?)$")
_FOLDED = frozenset({"composer", "conda", "nuget"})


@dataclass(frozen=True, slots=True)
class Asked:
    """One requirement. *Units*: `start` and `end` are the name's offsets in the text that it was read from."""

    name: str
    requirement: str
    exact: str
    start: int
    end: int


def normalise(ecosystem: str, name: str) -> str:
    """The name under which an ecosystem files a package.

    *Source*: PEP 503 for pypi; composer, conda and nuget ignore case; elsewhere a name is taken as written.
    """
    if ecosystem == "pypi":
        return _RUN.sub("-", name).lower()
    return name.lower() if ecosystem in _FOLDED else name


def python_requirement(text: str) -> Asked | None:
    """What a Python requirement asks for; None for a local path or anything that is no requirement.

    *Source*: PEP 508, and pip's own forms (`git+https://...#egg=name`, the address of a wheel).
    """
    if _URL.match(text.strip()):
        return _at_address(text)
    found = _REQUIREMENT.match(text)
    if found is None:
        return None
    rest = found[2].split(";", 1)[0].strip()
    if rest.startswith("@"):
        address = _WHEEL.search(rest) or _SDIST.search(rest)
        return Asked(found[1], rest, address[2] if address else "", found.start(1), found.end(1))
    rest = rest.strip("() ")
    if rest and not re.match(r"[<>=!~]", rest):
        return None
    return Asked(found[1], rest, pinned(rest), found.start(1), found.end(1))


def pinned(specifier: str) -> str:
    """The one version that a Python specifier allows; "" when it allows several."""
    found = _PINNED.match(specifier)
    return found[1] if found else ""


def exact_version(requirement: str) -> str:
    """The version, where a requirement is a bare one (npm, Maven, Go); "" for ranges, tags and addresses."""
    found = _EXACT.match(requirement.strip())
    return found[1] if found and not re.search(r"(?:^|\.)[xX*](?:\.|$)", requirement) else ""


def _at_address(text: str) -> Asked | None:
    if found := _EGG.search(text):
        return Asked(found[1], text.strip(), "", found.start(1), found.end(1))
    if found := _WHEEL.search(text) or _SDIST.search(text):
        return Asked(found[1], text.strip(), found[2], found.start(1), found.end(1))
    base = text.split(";", 1)[0].rstrip()
    if (found := _REPOSITORY.search(base)) and "git" in text:
        return Asked(found[1], text.strip(), "", found.start(1), found.end(1))
    return None
