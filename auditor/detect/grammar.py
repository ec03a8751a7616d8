"""What the nodes of a grammar mean: one table for each language, with rows of a few kinds that all languages share.

A row says by paths where the parts of its node are: see `treepath`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from tree_sitter import Node


@dataclass(frozen=True, slots=True)
class Text:
    """A string, of `parts` that are text and `holes` that are filled; with `dollars`, `$name` in its text is a hole too."""

    parts: frozenset[str] = frozenset()
    holes: frozenset[str] = frozenset()
    dollars: bool = False


@dataclass(frozen=True, slots=True)
class Name:
    """A name, or `this`."""


@dataclass(frozen=True, slots=True)
class Member:
    holder: str
    name: str


@dataclass(frozen=True, slots=True)
class Index:
    holder: str
    key: str


@dataclass(frozen=True, slots=True)
class Call:
    """A call by `callee`, or by `holder` and `name`; `fields` are set on what it makes. `makes`: it is a constructor."""

    callee: str = ""
    holder: str = ""
    name: str = ""
    arguments: str = "arguments"
    fields: str = ""
    makes: bool = False


@dataclass(frozen=True, slots=True)
class Record:
    """A literal of a named type with named fields: what other languages write as a call with keywords."""

    kind: str
    fields: str


@dataclass(frozen=True, slots=True)
class Items:
    """A literal of a list or a map; `turns`: keys and values stand in turns; `sign`: a mark between them, in a node without pairs."""

    turns: bool = False
    sign: str = ""


@dataclass(frozen=True, slots=True)
class Pair:
    """A key with its value, or an argument with its name."""

    key: str
    value: str


@dataclass(frozen=True, slots=True)
class Binary:
    """An operator between two values; `sign` where the grammar has a node for one operator alone."""

    left: str = "left"
    operator: str = "operator"
    right: str = "right"
    sign: str = ""


@dataclass(frozen=True, slots=True)
class Choice:
    test: str = "condition"
    then: str = "consequence"
    other: str = "alternative"


@dataclass(frozen=True, slots=True)
class Assign:
    left: str = "left"
    right: str = "right"


@dataclass(frozen=True, slots=True)
class Bind:
    """The declaration of a name, with its value and its type."""

    name: str = "name"
    value: str = "value"
    kind: str = "type"


@dataclass(frozen=True, slots=True)
class Function:
    name: str = "name"
    parameters: str = "parameters"
    body: str = "body"
    receiver: str = ""


@dataclass(frozen=True, slots=True)
class Parameter:
    name: str = "name"
    value: str = "value"
    kind: str = "type"


@dataclass(frozen=True, slots=True)
class Type:
    """A class, struct or the like; `parameters` are those of its constructor, `bases` what it is made from."""

    name: str = "name"
    body: str = "body"
    bases: str = ""
    parameters: str = ""


@dataclass(frozen=True, slots=True)
class Space:
    """A namespace or module around declarations."""

    name: str = "name"
    body: str = "body"


@dataclass(frozen=True, slots=True)
class Case:
    """One value of an enumeration."""

    name: str = "name"
    value: str = ""
    arguments: str = ""


@dataclass(frozen=True, slots=True)
class If:
    test: str = "condition"
    before: str = "initializer"
    negated: bool = False


@dataclass(frozen=True, slots=True)
class Switch:
    value: str


@dataclass(frozen=True, slots=True)
class Branch:
    """One branch of a switch; `labels` are fields or types of the children that say for which values it is.

    Whatever is called a pattern says so, too.
    """

    labels: frozenset[str]


@dataclass(frozen=True, slots=True)
class Loop:
    """A loop over a collection, whose elements a name gets one after the other."""

    name: str
    over: str


@dataclass(frozen=True, slots=True)
class Return:
    pass


@dataclass(frozen=True, slots=True)
class Same:
    """Stands for one of its children."""

    child: str = "#0"


@dataclass(frozen=True, slots=True)
class Block:
    pass


@dataclass(frozen=True, slots=True)
class Comment:
    pass


@dataclass(frozen=True, slots=True)
class Skip:
    """Says nothing: imports, which are read beforehand, and types."""


Row = (
    Text | Name | Member | Index | Call | Record | Items | Pair | Binary | Choice | Assign | Bind | Function | Parameter
    | Type | Space | Case | If | Switch | Branch | Loop | Return | Same | Block | Comment | Skip
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Imported:
    """One import: the name it has in the file ("" for a whole package), the dotted name it stands for, and where."""

    name: str
    symbol: str
    node: Node


@dataclass(frozen=True, slots=True, eq=False)
class Grammar:
    """One language.

    `module` gives the dotted prefix of a file's own names, by its path and tree. `beyond` tells what a name is that
    nothing in the file declares: "package" (another file of the module), or "" (nobody knows). `shared`: names of types
    are one space for the whole repository, whatever the file. `yields`: a block's value is its last expression.
    `assigns`: an assignment declares. `collections` are calls that make a list or map of their arguments, `same` calls
    that hand on what they are given, and `constructors` methods that make the class they stand in. `notes` gives the
    values that tags, attributes or annotations give a field or parameter: text, node, environment variable, flag. `is_test` tells of a declaration whether it is there for tests only.
    """

    language: str
    grammar: Callable[[], object]
    rows: Mapping[str, Row]
    module: Callable[[str, Node], str]
    imports: Callable[[Node, str], Iterator[Imported]]
    beyond: str = ""
    shared: bool = False
    yields: bool = False
    assigns: bool = False
    selves: frozenset[str] = frozenset(["this", "self", "Self", "super"])
    symbols: str = ""  # the type of nodes that are a bare word, given to a call that declares it
    capitals: bool = False  # a call of a capitalised name makes one
    collections: frozenset[str] = frozenset()
    same: frozenset[str] = frozenset()
    constructors: frozenset[str] = frozenset()
    notes: Callable[[Node], Iterator[tuple[str, Node, str, str]]] | None = None
    is_test: Callable[[Node], bool] | None = None
