"""Who operates the service at an address, and what that says of a name that is sent there."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cached_property, lru_cache

from auditor.domain.model import Weights
from auditor.domain.reference import Reference, Scheme
from auditor.rulebook.types import Rulebook

_ADDRESS = re.compile(r"(?:https?|wss?)://(?:[^/@\s]*@)?([^/?#\s]+)([^?#\s]*)", re.IGNORECASE)


class Hosts:
    """The providers by the hosts of their base URLs."""

    def __init__(self, rulebook: Rulebook) -> None:
        self._providers = {rule.origin.id: rule for rule in rulebook.providers}
        self._families = {rule.origin.id: rule for rule in rulebook.families}
        # The longest host is the most particular: `api.z.ai/api/anthropic` before `z.ai`.
        named = sorted(((h, r.origin.id) for r in rulebook.providers for h in r.hosts), key=lambda pair: -len(pair[0]))
        self._named = named
        self.provider = lru_cache(maxsize=4096)(self._provider)
        self._keys = {key: rule.origin.id for rule in rulebook.providers for key in rule.keys}

    def of_key(self, variable: str) -> str:
        """The id of the provider whose key an environment variable holds, "" when no rule knows it."""
        return self._keys.get(variable, "")

    def is_at_home(self, reference: Reference, provider: str) -> bool:
        """Whether a provider serves what a name means: its own model, or as a host of others' weights an open one."""
        host, family = self._providers[provider], self._families.get(reference.family)
        if host.first_party:
            return reference.provider == provider or (family is not None and family.publisher == host.first_party)
        return family is None or family.weights is not Weights.CLOSED

    @cached_property
    def _hosts(self) -> list[tuple[re.Pattern[str], str]]:
        return [(re.compile(_pattern(host)), provider) for host, provider in self._named]

    def _provider(self, url: str) -> str:
        """The id of the provider whose base URL this is, "" when no rule knows the host."""
        found = _ADDRESS.match(url)
        if found is None:
            return ""
        address = f"{found.group(1)}{found.group(2)}/".lower()
        return next((provider for pattern, provider in self._hosts if pattern.match(address)), "")

    def sent_to(self, reference: Reference, provider: str, *, surely: bool) -> Reference | None:
        """What a name means at a provider; None when it is not likely to be sent there at all.

        Who serves models of its own answers to any name with one of them. `surely` tells that the name and the address
        belong together; without it, only a name that the provider is known to serve counts.
        """
        host, family = self._providers[provider], self._families.get(reference.family)
        if family is None or reference.scheme not in (Scheme.API, Scheme.FAMILY):
            return reference
        if family.publisher == host.first_party:
            return replace(reference, scheme=Scheme.API, provider=provider)
        if family.weights is not Weights.CLOSED:
            return reference
        if not surely:
            return None
        return replace(reference, provider=provider) if host.first_party else reference


def _pattern(host: str) -> str:
    """A host covers its subdomains, `*` stands for one label; without a port any port is meant."""
    name, slash, below = host.lower().partition("/")
    labels = re.escape(name).replace(r"\*", "[^./]+")
    port = "" if ":" in name else r"(?::\d+)?"
    return rf"(?:[^/]+\.)?{labels}{port}/{re.escape(below)}" if slash else rf"(?:[^/]+\.)?{labels}{port}/"
