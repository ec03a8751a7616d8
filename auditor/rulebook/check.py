"""What no rule can tell of itself: ids are unique over all kinds, and whoever a rule names exists."""

from __future__ import annotations

import difflib
from collections.abc import Iterator

from auditor.errors import RuleError
from auditor.rulebook.parse import Rule
from auditor.rulebook.types import CallRule, FamilyRule, FlagRule, ModelRule, ProviderRule, PublisherRule, StackRule

_WORLD = frozenset({"publisher", "provider"})


def check(rules: list[Rule]) -> None:
    """*Raises* RuleError for a repeated id, a name that stands for nobody, an organisation that two publishers claim.

    Publishers and providers have names that the world gave them, so one word may be both (and a registry as well).
    """
    seen: dict[tuple[str, str], Rule] = {}
    for rule in rules:
        other = seen.setdefault((rule.kind if rule.kind in _WORLD else "", rule.id), rule)
        if other is not rule:
            raise RuleError(f"{rule.file}: rule {rule.id!r}: field 'id' is taken by a {other.kind} in {other.file}")
    _organisations(rules)
    publishers = {rule.id for rule in rules if rule.kind == "publisher"}
    slugs = {slug for rule in rules if isinstance(rule.value, PublisherRule) for slug in rule.value.slugs}
    providers = {"", *publishers, *slugs, *(rule.id for rule in rules if rule.kind == "provider")}
    for rule in rules:
        for field, name in _publishers(rule.value):
            if name not in publishers:
                raise _unknown(rule, field, "publisher", name, publishers)
        # A closed name is `provider:name`, and people say the maker's name there as often as the API's.
        if isinstance(rule.value, FamilyRule | CallRule) and rule.value.provider not in providers:
            raise _unknown(rule, "provider", "provider", rule.value.provider, providers)


def _organisations(rules: list[Rule]) -> None:
    owner: dict[tuple[str, str], str] = {}
    for rule in rules:
        if isinstance(rule.value, PublisherRule):
            places = {"hub": rule.value.hub, "modelscope": rule.value.modelscope, "slugs": rule.value.slugs}
            for field, organisations in places.items():
                for organisation in organisations:
                    other = owner.setdefault((field, organisation.lower()), rule.id)
                    if other != rule.id:
                        raise RuleError(
                            f"{rule.file}: rule {rule.id!r}: field {field!r} takes {organisation!r} from {other!r}"
                        )


def _publishers(rule: object) -> Iterator[tuple[str, str]]:
    match rule:
        case FamilyRule():
            yield "publisher", rule.publisher
        case ModelRule() if rule.record.publisher:
            yield "publisher", rule.record.publisher
        case ProviderRule() if rule.first_party:
            yield "first-party", rule.first_party
        case StackRule():
            yield "vendor", rule.vendor
        case FlagRule():
            yield from (("publishers", name) for name in rule.publishers)
        case _:
            return


def _unknown(rule: Rule, field: str, kind: str, name: str, known: set[str]) -> RuleError:
    near = difflib.get_close_matches(name, sorted(known), n=1)
    hint = f"did you mean {near[0]!r}?" if near else ""
    return RuleError(f"{rule.file}: rule {rule.id!r}: field {field!r} names no {kind}: {name!r}", hint=hint)
