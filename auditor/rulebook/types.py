"""What we know about the world, one frozen dataclass a kind of rule. `load` fills them from `rules/`.

Every rule carries `id` (kebab-case, unique over all kinds, permanent), `source` (https URL, or `pypi:name==version` / `github:owner/name@commit`
with a path; `unverified` for general knowledge, which caps every confidence at low), `as_of` (ISO date) and its own examples; the loader refuses a rule that lacks one.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from auditor.domain.model import Flag, Publisher, Record, Weights
from auditor.domain.reference import Confidence, Scheme
from auditor.domain.report import Jurisdiction
from auditor.rulebook.defaults import Default
from auditor.rulebook.patterns import NamePattern


@dataclass(frozen=True, slots=True)
class Example:
    """A rule's own example: `text` must yield exactly `finds` (a hit), or nothing (a miss, `because` says why)."""

    text: str
    finds: tuple[str, ...] = ()
    because: str = ""
    path: str = ""  # a file name where it matters (which parser reads it)


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a rule comes from, and its examples."""

    id: str
    source: str
    as_of: str
    hit: tuple[Example, ...]
    miss: tuple[Example, ...]


@dataclass(frozen=True, slots=True)
class PublisherRule:
    """rules/publishers.toml: one maker. `hub` and `modelscope` are the organisations it publishes under (case ignored).

    `slugs` are what routers write before a name of this maker (`x-ai/`), where that is no organisation of the Hub.
    """

    origin: Origin
    publisher: Publisher
    hub: tuple[str, ...]
    modelscope: tuple[str, ...] = ()
    slugs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FamilyRule:
    """rules/families.toml: names as people write them outside the Hub, and what a maker's own Hub names look like.

    `names` are lower-case regular expressions that the whole bare name must match (`qwen3(?:\\.\\d)?(?:[-:][a-z0-9._-]+)?`); `hub` are
    case-insensitive globs over `org/name`; `root` says that what `hub` matches was pretrained by the publisher (instruct and chat versions of
    its own bases included); `provider` is the API that gives a closed name its meaning, "" for open weights;
    `ordinary` says that a name of one word and a number is a word elsewhere, and counts only where a model is expected.
    """

    origin: Origin
    name: str
    publisher: str
    modality: str
    weights: Weights
    names: tuple[NamePattern, ...]
    hub: tuple[str, ...] = ()
    root: bool = False
    provider: str = ""
    confidence: Confidence = Confidence.LOW
    license: str = ""
    ordinary: bool = False


@dataclass(frozen=True, slots=True)
class ModelRule:
    """rules/models.toml: a curated record, and other names (`names`, exact, case ignored) that mean this model."""

    origin: Origin
    record: Record
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ProviderRule:
    """rules/providers.toml: who operates an API.

    `hosts` are host names (with port or path where it matters) in base URLs; a host covers its subdomains, `*` stands for one label; `keys`
    environment variables; `packages` SDK packages as `ecosystem:name`; `prefixes` what routers and SDKs put before a model name of this provider
    (`together_ai/`, `@cf/`, `accounts/fireworks/models/`), tried longest first and stripped; `suffixes` what the service appends to a name (`-turbo`,
    `-v1:0`); `first_party` the publisher whose own models it serves, "" for a host of others' weights; `country` of the operator, "" unknown.
    """

    origin: Origin
    name: str
    country: str
    hosts: tuple[str, ...] = ()
    keys: tuple[str, ...] = ()
    packages: tuple[str, ...] = ()
    prefixes: tuple[str, ...] = ()
    first_party: str = ""
    confidence: Confidence = Confidence.LOW
    suffixes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RegistryRule:
    """rules/registries.toml: where weights are published, and how addresses in it are written.

    `prefixes` are lower-case beginnings (`https://huggingface.co/`, `hf://`), tried in order; `skip` path beginnings that say nothing
    (`api/models`, `models`); `reserved` first parts that are no model (`datasets`, `spaces`); `parts` how many path parts a name has.
    """

    origin: Origin
    scheme: Scheme
    prefixes: tuple[str, ...]
    parts: int
    skip: tuple[str, ...] = ()
    reserved: tuple[str, ...] = ()


class Reads(StrEnum):
    """What a call, key or flag does with the name that it is given."""

    WEIGHTS = "weights"  # loads weights, or asks a server that runs them
    TOKENIZER = "tokenizer"
    TRAINING = "training"  # the base of a training run
    ARCHITECTURE = "architecture"  # class, parser, chat template, model_type
    METADATA = "metadata"  # price, size, context length, log or span label
    OUTPUT = "output"  # writes weights


@dataclass(frozen=True, slots=True)
class Shorthand:
    """What a bare name means in one place only: `means` by itself, else `template` with the name put in for `{}`.

    It counts where a catalogue knows the id that comes out.
    """

    template: str = ""
    means: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class CallRule:
    """rules/calls/*.toml: a call whose argument names a model.

    `callee` are dotted globs, import-resolved (`*` is any run of characters); `position` is 0-based, -1 for none; `keyword`s any of.
    `names` tells what an unknown name means: "hub" (an `org/name` not known to anybody is still a Hub reference), "api", "ollama", "any" (only
    known names), "address" (in a registry), "none" (no model, whatever it looks like). `provider` is the operator, "" if not told;
    `unless` are arguments beside it, `keyword=value`, with which it names no model; `constants` and their models.
    """

    origin: Origin
    languages: tuple[str, ...]
    callee: tuple[str, ...]
    position: int
    keywords: tuple[str, ...]
    names: str
    reads: Reads
    provider: str = ""
    confidence: Confidence = Confidence.HIGH
    short: Shorthand = Shorthand()
    unless: tuple[str, ...] = ()
    constants: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class KeyRule:
    """rules/settings.toml `[[key]]`: names of configuration keys, environment variables, parameters and fields whose value names a model.

    `keys` are globs over the last key, lower case with `-`, `.` and space as `_` (`*_model`, `model_name`); a glob with `/` is matched against the
    joined path (`*/base_model`). `files` restricts to path globs ("" any). `names` as in CallRule.
    """

    origin: Origin
    keys: tuple[str, ...]
    names: str
    reads: Reads
    files: tuple[str, ...] = ()
    confidence: Confidence = Confidence.MEDIUM
    short: Shorthand = Shorthand()


@dataclass(frozen=True, slots=True)
class CommandRule:
    """rules/settings.toml `[[command]]`: a program that is given a model (`vllm serve X`, `ollama run X`, `llama-server -hf X`).

    `words` are the leading words of argv (program by its last path part); `position` is the index of the bare word after them that is the
    model, -1 for none; `flags` take it as `--flag X` or `--flag=X`; `unless` as in CallRule.
    """

    origin: Origin
    words: tuple[str, ...]
    position: int
    flags: tuple[str, ...]
    names: str
    reads: Reads
    confidence: Confidence = Confidence.HIGH
    short: Shorthand = Shorthand()
    unless: tuple[str, ...] = ()


class WordKind(StrEnum):
    """What a word says of the part of a program that carries it."""

    PROVIDER = "provider"  # a folder, class or key of parts to choose from (providers, backends, embedders, ...)
    SELECTOR = "selector"  # a key whose value picks one (default, selected, active, provider, ...)
    SWITCH = "switch"  # a key that turns a part on or off (enabled, disabled, ...)
    PRICE = "price"  # keys beside a model in a price or capability table
    CATALOG = "catalog"  # names of containers to choose from (models, supported, available, presets, ...)
    FILE = "file"  # a settings file that the product starts with, by path glob
    STATE = "state"  # what a condition may ask besides a choice of parts (a size, a task, a platform)
    PURPOSE = "purpose"  # what a kind of part does (language, embedding, speech, ...): one rule for each purpose
    TRAINING = "training"  # a key or call that only training has (epochs, a trainer, a backward pass)
    SAMPLE = "sample"  # a settings file that has to be copied first (.env.example), by path glob


@dataclass(frozen=True, slots=True)
class WordRule:
    """rules/vocabulary.toml: words that tell roles apart, lower case, as globs over one name part or (kind file, sample) a path."""

    origin: Origin
    kind: WordKind
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PackageRule:
    """rules/packages/<ecosystem>.toml: a dependency that brings weights in."""

    origin: Origin
    ecosystem: str
    name: str
    defaults: tuple[Default, ...]
    confidence: Confidence = Confidence.HIGH


@dataclass(frozen=True, slots=True)
class StackRule:
    """rules/stacks.toml: accelerator stacks and serving runtimes. `packages` as `ecosystem:name`, `imports` and `images` globs."""

    origin: Origin
    name: str
    vendor: str  # id of a publisher rule
    packages: tuple[str, ...]
    imports: tuple[str, ...] = ()
    images: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FlagRule:
    """rules/flags.toml: a list entry or licence clause worth knowing. Matches publishers by id, models by glob, licences by name."""

    origin: Origin
    flag: Flag
    publishers: tuple[str, ...] = ()
    models: tuple[str, ...] = ()
    licenses: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Rulebook:
    """All rules, in file order. `digest` covers every byte they were read from."""

    digest: str
    publishers: tuple[PublisherRule, ...] = ()
    families: tuple[FamilyRule, ...] = ()
    models: tuple[ModelRule, ...] = ()
    providers: tuple[ProviderRule, ...] = ()
    registries: tuple[RegistryRule, ...] = ()
    calls: tuple[CallRule, ...] = ()
    keys: tuple[KeyRule, ...] = ()
    commands: tuple[CommandRule, ...] = ()
    words: tuple[WordRule, ...] = ()
    packages: tuple[PackageRule, ...] = ()
    stacks: tuple[StackRule, ...] = ()
    flags: tuple[FlagRule, ...] = ()
    jurisdictions: tuple[Jurisdiction, ...] = ()
    sources: tuple[str, ...] = field(default=())
