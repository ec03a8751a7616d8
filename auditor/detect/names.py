"""Model names as people write them: which strings are names, of which registry, and who serves them."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import lru_cache

from auditor.detect.file_names import WEIGHTS, is_folder, is_placeholder, without_quantisation
from auditor.detect.own_weights import is_bucket, own_weights
from auditor.domain.model import Weights
from auditor.domain.reference import Confidence, Reference, Scheme
from auditor.domain.sighting import KnownNames, Name
from auditor.rulebook.families import FamilyPatterns
from auditor.rulebook.registries import Address, Registries
from auditor.rulebook.types import FamilyRule, Rulebook, Shorthand

_LONGEST = 300
_TOKEN = re.compile(r"[A-Za-z0-9@$][A-Za-z0-9._:/@+~=?&%$-]*\Z", re.ASCII)
_HUB_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,95}/[A-Za-z0-9][A-Za-z0-9._-]{0,95}\Z", re.ASCII)
_OTHER_FILE = re.compile(
    r"\.(py|pyi|ipynb|js|jsx|ts|tsx|mjs|cjs|vue|svelte|go|rs|java|kt|cs|rb|php|swift|c|cc|cpp|h|hpp|sh|bat|ps1|md|mdx|rst|txt|"
    r"html?|css|scss|json|jsonl|yaml|yml|toml|ini|cfg|xml|csv|tsv|parquet|pdf|png|jpe?g|gif|svg|webp|ico|mp3|mp4|wav|"
    r"zip|gz|tar|tgz|whl|lock|sql|proto|log|env|git|jinja2?|tmpl|com|io|ai|org|net|dev)\Z",
    re.IGNORECASE,
)
# What routers add behind a name: the price, the speed, how hard it thinks.
_TAG = re.compile(r":(?:free|beta|extended|thinking|nitro|floor|online|exacto|latest)\Z")
_EFFORT = re.compile(r":(?:minimal|low|medium|high|xhigh|max)\Z")
_POINT = re.compile(r"(?<=\d)p(?=\d)")  # `v3p1`, for registries that allow no dot in a name
_DIGEST = re.compile(r"[0-9a-f]{64}\Z")  # how a service that runs others' models names one version of one
_PATH = re.compile(r"(?:~|\.{1,2})?/[A-Za-z0-9._/-]*\Z", re.ASCII)
_WORD_AND_NUMBER = re.compile(r"[a-z]+[-_.]?\d(?:\.\d)?\Z")
_SIZE = re.compile(r"\d(?:\.\d+)?[bm](?![a-z])", re.IGNORECASE)


class Names:
    """Recognises names by the rules and by what is on record. Equal questions are answered once."""

    def __init__(self, rulebook: Rulebook, known: KnownNames) -> None:
        self._known = known
        self._registries = Registries(rulebook.registries)
        self._families = rulebook.families
        self._family = FamilyPatterns(rulebook.families)
        # What packages call weights of their own that stand under no Hub id.
        own = {d.model for p in rulebook.packages for d in p.defaults}
        own |= {model for rule in rulebook.calls for _, model in rule.short.means}
        self._bundled = {model.lower() for model in own if "/" not in model}
        self._curated = {n.lower(): m for m in rulebook.models for n in (m.record.id, *m.names)}
        self._prefixes = sorted(
            ((p.lower(), provider.origin.id) for provider in rulebook.providers for p in provider.prefixes),
            key=lambda pair: (-len(pair[0]), pair),
        )
        self._heads: dict[str, list[tuple[str, str]]] = {}
        for prefix, provider in self._prefixes:
            self._heads.setdefault(prefix[:2], []).append((prefix, provider))
        self._makers = {org.lower(): p.publisher.id for p in rulebook.publishers for org in (*p.hub, *p.modelscope)}
        # What stands before a name of a maker in a router's list, and is no organisation of the Hub.
        self._slugs = {slug.lower() for p in rulebook.publishers for slug in p.slugs} - self._makers.keys()
        self._known_heads = (
            self._makers.keys()
            | self._slugs
            | {p.publisher.id for p in rulebook.publishers}
            | {p.origin.id for p in rulebook.providers}
        )
        self.recognise = lru_cache(maxsize=65536)(self._recognise)

    def _recognise(self, text: str, expects: str = "") -> Name | None:
        """The name that `text` as a whole is, None when it is none. Weights that have a path alone are a tentative one.

        `expects` is what the place takes: "hub", "api", "ollama", "any", "address", "none", "" for a place of which no
        rule speaks.
        """
        if not 2 <= len(text) <= _LONGEST or expects == "none":
            return None
        name = self._named(text, expects)
        if name is not None or expects == "address" or not ("." in text or "/" in text or _DIGEST.match(text)):
            return name
        if _DIGEST.match(text):
            return Name(Reference(Scheme.API, text), 0, len(text), "version-digest", Confidence.MEDIUM, tentative=True)
        own = own_weights(text)
        if own is None:
            return None
        doubtful = not (expects and is_bucket(text))
        return Name(Reference(Scheme.FILE, own), 0, len(text), "own-weights", Confidence.MEDIUM, tentative=doubtful)

    def _named(self, text: str, expects: str) -> Name | None:
        if _PATH.match(text):
            return self._local(text, expects)
        if "{}" in text:
            return self._template(text)
        if not _TOKEN.match(text):
            return None
        address = self._registries.address(text)
        if isinstance(address, Address):
            return self._addressed(address, text)
        if address or expects == "address":
            return None
        if _OTHER_FILE.search(text) and not self._known.hub_id(text):
            return None
        name = self._plain(text, expects, 0)
        if name is None and expects == "hub" and text.lower() in self._bundled:
            return Name(Reference(Scheme.FILE, text), 0, len(text), "package-weights", Confidence.MEDIUM)
        return name

    def short(self, text: str, rule: Shorthand) -> Name | None:
        """What a name means by the shorthand of its place, None when it means nothing there that a catalogue knows."""
        if (stated := dict(rule.means).get(text.lower(), "")).lower() in self._bundled:
            return Name(Reference(Scheme.FILE, stated), 0, len(text), "shorthand", Confidence.MEDIUM)
        meant = stated or (rule.template.replace("{}", text) if rule.template and "/" not in text else "")
        hub = self._known.hub_id(meant) if meant else None
        return _hub(hub or meant, text, "shorthand") if hub or stated else None

    def _plain(self, text: str, expects: str, depth: int) -> Name | None:
        curated = self._curated.get(text.lower())
        if curated is not None:
            return (
                _hub(curated.record.id, text, curated.origin.id)
                if "/" in curated.record.id
                else _api(curated.record.id, text, curated.origin.id, Confidence.HIGH)
            )
        if "/" in text and (hub := self._known.hub_id(text)):
            return _hub(hub, text, "snapshot")
        weights = WEIGHTS.search(text)
        if weights:
            return self._weight_file(text, weights.start())
        plain = _TAG.sub("", _EFFORT.sub("", text)) if "/" in text else text
        if plain != text:
            return self._plain(plain, expects, depth + 1)
        if "/" in text and (alias := self._known.alias_of(text)):
            return _hub(alias, text, "catalogue")
        served = self._served(text, expects, depth)
        if served is not None:
            return served
        if "/" in text:
            return self._organised(text, expects, depth)
        return self._bare(text, expects)

    def _served(self, text: str, expects: str, depth: int) -> Name | None:
        """A provider's or router's prefix before a name: who serves it, and the name behind."""
        lower = text.lower()
        if depth > 3:
            return None
        for prefix, provider in self._heads.get(lower[:2], ()):
            if lower.startswith(prefix) and len(lower) > len(prefix):
                inner = self._plain(text[len(prefix) :], "api" if expects in ("", "any") else expects, depth + 1)
                if inner is not None and not inner.tentative and not self._is_organisation(prefix, inner):
                    start = inner.start + len(prefix)
                    return replace(inner, start=start, end=len(text), served_by=inner.served_by or provider)
        return None

    def _is_organisation(self, prefix: str, inner: Name) -> bool:
        """Whether what a service has before its names is here the organisation that publishes the model's weights."""
        maker = next((f.publisher for f in self._families if f.origin.id == inner.reference.family), "")
        opened = inner.reference.scheme in (Scheme.FAMILY, Scheme.OLLAMA)
        return opened and self._makers.get(prefix.removesuffix("/")) == maker

    def _organised(self, text: str, expects: str, depth: int) -> Name | None:
        head, _, tail = text.partition("/")
        if is_folder(head) or "/" in tail:
            if is_folder(head):
                return self._resource(text, expects)
            return self._bare(head, "api") if depth else None  # a service's `name/version/task`
        if head.lower() in self._slugs:
            inner = self._plain(tail, "api", depth + 1)
            if inner is not None or expects != "hub":
                return replace(inner, start=inner.start + len(head) + 1, end=len(text)) if inner else None
        family = self._match(without_quantisation(tail).lower())
        known_head = head.lower() in self._known_heads
        if family is not None and family.weights is Weights.CLOSED and (known_head or expects):
            return _api(f"{family.provider}:{tail}", text, family.origin.id, Confidence.MEDIUM, family, head.lower())
        if is_placeholder(head):
            return None
        if not _HUB_ID.match(text):
            return self._at_revision(text, expects, depth)
        if family is not None and (known_head or expects or _SIZE.search(tail)):
            reference = Reference(Scheme.HUGGINGFACE, text, family=family.origin.id)
            return Name(reference, 0, len(text), family.origin.id, Confidence.MEDIUM)
        if expects in ("hub", "ollama"):
            scheme = Scheme.HUGGINGFACE if expects == "hub" else Scheme.OLLAMA
            return Name(Reference(scheme, text), 0, len(text), f"{expects}-name", Confidence.MEDIUM)
        return Name(Reference(Scheme.HUGGINGFACE, text), 0, len(text), "hub-shape", Confidence.LOW, tentative=True)

    def _at_revision(self, text: str, expects: str, depth: int) -> Name | None:
        """`org/name@revision`, `owner/name:` and a digest."""
        named, at, revision = text.rpartition("@" if "@" in text else ":")
        if not at or not _HUB_ID.match(named) or (at == ":" and not _DIGEST.match(revision)):
            return None
        inner = self._plain(named, expects, depth + 1)
        if inner is None or inner.tentative:
            return None
        return replace(inner, reference=replace(inner.reference, version=revision))

    def _resource(self, text: str, expects: str) -> Name | None:
        """`models/NAME`: how an API writes a name of its own, or a path."""
        start = text.rfind("/") + 1
        family = self._match(text[start:].lower()) if text.count("/") == 1 else None
        if family is None or family.weights is not Weights.CLOSED:
            return self._local(text, expects)
        found = _api(f"{family.provider}:{text[start:].lower()}", text, family.origin.id, Confidence.MEDIUM, family)
        return replace(found, start=start)

    def _local(self, text: str, expects: str) -> Name | None:
        """A path whose last part is named as open weights are; of a closed model there are no files."""
        weights = WEIGHTS.search(text)
        if weights:
            return self._weight_file(text, weights.start())
        start = text.rstrip("/").rfind("/") + 1
        last = text[start:].rstrip("/")
        family = self._match(last.lower()) if expects and _digit(last) else None
        if family is None or family.weights is Weights.CLOSED:
            return None
        reference = Reference(Scheme.FAMILY, last.lower(), family=family.origin.id)
        return Name(reference, start, start + len(last), family.origin.id, min(family.confidence, Confidence.MEDIUM))

    def _bare(self, text: str, expects: str) -> Name | None:
        lower = _TAG.sub("", text.lower())
        family = self._match(lower)
        if family is None:
            if (
                expects
                and expects != "any"
                and len(lower) > 3
                and _digit(lower)
                and (hub := self._known.alias_of(lower))
            ):
                return _hub(hub, text, "catalogue", Confidence.MEDIUM)
            if expects == "hub" and (hub := self._known.hub_id(text)):
                return _hub(hub, text, "snapshot")
            return None
        if family.ordinary and not expects and _WORD_AND_NUMBER.match(lower):
            return None
        if family.provider:
            return _api(f"{family.provider}:{lower}", text, family.origin.id, Confidence.MEDIUM, family)
        hub = self._known.alias_of(lower)
        scheme = Scheme.OLLAMA if ":" in lower or expects == "ollama" else Scheme.FAMILY
        reference = Reference(scheme, lower, family=family.origin.id)
        return Name(reference, 0, len(text), family.origin.id, Confidence.HIGH if hub else family.confidence)

    def _weight_file(self, text: str, end: int) -> Name | None:
        """A weight file's name: the model is in its stem, the quantisation at the end of it."""
        start = text.rfind("/") + 1
        stem = without_quantisation(text[start:end])
        family = self._match(stem.lower())
        org, _, rest = stem.partition("_")
        if family is None and org.lower() in self._makers:  # repackagers write `org_name`
            stem, family = rest, self._match(rest.lower())
        if family is None:
            return None
        reference = Reference(Scheme.FAMILY, stem.lower(), family=family.origin.id)
        return Name(reference, start, len(text), family.origin.id, family.confidence)

    def _template(self, text: str) -> Name | None:
        known = text.split("{}", 1)[0].rstrip("-_.: ")
        if not _TOKEN.match(known):
            return None
        _, slash, tail = known.rpartition("/")
        family = self._match(tail.lower()) if len(tail) >= 3 else None
        if family is None or (not _digit(tail) and not slash):
            return None
        reference = Reference(Scheme.FAMILY, known.lower() if not slash else known, family=family.origin.id)
        return Name(reference, 0, len(text), family.origin.id, Confidence.LOW)

    def _addressed(self, found: Address, text: str) -> Name | None:
        name, tag, rule = found.name, found.tag, found.rule
        if rule.scheme is Scheme.HUGGINGFACE:
            hub = self._known.hub_id(name)
            if hub is None and is_placeholder(name.partition("/")[0]):
                return None
            reference = Reference(Scheme.HUGGINGFACE, hub or name)
            sure = Confidence.HIGH if hub else Confidence.MEDIUM
            return Name(reference, found.start, len(text), rule.origin.id, sure)
        full = f"{name}:{tag}" if tag else name
        family = self._match(name.rpartition("/")[2].lower()) or self._match(full.rpartition("/")[2].lower())
        if family is None and (rule.scheme is Scheme.FAMILY or "://" not in text):
            return None  # `ai/rsc` is a package's path as well
        if rule.scheme is Scheme.FAMILY:  # the tag is that of an image
            full = name.rpartition("/")[2]
        reference = Reference(rule.scheme, full, family=family.origin.id if family else "")
        return Name(reference, found.start, len(text), rule.origin.id, Confidence.MEDIUM)

    def _match(self, lower: str) -> FamilyRule | None:
        pointed = _POINT.sub(".", lower)
        return self._family.match(lower) or (self._family.match(pointed) if pointed != lower else None)


def _hub(hub_id: str, text: str, rule: str, confidence: Confidence = Confidence.HIGH) -> Name:
    return Name(Reference(Scheme.HUGGINGFACE, hub_id), 0, len(text), rule, confidence)


def _api(
    model: str, text: str, rule: str, confidence: Confidence, family: FamilyRule | None = None, served_by: str = ""
) -> Name:
    provider, _, name = model.partition(":")
    reference = Reference(Scheme.API, name, provider=provider, family=family.origin.id if family else "")
    return Name(reference, 0, len(text), rule, confidence, served_by)


def _digit(text: str) -> bool:
    return any(c.isdigit() for c in text)
