"""What a reference means by its name: id, alias, basename or family."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from auditor.domain.model import Answer, Evidence, Weights
from auditor.domain.reference import Confidence, Reference, Scheme
from auditor.resolve.catalog import Alias, Names
from auditor.resolve.rehost import original
from auditor.resolve.spellings import basenames, spellings, without_maker, without_prefix, without_suffix
from auditor.rulebook.makers import Makers
from auditor.rulebook.types import FamilyRule, Rulebook


class Reader:
    """Reads references with the rules and one catalogue of names."""

    def __init__(self, rulebook: Rulebook, makers: Makers, names: Names) -> None:
        self._makers = makers
        self._names = names
        self._curated = {
            name.casefold(): rule.record.id for rule in rulebook.models for name in (*rule.names, rule.record.id)
        }
        self._providers = {rule.origin.id: rule for rule in rulebook.providers}
        self._suffixes = tuple(dict.fromkeys(s for rule in rulebook.providers for s in rule.suffixes))

    def curated(self, reference: Reference) -> Answer | None:
        """The model that the curated records give this name to."""
        for name in spellings(reference):
            model = self._curated.get(name.casefold())
            if model is not None:
                return Answer(model, Confidence.HIGH, Evidence("curated", f"the curated records name it {name}"))
        return None

    def exact(self, reference: Reference) -> Answer | None:
        """The Hub model of exactly this id. A name that a closed family claims is no Hub id, whatever it looks like."""
        name = without_prefix(reference.name)
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
        for name in spellings(reference):
            own = [alias for alias in self._names.alias(name) if self._of_registry(alias.scheme, reference)]
            if own and (agreed := _agreed(own)):
                return _aliased(agreed, name, agreed.confidence)
        return None

    def elsewhere(self, reference: Reference) -> Answer | None:
        """The Hub model that other catalogues give the name to, where all say the same: it counts for less.

        Copies do not count: a name without organisation means none of them.
        """
        if reference.scheme in (Scheme.HUGGINGFACE, Scheme.MODELSCOPE) or self._closed(reference):
            return None
        for name in spellings(reference):
            found = [alias for alias in self._names.alias(name) if self._is_makers_own(alias.hub_id)]
            if len({alias.hub_id for alias in found}) == 1:
                return _aliased(found[0], name, min(found[0].confidence, Confidence.MEDIUM))
        return None

    def basename(self, reference: Reference) -> Answer | None:
        """The one model of that basename by the maker whose family the name belongs to."""
        family = self._family(reference)
        if family is None or family.weights is Weights.CLOSED:
            return self._bare_hub_name(reference)
        for name in spellings(reference):
            for bare in basenames(name, self._suffixes):
                made = [m for m in self._names.named(bare) if self._made_by(m, family)]
                if len(made) == 1:
                    detail = f"the only known model of its maker with the name {bare}"
                    return Answer(made[0], Confidence.MEDIUM, Evidence("snapshot", detail))
        return None

    def stated(self, reference: Reference) -> Answer | None:
        """The id itself, for a name written as a Hub id that no catalogue has met; a service may have added to it."""
        name = without_prefix(reference.name)
        short = without_suffix(name, self._suffixes)
        if short != name and "/" in short and (found := self._names.hub_id(short)):
            detail = f"{short} with the {name[len(short) :]!r} of a service"
            return Answer(found, Confidence.MEDIUM, Evidence("snapshot", detail))
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
        bare = reference.name.rpartition("/")[2].casefold()
        host = self._providers.get(reference.provider)
        own = host is not None and host.first_party == rule.publisher
        if host is not None and host.first_party and not own and host.origin.id != rule.provider:
            detail = f"its base URL is that of {host.name}, which answers to any name with a model of its own"
            return Answer(f"{host.origin.id}:{bare}", Confidence.MEDIUM, replace(evidence, detail=detail))
        if rule.weights is Weights.CLOSED or rule.provider:
            provider = rule.provider or rule.publisher
            sure = Confidence.HIGH if own or provider == reference.provider else rule.confidence
            short = without_maker(bare)
            known = any(pattern.fullmatch(short) for pattern in rule.names)
            return Answer(f"{provider}:{short if known else bare}", sure, evidence)
        if own:
            return Answer(f"{reference.provider}:{bare}", Confidence.MEDIUM, evidence)
        return Answer(f"family:{rule.name}", Confidence.LOW, evidence)

    def opinions(self, reference: Reference) -> Iterator[Answer]:
        """Every opinion, in the order in which they are asked."""
        best = Confidence.LOW
        for ask in (self.curated, self.exact, self.alias, self.basename, self.elsewhere, self.stated):
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
        for name in spellings(reference):
            rule = self._makers.named(name.rpartition("/")[2])
            if rule is not None:
                return rule
        return None

    def _closed(self, reference: Reference) -> bool:
        rule = self._family(reference)
        return rule is not None and rule.weights is Weights.CLOSED

    def _is_makers_own(self, model: str) -> bool:
        return not self._makers.repackages(model) and self._makers.publisher(model)[0] is not None

    def _made_by(self, model: str, family: FamilyRule) -> bool:
        publisher, _, _ = self._makers.publisher(model)
        return publisher is not None and publisher.id == family.publisher

    def _alias_differs(self, reference: Reference, found: str) -> bool:
        own = [a for a in self._names.alias(reference.name) if self._of_registry(a.scheme, reference)]
        return bool(own) and all(a.hub_id != found for a in own)

    def _of_registry(self, scheme: str, reference: Reference) -> bool:
        if reference.scheme is Scheme.DOCKER and scheme == Scheme.OLLAMA.value:
            return True  # the two local runners tag alike
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


def _plain(word: str) -> str:
    return word.casefold().replace("-", "").replace("_", "").replace(".", "")
