"""Who makes what, by the rules: the publisher and the family of a model id."""

from __future__ import annotations

from collections.abc import Iterable
from fnmatch import fnmatchcase

from auditor.domain.model import Evidence, Publisher, Record
from auditor.domain.reference import Confidence
from auditor.rulebook.types import FamilyRule, PublisherRule, Rulebook

CLOSED_MARK = ":"  # no Hub id has one: `provider:name`, `family:name`, `file:path`
_LONGEST = 200  # characters; what is longer is no name of a model
_REPACKAGES = frozenset({"repackager", "host"})


class Makers:
    """The rules of publishers and families, arranged for look-up by model id. Ids are compared without case."""

    def __init__(self, rulebook: Rulebook) -> None:
        self._publishers = {rule.publisher.id: rule for rule in rulebook.publishers}
        # An organisation of the Hub is surer than one of ModelScope, and that than what routers write before a name.
        self._orgs = {org.casefold(): rule for rule in rulebook.publishers for org in rule.slugs}
        self._orgs |= {org.casefold(): rule for rule in rulebook.publishers for org in rule.modelscope}
        self._orgs |= {org.casefold(): rule for rule in rulebook.publishers for org in rule.hub}
        self._families = {rule.origin.id: rule for rule in rulebook.families}
        self._by_name: dict[str, FamilyRule] = {}
        for rule in rulebook.families:
            self._by_name.setdefault(rule.name.casefold(), rule)
        self._first_parties = {rule.origin.id: rule.first_party for rule in rulebook.providers if rule.first_party}
        self._globs = _by_organisation(rulebook.families)
        self._known: dict[str, FamilyRule | None] = {}

    def family_rule(self, family: str) -> FamilyRule | None:
        """The rule of that id, or of that name."""
        return self._families.get(family) or self._by_name.get(family.casefold())

    def family(self, model: str) -> FamilyRule | None:
        """The family that a model id belongs to, None when no rule says."""
        key = model.casefold()
        if key not in self._known:
            self._known[key] = self._find(key)
        return self._known[key]

    def named(self, bare: str) -> FamilyRule | None:
        """The first family that a bare name, as people write it outside the Hub, belongs to."""
        name = bare.casefold()
        if len(name) > _LONGEST:
            return None
        return next((r for r in self._families.values() if any(p.fullmatch(name) for p in r.names)), None)

    def publisher(self, model: str, record: Record | None = None) -> tuple[Publisher | None, Confidence, Evidence]:
        """Who made a model: by its record, then its family, then the organisation that it is published under."""
        if record is not None and record.publisher and (rule := self._publishers.get(record.publisher)):
            return rule.publisher, Confidence.HIGH, record.evidence
        family = self.family(model)
        if family is not None and (rule := self._publishers.get(family.publisher)):
            sure = Confidence.HIGH if _stated(model) else _of_name(family)
            return rule.publisher, sure, _evidence(family.origin.id, family.origin.source, family.origin.as_of)
        org, slash, _ = model.partition("/")
        if slash and _stated(model) and (rule := self._orgs.get(org.casefold())):
            return rule.publisher, Confidence.HIGH, _evidence(rule.origin.id, rule.origin.source, rule.origin.as_of)
        owner = "" if _stated(model) else self._first_parties.get(model.partition(CLOSED_MARK)[0], "")
        if rule := self._publishers.get(owner):
            return rule.publisher, Confidence.MEDIUM, _evidence(rule.origin.id, rule.origin.source, rule.origin.as_of)
        return None, Confidence.LOW, Evidence("", "no rule says who publishes it")

    def organisation(self, org: str) -> PublisherRule | None:
        """The publisher that owns a Hub organisation."""
        return self._orgs.get(org.casefold())

    def repackages(self, model: str) -> bool:
        """Whether the organisation of a Hub id only puts other people's weights in other forms."""
        rule = self._orgs.get(model.partition("/")[0].casefold())
        return rule is not None and rule.publisher.kind in _REPACKAGES

    def _find(self, key: str) -> FamilyRule | None:
        if _stated(key):
            # As with names, the first rule in file order decides: special before general.
            asked = (*self._globs.get(key.partition("/")[0], ()), *self._globs.get("", ()))
            return next((rule for _, glob, rule in sorted(asked, key=lambda g: g[0]) if fnmatchcase(key, glob)), None)
        provider, _, name = key.partition(CLOSED_MARK)
        if provider == "family":
            return self.family_rule(name)
        owner = self._first_parties.get(provider, "")
        found = [
            r for r in self._families.values() if r.provider.casefold() == provider or (owner and r.publisher == owner)
        ]
        return next((r for r in found if any(p.fullmatch(name) for p in r.names)), None)


def makers(rulebook: Rulebook) -> Makers:
    """The rulebook arranged for look-up; of the rulebook used last, the arrangement is kept."""
    kept = _kept.get("last")
    if kept is None or kept[0] is not rulebook:
        _kept["last"] = kept = (rulebook, Makers(rulebook))
    return kept[1]


def _by_organisation(families: Iterable[FamilyRule]) -> dict[str, list[tuple[int, str, FamilyRule]]]:
    """Globs by the organisation that they name, "" where that is wild itself, each with its place in the file."""
    globs: dict[str, list[tuple[int, str, FamilyRule]]] = {}
    for place, rule in enumerate(families):
        for glob in map(str.casefold, rule.hub):
            org = glob.partition("/")[0]
            globs.setdefault("" if set(org) & set("*?[") else org, []).append((place, glob, rule))
    return globs


_kept: dict[str, tuple[Rulebook, Makers]] = {}


def _stated(model: str) -> bool:
    return CLOSED_MARK not in model


def _of_name(family: FamilyRule) -> Confidence:
    return max(family.confidence, Confidence.MEDIUM)


def _evidence(rule: str, source: str, as_of: str) -> Evidence:
    return Evidence(
        f"rule:{rule}", "the rules say who publishes it", source if source.startswith("https:") else "", as_of
    )
