"""The role of a name that stands in a configuration file or a command line (DESIGN 5a)."""

from __future__ import annotations

from itertools import pairwise

from auditor.domain.fact import Command, Setting
from auditor.domain.reference import Confidence, Role
from auditor.domain.sighting import FileFacts
from auditor.domain.source import Scope
from auditor.rulebook.index import KeyIndex, command_start, snake
from auditor.rulebook.types import Reads, Rulebook, WordKind
from auditor.trace.chosen import Chosen
from auditor.trace.code import Part, by_scope
from auditor.trace.picked import Picked
from auditor.trace.surroundings import Surroundings
from auditor.trace.vocabulary import Vocabulary

_DEPLOYED = frozenset(["compose", "kubernetes", "dockerfile", "modelfile", "env"])
_DATA = frozenset(["json"])
_SAID = 120  # characters of a command line
_DESCRIBES = frozenset(["$defs", "definitions"])  # of a JSON schema


class SettingRoles:
    """Decides the roles of settings and command lines."""

    def __init__(
        self,
        rulebook: Rulebook,
        around: Surroundings,
        chosen: Chosen,
        keys: KeyIndex,
        words: Vocabulary,
        defaulted: frozenset[str],
        picked: Picked,
    ) -> None:
        self._picked = picked
        self._around = around
        self._keys = keys
        self._words = words
        self._chosen = chosen
        self._commands = rulebook.commands
        self._defaulted = defaulted  # variables that code has a default for

    def setting(self, fact: Setting, file: FileFacts, read: bool) -> Part | None:
        """The part of a setting; `read` tells that code of the target reads its variable or key."""
        if not fact.live:
            return Part(Role.COMMENT, "the line is commented out", Confidence.HIGH)
        if fact.dialect == "front-matter":
            return Part(Role.DOCUMENTATION, "stands in a model card or page header", Confidence.HIGH)
        decided = by_scope(file.scope)
        if decided is not None:
            return decided
        rule = self._keys.rule(fact.path, file.path)
        reads = rule.reads if rule else None
        key = ".".join(fact.path)
        if reads is Reads.TOKENIZER:
            return Part(Role.TOKENIZER, f"{key} names a tokenizer", Confidence.HIGH)
        if reads is Reads.ARCHITECTURE:
            return Part(Role.ARCHITECTURE, f"{key} names a class or format, no weights", Confidence.HIGH)
        if reads is Reads.METADATA:
            return Part(Role.METADATA, f"{key} is no loader", Confidence.MEDIUM)
        priced = self._around.priced([k for k, _ in fact.beside])
        menu = self._around.menu_of_settings(file, fact)
        if priced and not menu and fact.dialect in _DATA:
            return Part(Role.METADATA, f"stands in a table beside {priced!r}", Confidence.MEDIUM)
        trains = file.scope is Scope.TRAINING or any(self._words.says(WordKind.TRAINING, k) for k, _ in fact.beside)
        if reads is Reads.TRAINING or (trains and reads is Reads.WEIGHTS):
            return Part(Role.TRAINING, f"{key} is the base of a training run", Confidence.HIGH)
        if menu:
            return Part(Role.CATALOG, f"is one of {menu} to choose from, and nothing selects it", Confidence.HIGH)
        rivals = self._around.rivals(file, fact)
        if rivals and not any(self._chosen.value(part) for part in fact.path[:-1]):
            return Part(Role.OPTIONAL, f"{key} is one of {rivals} entries that no default chooses", Confidence.MEDIUM)
        variants = self._around.variants(fact)
        if variants:
            return Part(Role.CATALOG, f"{key} names another model in each of {variants} files", Confidence.MEDIUM)
        if fact.dialect in _DATA and not _DESCRIBES.isdisjoint(fact.path):
            return Part(Role.METADATA, f"{key} describes what a setting may be", Confidence.MEDIUM)
        served = "/" in fact.value and self._words.says(WordKind.SELECTOR, fact.path[-1])  # provider: openai/gpt-4o
        if rule is None and fact.dialect != "modelfile" and not served:
            return Part(Role.METADATA, f"{key} is not known to name a model that is loaded", Confidence.LOW)
        named = next((part for part in reversed(fact.path) if part != "default"), "")
        off = self._around.switched_off(fact) or self._chosen.switched_off(named)
        if off:
            return Part(Role.OPTIONAL, f"is behind a switch that is off ({off})", Confidence.HIGH)
        gate = self._gate(fact, file) or self._picked.another(file, fact) or self._picked.overlay(file)
        if gate:
            return Part(Role.OPTIONAL, gate, Confidence.MEDIUM)
        if fact.dialect in _DATA and any(part.isdigit() for part in fact.path):
            return Part(Role.OPTIONAL, f"{key} stands in a document that has to be loaded first", Confidence.MEDIUM)
        if self._words.says(WordKind.SAMPLE, file.path):
            if fact.dialect != "env" or not read:
                reader = "" if read else ", and no code was seen to read it"
                return Part(
                    Role.OPTIONAL, f"{key} stands in a sample that has to be copied first{reader}", Confidence.LOW
                )
            if fact.path[-1] in self._defaulted:
                return Part(
                    Role.OPTIONAL, f"{key} stands in a sample, and code has a default of its own", Confidence.MEDIUM
                )
            why = "a sample that has to be copied first; code reads it and has no default"
            return Part(Role.CONFIGURED, f"{key} is set in {why}", Confidence.MEDIUM)
        sure = Confidence.HIGH if read or fact.dialect in _DEPLOYED else Confidence.MEDIUM
        return Part(Role.CONFIGURED, f"{key} is set in {file.path}" + (", and code reads it" if read else ""), sure)

    def command(self, fact: Command, file: FileFacts) -> Part:
        """The part of a name in a command line."""
        decided = by_scope(file.scope)
        if decided is not None:
            return decided
        words = [word for word, _ in fact.argv]
        rule = next((r for r in self._commands if command_start(r, words) >= 0), None)
        line = " ".join(" ".join(words[:3]).split())[:_SAID]
        if rule is not None and rule.reads is Reads.TOKENIZER:
            return Part(Role.TOKENIZER, f"{line} takes a tokenizer", Confidence.HIGH)
        if (rule is not None and rule.reads is Reads.TRAINING) or file.scope is Scope.TRAINING:
            return Part(Role.TRAINING, f"{line} trains it", Confidence.HIGH)
        if fact.stage == "start":
            return Part(Role.CONFIGURED, f"the container starts with {line}", Confidence.HIGH)
        if fact.stage == "run":
            return Part(Role.BUNDLED, f"the image is built with it ({line})", Confidence.HIGH)
        if self._words.says(WordKind.FILE, file.path):
            return Part(Role.CONFIGURED, f"the script {file.path} starts {line}", Confidence.MEDIUM)
        return Part(Role.OPTIONAL, f"{line} stands in a script that a person has to run", Confidence.MEDIUM)

    def _gate(self, fact: Setting, file: FileFacts) -> str:
        """A provider named in the key path, while another one is chosen beside it, or in a file that sets several anywhere."""
        provider = next((p for part in reversed(fact.path) if (p := self._words.provider_in(part))), "")
        if not provider:
            return ""
        beside = {snake(v) for k, v in fact.beside if v and self._words.says(WordKind.SELECTOR, k)}
        picked = {p for v in beside if (p := self._words.provider_in(v))}
        named = {snake(v) for k, v in fact.beside if v and snake(k).endswith("provider")}
        if (picked or named) and provider not in picked:
            return f"belongs to the provider {provider!r}, while {', '.join(sorted(picked or named))} is chosen"
        among = self._among_providers(fact) or (self._around.providers(file) > 1 and self._chosen.any_provider)
        if not picked and among and not self._chosen.provider(provider, self._words.purposes(fact.path)):
            return f"belongs to the provider {provider!r}, which no default chooses"
        return ""

    def _among_providers(self, fact: Setting) -> bool:
        """Whether a setting belongs to one entry of a table of providers (`providers.x.model`)."""
        return any(
            self._words.says(WordKind.PROVIDER, holder) and self._words.provider_in(part)
            for holder, part in pairwise(fact.path)
        )
