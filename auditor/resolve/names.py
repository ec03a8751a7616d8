"""What a reference means by its name: id, alias, basename or family."""

from __future__ import annotations

import re
from collections.abc import Iterator

from auditor.domain.model import Answer, Evidence, Weights
from auditor.domain.reference import Confidence, Reference, Scheme
from auditor.resolve.catalog import Alias, Names
from auditor.resolve.rehost import original, stripped
from auditor.rulebook.makers import Makers
from auditor.rulebook.types import FamilyRule, Rulebook

_HUB_PREFIXES = ("hf.co/", "huggingface.co/")
_TAGGED = frozenset({Scheme.OLLAMA, Scheme.DOCKER})
_PLAIN = frozenset({"", "latest", "main", "master"})


class Reader:
    """Reads references with the rules and one catalogue of names."""

    def __init__(self, rulebook: Rulebook, makers: Makers, names: Names) -> None:
        self._makers = makers
        self._names = names
        self._curated = {
            name.casefold(): rule.record.id for rule in rulebook.models for name in (*rule.names, rule.record.id)
        }
        self._providers = {rule.origin.id: rule for rule in rulebook.providers}

    def curated(self, reference: Reference) -> Answer | None:
        """The model that the curated records give this name to."""
        for name in _spellings(reference):
            model = self._curated.get(name.casefold())
            if model is not None:
                return Answer(model, Confidence.HIGH, Evidence("curated", f"the curated records name it {name}"))
        return None

    def exact(self, reference: Reference) -> Answer | None:
        """The Hub model of exactly this id. A name that a closed family claims is no Hub id, whatever it looks like."""
        name = _without_prefix(reference.name)
        if reference.scheme is not Scheme.HUGGINGFACE and ("/" not in name or self._closed(reference)):
            return None
        found = self._names.hub_id(name)
        if found is None or (reference.scheme is Scheme.MODELSCOPE and self._alias_differs(reference, found)):
            return None
        # Of a family's name a part may have been left open.
        sure = Confidence.MEDIUM if reference.scheme is Scheme.FAMILY else Confidence.HIGH
        return Answer(found, sure, Evidence("snapshot", "an id of exactly this name"))

    def alias(self, reference: Reference) -> Answer | None:
        """The Hub model that the tables of this registry or provider give the name to."""
        if reference.scheme is Scheme.HUGGINGFACE:
            return None
        for name in _spellings(reference):
            found = self._names.alias(name)
            own = [alias for alias in found if self._of_registry(alias.scheme, reference)]
            if own and (agreed := _agreed(own)):
                return _aliased(agreed, name, agreed.confidence)
            # Another catalogue's word for the same name counts for less, and only where all say the same.
            alike = len({alias.hub_id for alias in found}) == 1
            if alike and reference.scheme in (Scheme.API, Scheme.FAMILY) and not self._closed(reference):
                return _aliased(found[0], name, min(found[0].confidence, Confidence.MEDIUM))
        return None

    def basename(self, reference: Reference) -> Answer | None:
        """The one model of that basename by the maker whose family the name belongs to."""
        family = self._family(reference)
        if family is None or family.weights is Weights.CLOSED:
            return self._bare_hub_name(reference)
        for name in _spellings(reference):
            for bare in _basenames(name):
                made = [m for m in self._names.named(bare) if self._made_by(m, family)]
                if len(made) == 1:
                    detail = f"the only known model of its maker with the name {bare}"
                    return Answer(made[0], Confidence.MEDIUM, Evidence("snapshot", detail))
        return None

    def stated(self, reference: Reference) -> Answer | None:
        """The id itself, for a name written as a Hub id that no catalogue has met."""
        name = _without_prefix(reference.name)
        if reference.scheme is not Scheme.HUGGINGFACE and name == reference.name:
            return None
        sure = Confidence.MEDIUM if "/" in name else Confidence.LOW
        return Answer(name, sure, Evidence("reference", "written as a Hub id; no catalogue knows it"))

    def family(self, reference: Reference) -> Answer | None:
        """The closed product, or no more than the family, that the name belongs to."""
        rule = self._family(reference)
        if rule is None:
            return None
        evidence = Evidence(
            f"rule:{rule.origin.id}", f"the name is one of the family {rule.name}", as_of=rule.origin.as_of
        )
        if rule.weights is Weights.CLOSED:
            own = bool(rule.provider) and rule.provider == reference.provider
            sure = Confidence.HIGH if own else rule.confidence
            provider = rule.provider or rule.publisher
            bare = reference.name.rpartition("/")[2].casefold()
            # Some clouds write the maker before the name, with a dot.
            return Answer(f"{provider}:{bare.rpartition(f'{provider}.')[2] or bare}", sure, evidence)
        host = self._providers.get(reference.provider)
        own = host is not None and host.first_party == rule.publisher
        return Answer(f"family:{rule.name}", Confidence.MEDIUM if own else Confidence.LOW, evidence)

    def opinions(self, reference: Reference) -> Iterator[Answer]:
        """Every opinion, in the order in which they are asked."""
        best = Confidence.LOW
        for ask in (self.curated, self.exact, self.alias, self.basename, self.stated):
            # What a table states is not put in question by a likeness of names.
            if best is Confidence.LOW and (answer := ask(reference)) is not None:
                best = answer.confidence
                yield answer
        if (answer := self.family(reference)) is not None:
            yield answer

    def _bare_hub_name(self, reference: Reference) -> Answer | None:
        """A Hub name without its organisation, which some libraries supply and the Hub once did without."""
        if reference.scheme is not Scheme.HUGGINGFACE or "/" in reference.name:
            return None
        found = original(self._names.named(reference.name), self._makers)
        if found is None:
            return None
        detail = "the only model of that name by a maker that the rules know"
        return Answer(found[0], found[1], Evidence("snapshot", detail))

    def _family(self, reference: Reference) -> FamilyRule | None:
        # A Hub id says whose model it is; its basename may be like anybody's.
        if reference.scheme is Scheme.HUGGINGFACE and "/" in reference.name:
            return None
        if reference.family:
            return self._makers.family_rule(reference.family)
        for name in _spellings(reference):
            rule = self._makers.named(name.rpartition("/")[2])
            if rule is not None:
                return rule
        return None

    def _closed(self, reference: Reference) -> bool:
        rule = self._family(reference)
        return rule is not None and rule.weights is Weights.CLOSED

    def _made_by(self, model: str, family: FamilyRule) -> bool:
        publisher, _, _ = self._makers.publisher(model)
        return publisher is not None and publisher.id == family.publisher

    def _alias_differs(self, reference: Reference, found: str) -> bool:
        own = [a for a in self._names.alias(reference.name) if self._of_registry(a.scheme, reference)]
        return bool(own) and all(a.hub_id != found for a in own)

    def _of_registry(self, scheme: str, reference: Reference) -> bool:
        if reference.scheme is not Scheme.API:
            return scheme == reference.scheme.value or scheme.startswith(f"{reference.scheme.value}-")
        wanted = {_plain(reference.provider)}
        rule = self._providers.get(reference.provider)
        if rule is not None:
            wanted |= {_plain(prefix.strip("/")) for prefix in rule.prefixes}
        return (
            bool(reference.provider) and _plain(scheme.removeprefix("provider:").removesuffix("-canonical")) in wanted
        )


def _agreed(aliases: list[Alias]) -> Alias | None:
    """The surest alias, None when two of the same confidence contradict each other."""
    best = [alias for alias in aliases if alias.confidence is aliases[0].confidence]
    return best[0] if len({alias.hub_id for alias in best}) == 1 else None


def _aliased(alias: Alias, name: str, sure: Confidence) -> Answer:
    how = "names" if alias.confidence is Confidence.HIGH else "is matched by name with"
    return Answer(
        alias.hub_id, sure, Evidence("snapshot", f"{name} in the tables of {alias.scheme} {how} it", alias.source)
    )


def _spellings(reference: Reference) -> tuple[str, ...]:
    """The names to look for, the most particular first.

    A tag of a registry may tell the size, and sizes of one name may stand on different bases: a name is only looked for
    without its tag where the tag tells no more than the form.
    """
    name, version = _without_prefix(reference.name), reference.version
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


def _basenames(name: str) -> tuple[str, ...]:
    """A name as Hub ids may write its last part: the tag joined on, without its quantisation, the number apart."""
    bare = name.rpartition("/")[2].replace(":", "-")
    plain, _ = stripped(bare)
    found = (bare, plain, *(re.sub(r"(?<=[A-Za-z])(?=\d)", "-", n, count=1) for n in (bare, plain)))
    return tuple(dict.fromkeys(found))


def _without_prefix(name: str) -> str:
    for prefix in _HUB_PREFIXES:
        if name.casefold().startswith(prefix):
            return name[len(prefix) :]
    return name


def _plain(word: str) -> str:
    return word.casefold().replace("-", "").replace("_", "").replace(".", "")
