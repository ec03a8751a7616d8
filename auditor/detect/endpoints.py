"""Which service a name is sent to: by the base URL beside it or in the code around it, else by the key that is read."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable

from auditor.domain.fact import Argument, Bound, Fact, Literal, Read, Setting

_URL_KEY = re.compile(
    r"(.*?)_?(?:(?:api|base|server|service|inference|completions?|compatible)_)*"
    r"(?:url|uri|base|endpoint|host|domain|address|server|gateway|baseurl|apibase)"
)
_WORD = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|[-.\s]")


class Endpoints:
    """The base URLs and key names of one file. `provider` gives the id of whose a URL is, `of_key` of whose a variable is."""

    def __init__(self, facts: Iterable[Fact], provider: Callable[[str], str], of_key: Callable[[str], str]) -> None:
        self._settings: dict[tuple[str, ...], list[tuple[str, str]]] = defaultdict(list)
        self._literals: list[tuple[Literal, str]] = []
        self._keys: set[str] = set()
        for fact in facts:
            match fact:
                case Read(name=name) if name.startswith("env:") and (whose := of_key(name[4:])):
                    self._keys.add(whose)
                case Setting(path=path, live=True) if whose := of_key(path[-1]):
                    self._keys.add(whose)
                case Setting(path=path, value=value, live=True) if "://" in value and (whose := provider(value)):
                    named = _URL_KEY.fullmatch(_snake(path[-1]))
                    if named:
                        self._settings[path[:-1]].append((named.group(1), whose))
                case Literal(text=text) if "://" in text and _is_url(fact) and (whose := provider(text)):
                    self._literals.append((fact, whose))
                case _:
                    pass

    def beside(self, fact: Fact) -> str:
        """The provider whose URL surely goes with a name: it stands in the same mapping, call or function."""
        match fact:
            case Setting(path=path):
                urls, key = self._settings.get(path[:-1], []), _snake(path[-1])
                longest = max((len(prefix) for prefix, _ in urls if _goes_with(prefix, key)), default=-1)
                return _only(p for prefix, p in urls if len(prefix) == longest and _goes_with(prefix, key))
            case Literal(entries=entries, within=within):
                ats = {entry.at for entry in entries}
                alike = [p for url, p in self._literals if ats & {entry.at for entry in url.entries}]
                return _only(alike) or (_only(p for url, p in self._literals if url.within == within) if within else "")
            case _:
                return ""

    def around(self, fact: Fact) -> str:
        """The provider whose URL is the only one in the class, the mapping or the file around a name."""
        match fact:
            case Setting(path=path):
                return _only(p for _, p in self._settings.get(path[:-1], []))
            case Literal(within=within):
                own = within.partition(".")[0]
                here = [p for url, p in self._literals if url.within.partition(".")[0] == own]
                return _only(here) or _only(p for _, p in self._literals)
            case _:
                return ""

    def by_key(self) -> str:
        """The provider whose key is the only one that the file speaks of, where it has no base URL that is known."""
        return _only(self._keys) if not self._literals and not self._settings else ""


def _goes_with(prefix: str, key: str) -> bool:
    """`LLM_BASE_URL` goes with `LLM_MODEL`, `base_url` with any key beside it."""
    return not prefix or key == prefix or key.startswith(f"{prefix}_")


def _only(providers: Iterable[str]) -> str:
    found = set(providers)
    return found.pop() if len(found) == 1 else ""


def _is_url(fact: Literal) -> bool:
    key = next((entry.key for entry in fact.entries if entry.key), "")
    match fact.place:
        case Argument(keyword=keyword):
            named = key or keyword or fact.env
        case Bound(symbol=symbol):
            named = key or symbol.rpartition(".")[2]
        case _:
            return False
    return _URL_KEY.fullmatch(_snake(named)) is not None or _URL_KEY.fullmatch(_snake(fact.env)) is not None


def _snake(name: str) -> str:
    return _WORD.sub("_", name).lower().strip("_")
