"""A name of a model as a repository writes it, where it stands, and what part it plays there."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum, StrEnum

from auditor.domain.source import Scope, Span


class Scheme(StrEnum):
    """The registry that gives a name its meaning (CONTRACT, `scheme`)."""

    HUGGINGFACE = "huggingface"
    MODELSCOPE = "modelscope"
    OLLAMA = "ollama"
    DOCKER = "docker"
    API = "api"
    FILE = "file"
    FAMILY = "family"


class Confidence(IntEnum):
    """How sure. A chain is as sure as its weakest link, so `min` is how confidences are joined."""

    LOW = 1
    MEDIUM = 2
    HIGH = 3

    @property
    def label(self) -> str:
        return self.name.lower()


class Usage(StrEnum):
    """What the product does with a model, strongest first."""

    RUNS = "runs"
    SELECTABLE = "selectable"
    TRAINS = "trains"
    MENTIONS = "mentions"

    @property
    def rank(self) -> int:
        """0 for the strongest."""
        return _RANK[self]


_RANK = {usage: rank for rank, usage in enumerate(Usage)}


class Role(StrEnum):
    """The part one occurrence plays (CONTRACT, `role`)."""

    DEFAULT = "default"
    CONFIGURED = "configured"
    IMPLIED = "implied"
    BUNDLED = "bundled"
    OPTIONAL = "optional"
    CATALOG = "catalog"
    TRAINING = "training"
    EVALUATION = "evaluation"
    EXAMPLE = "example"
    TEST = "test"
    CI = "ci"
    DOCUMENTATION = "documentation"
    COMMENT = "comment"
    OUTPUT = "output"
    VENDORED = "vendored"
    METADATA = "metadata"
    TOKENIZER = "tokenizer"
    ARCHITECTURE = "architecture"

    @property
    def usage(self) -> Usage:
        match self:
            case Role.DEFAULT | Role.CONFIGURED | Role.IMPLIED | Role.BUNDLED:
                return Usage.RUNS
            case Role.OPTIONAL | Role.CATALOG:
                return Usage.SELECTABLE
            case Role.TRAINING:
                return Usage.TRAINS
            case _:
                return Usage.MENTIONS


@dataclass(frozen=True, slots=True, order=True)
class Reference:
    """A model's name in one registry. Equal references are looked up once.

    `name` is normalised for its scheme (no provider prefix, no URL); `version` a tag or revision; `digest` a content hash;
    `provider` the operator that gives an API name its meaning ("" unless scheme is api); `family` the family rule that
    recognised it ("" when none did).
    """

    scheme: Scheme
    name: str
    version: str = ""
    digest: str = ""
    provider: str = ""
    family: str = ""


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One place in one file. `text` is the reference within the excerpt's line, `as_written` the whole value."""

    reference: Reference
    rule: str
    path: str
    span: Span
    scope: Scope
    role: Role
    why: str
    as_written: str
    confidence: Confidence
    served_by: str = ""  # id of the provider that runs it, "" when not told
    product: str = "."

    @property
    def usage(self) -> Usage:
        return self.role.usage
