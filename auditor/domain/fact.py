"""What a parser lowers a file to: values, the places they stand in, and who reads whom.

Parsers know syntax only. `Symbol`s are dotted names that are unique in the repository: the file's path without its
ending, dots for slashes, then the qualified name (`src.acme.embed.Embedder.model`); a name imported from elsewhere is
written as imported (`acme.embed.MODEL`, `langchain_openai.ChatOpenAI`), and `trace` joins the two by their tails.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from auditor.domain.source import Span


class Binds(StrEnum):
    """How a value comes to a name."""

    CONSTANT = "constant"  # a module-level or local name
    FIELD = "field"  # a class or object field (self.x = ..., dataclass default, property in an object literal)
    PARAMETER = "parameter"  # the default of a function or constructor parameter
    RETURN = "return"  # what a function gives back; the symbol is the function's


@dataclass(frozen=True, slots=True)
class Argument:
    """The value is an argument of a call. `position` is 0-based, -1 for keyword arguments."""

    callee: str
    position: int
    keyword: str
    method: bool = False  # the callee hangs on an object whose type is not known: `x.create`


@dataclass(frozen=True, slots=True)
class Bound:
    """The value is given to a symbol."""

    symbol: str
    how: Binds


@dataclass(frozen=True, slots=True)
class Compared:
    """The value is only compared, prefix-tested or looked up; it is never handed on."""

    operator: str


@dataclass(frozen=True, slots=True)
class Key:
    """The value is a key of a mapping literal (or a switch label), held by `container`."""

    container: str
    siblings: int


@dataclass(frozen=True, slots=True)
class Loose:
    """The value stands in a place from which nothing can be followed (a log call's f-string, a bare expression)."""

    reason: str = ""


Place = Argument | Bound | Compared | Key | Loose


@dataclass(frozen=True, slots=True)
class Entry:
    """One level of a collection around a value, innermost first.

    `key` is the mapping key or field ("" in a list), `siblings` how many elements the collection has,
    `first` true for element 0, `keys` the other keys beside it in a mapping (at most 40). `at` is where the collection
    starts (line, column): two values with the same `at` stand in the same collection.
    """

    key: str
    siblings: int
    first: bool
    keys: tuple[str, ...] = ()
    at: tuple[int, int] = (0, 0)


@dataclass(frozen=True, slots=True)
class Guard:
    """A condition around a value: `if provider == "ollama"` gives ("provider", "ollama")."""

    subject: str
    value: str


@dataclass(frozen=True, slots=True)
class Literal:
    """A string in code. `text` is the value; holes of a template are written `{}` and make it `dynamic`.

    A switch is written "true" or "false". `holder` is the symbol that keeps the object whose making takes the value.
    `entries` are the collections between the literal and its `place`; `within` is the enclosing class and function
    (dotted, "" at module level); `env` the environment variable and `option` the command-line flag it is the default of.
    """

    text: str
    span: Span
    place: Place
    within: str = ""
    entries: tuple[Entry, ...] = ()
    guards: tuple[Guard, ...] = ()
    env: str = ""
    option: str = ""
    dynamic: bool = False
    fallback: bool = False  # the right side of `x or "..."`, `x ?? "..."`, a `get(key, "...")`
    holder: str = ""


@dataclass(frozen=True, slots=True)
class Read:
    """A symbol's value is used somewhere: `Loader(MODEL)` reads MODEL into an Argument.

    `name` may end in a subscript key (`MODELS["small"]` reads `MODELS` with key "small"; `key` is "*" when the key is
    computed). What a function gives back is read as `name()`. An attribute of an object whose type is unknown is `?.attr`.
    """

    name: str
    place: Place
    span: Span
    within: str = ""
    key: str = ""
    entries: tuple[Entry, ...] = ()
    guards: tuple[Guard, ...] = ()


@dataclass(frozen=True, slots=True)
class Alias:
    """`symbol` is another name of `of`, or an instance of the class `of`: `settings = Settings()`, a re-export."""

    symbol: str
    of: str


@dataclass(frozen=True, slots=True)
class Signature:
    """A function or constructor of the repository, with its parameters in order (`self` left out)."""

    symbol: str
    parameters: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Call:
    """A call, for rules on what is called and on what is left out. `keywords` sorted; `positional` counts."""

    callee: str
    positional: int
    keywords: tuple[str, ...]
    span: Span
    within: str = ""
    first: str = ""  # the first positional argument where it is a literal string
    guards: tuple[Guard, ...] = ()


@dataclass(frozen=True, slots=True)
class Import:
    """The file imports `name` (dotted as written, relative ones made absolute within the tree)."""

    name: str
    span: Span


@dataclass(frozen=True, slots=True)
class Setting:
    """A value in a configuration file. `path` is the key path, list indices as "0", "1", ...

    `siblings`: elements of the nearest list or map of like elements around the value (1 when alone); `live` is false for a
    commented-out line; `beside` holds the scalar siblings in the same mapping as (key, value), at most 20, so that
    switches (`enabled: false`) and providers are seen. `dialect` is the parser's name for the file: yaml, toml, json,
    env, ini, properties, compose, kubernetes, modelfile, front-matter, ...
    """

    path: tuple[str, ...]
    value: str
    span: Span
    dialect: str
    siblings: int = 1
    live: bool = True
    beside: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Command:
    """A command line in a Dockerfile, compose file, manifest, CI step, Makefile or shell script.

    `argv` holds (word, span) after quoting is undone; variables stay as `$NAME` or `${NAME:-default}`. `stage` tells where
    it runs: "run" (at build), "start" (ENTRYPOINT, CMD, compose command), "shell" (script, Makefile, CI step).
    """

    argv: tuple[tuple[str, Span], ...]
    span: Span
    stage: str


@dataclass(frozen=True, slots=True)
class Prose:
    """A word that may be a name in a comment, docstring, document, recorded output or a language's own test: `where`."""

    text: str
    span: Span
    where: str


@dataclass(frozen=True, slots=True)
class Dependency:
    """A package that the product asks for (manifest) or has locked (`exact` is the version).

    `parents` are packages that bring it in, nearest first, empty for a direct one; `group` is "" for runtime, or the extra
    or group (dev, test, docs, an optional extra).
    """

    ecosystem: str  # purl type: pypi, npm, cargo, golang, conda, ...
    name: str  # normalised as the ecosystem does
    requirement: str  # as written, "" when any
    exact: str  # "" when not locked
    span: Span
    group: str = ""
    parents: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Artifact:
    """A weight file in the tree, known by its header alone. `metadata` are (key, value) texts, sorted."""

    format: str  # gguf, safetensors, onnx, pickle, lfs
    metadata: tuple[tuple[str, str], ...]
    size: int  # bytes
    digest: str = ""  # sha256 where the file states it (LFS pointer)


Fact = Literal | Read | Alias | Signature | Call | Import | Setting | Command | Prose | Dependency | Artifact
