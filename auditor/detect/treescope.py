"""What a name stands for in source that a grammar's table describes: locals, fields, imports, instances."""

from __future__ import annotations

from collections.abc import Iterator

from tree_sitter import Node

from auditor.detect.grammar import (
    Assign,
    Bind,
    Block,
    Call,
    Case,
    Function,
    Grammar,
    Index,
    Member,
    Name,
    Pair,
    Parameter,
    Record,
    Row,
    Same,
    Space,
    Text,
    Type,
)
from auditor.detect.treepath import find, text

TYPES = frozenset(
    "type result return_type returns type_parameters type_arguments default_value".split()
)  # fields that hold types
_LONGEST = 300  # characters of a symbol: chains of calls grow without end
_DEEPEST = 60  # members of a chain
# Methods that give back what they are called on, as far as its name goes; compared without case and underscores.
SAME = frozenset(
    "unwrap expect clone cloned toowned tostring asstr asref into asderef ok copied tolower toupper tolowercase touppercase "
    "tolowerinvariant trim trimspace trimend strip chomp tostr cstr data freeze dup tosym tos await get! presence "
    "intern asstring string strdup tovec iter intoiter aslist string! lowercased uppercased description rawvalue "
    "tolowerascii toasciilowercase replace removeprefix trimprefix trimsuffix delegateifpresent configureawait".split()
)


def plain(name: str) -> str:
    """A name without case and underscores, as it is compared across languages."""
    return name.replace("_", "").rstrip("?!").lower()


class Scopes:
    """Resolves the names of one file to repository-wide symbols. *Shape*: see `auditor.domain.fact`."""

    def __init__(self, grammar: Grammar, path: str, root: Node) -> None:
        self.grammar = grammar
        self._rows = grammar.rows
        self.module = grammar.module(path, root)
        self.imports: dict[str, str] = {}
        self.instances: dict[str, str] = {}
        self.environment: dict[str, str] = {}  # symbols that hold an environment variable
        self.empty: list[str] = []  # symbols that a condition around found empty
        self.whole = False  # whether whole packages are imported, so that a name may come from there
        self._frames: list[tuple[str, set[str]]] = []
        self._owners: list[tuple[str, set[str]]] = []
        self._spaces: list[str] = []
        self.names = set(self.declared(root))
        self.imported = tuple(grammar.imports(root, path))
        for imported in self.imported:
            if imported.name:
                self.imports[imported.name] = imported.symbol
            else:
                self.whole = True

    def row(self, node: Node) -> Row | None:
        return self._rows.get(node.type)

    @property
    def prefix(self) -> str:
        """What the symbols of names declared here begin with."""
        return ".".join(part for part in (self.module, *self._spaces) if part)

    def symbol(self, qualname: str) -> str:
        return f"{self.prefix}.{qualname}" if self.prefix else qualname

    def enter_space(self, name: str, body: Node) -> None:
        self._spaces.append(name)
        self.names |= set(self.declared(body))

    def leave_space(self) -> None:
        self._spaces.pop()

    def enter_function(self, symbol: str) -> None:
        self._frames.append((symbol, set()))

    def leave_function(self) -> None:
        self._frames.pop()

    def enter_type(self, symbol: str, names: set[str]) -> None:
        self._owners.append((symbol, names))

    def leave_type(self) -> None:
        self._owners.pop()

    @property
    def owner(self) -> str:
        """The symbol of the type around, "" outside of any."""
        return self._owners[-1][0] if self._owners else ""

    @property
    def in_function(self) -> bool:
        return bool(self._frames)

    def declare(self, name: str) -> str:
        """The symbol of a name that is declared here: a local, a field of the type around, or the file's own."""
        if self._frames and not (self._owners and self._owners[-1][0].startswith(f"{self._frames[-1][0]}.")):
            prefix, names = self._frames[-1]
            names.add(name)
            return f"{prefix}.{name}"
        if self._owners:
            self._owners[-1][1].add(name)
            return f"{self._owners[-1][0]}.{name}"
        self.names.add(name)
        return self.symbol(name)

    def knows(self, name: str) -> bool:
        """Whether a name that is assigned to is declared already; `@name` always belongs to the object."""
        bare = name.lstrip("$")
        return name.startswith("@") or any(bare in names for _, names in (*self._frames, *self._owners))

    def name(self, name: str) -> str:
        if name.startswith("@"):
            return f"{self.owner}.{name.lstrip('@')}" if self.owner else name
        if name in self.grammar.selves:
            return self.owner or name
        for prefix, names in reversed(self._frames):
            if name in names:
                return f"{prefix}.{name}"
        for owner, names in reversed(self._owners):
            if name in names:
                return f"{owner}.{name}"
            if owner.rpartition(".")[2] == name:
                return owner
        if name in self.imports:
            return self.imports[name]
        if name in self.names:
            return self.symbol(name)
        if self.grammar.beyond == "package" and not self.whole:
            return self.symbol(name)
        return f"{self.grammar.language}.{name}" if self.grammar.shared and name[:1].isupper() else name

    def dotted(self, node: Node | None, depth: int = 0) -> str:
        """The symbol that an expression or type names, "" when it names none. Instances are written as their class."""
        row = self.row(node) if node is not None else None
        if node is None or depth > _DEEPEST:
            return ""
        match row:
            case Name():
                return self.name(text(node).lstrip("$"))
            case Member(holder, name):
                return self._member(find(node, holder), text(find(node, name)), depth)
            case Call():
                return self._call(row, node, depth)
            case Record(kind, _):
                return self.dotted(find(node, kind), depth + 1)
            case Index(holder, key):
                base = self.dotted(find(node, holder), depth + 1)
                named = self.string(find(node, key))
                if named and "env" in base.lower().rpartition(".")[2]:
                    return f"env:{named}"
                return f"{base}[]" if base else ""
            case Same(child):
                inner = find(node, child)
                return self.dotted(inner, depth + 1) if inner is not None else ""
            case _:
                return ""

    def callee(self, row: Call, node: Node, depth: int = 0) -> str:
        """What a call calls, "" where that has no name."""
        if row.callee:
            symbol = self.dotted(find(node, row.callee), depth + 1)
            return self.instances.get(symbol, symbol)
        holder, name = find(node, row.holder), text(find(node, row.name))
        if holder is None and self.grammar.beyond != "package":
            return self.name(name)
        return self._member(holder, name, depth) if holder is not None else self.name(name)

    def bare(self, node: Node) -> Node:
        """A node without what only wraps it."""
        for _ in range(_DEEPEST):
            row = self.row(node)
            inner = find(node, row.child) if isinstance(row, Same) else None
            if inner is None:
                break
            node = inner
        return node

    def holder(self, node: Node | None) -> Node | None:
        """What a member is a member of, None for what is no member."""
        row = self.row(node := self.bare(node)) if node is not None else None
        return find(node, row.holder) if isinstance(row, Member) else None

    def string(self, node: Node | None) -> str:
        """The text of a string without holes, "" for anything else."""
        for _ in range(_DEEPEST):
            row = self.row(node) if node is not None else None
            match row:
                case Same(path) | Pair(_, path):
                    node = find(node, path)
                case Text(parts, holes) if node is not None and not any(c.type in holes for c in node.named_children):
                    return "".join(text(c) for c in node.named_children if c.type in parts)
                case _:
                    return ""
        return ""

    def leaf(self, node: Node | None) -> str:
        """The bare name that a pattern, declarator or key spells."""
        for _ in range(_DEEPEST):
            row = self.row(node) if node is not None else None
            if node is None:
                return ""
            if isinstance(row, Same):
                node = find(node, row.child)
            elif isinstance(row, Member):
                node = find(node, row.name)
            elif isinstance(row, Pair):
                node = find(node, row.value)
            elif isinstance(row, Text):
                return self.string(node)
            else:
                return text(node).strip("$@: ")
        return ""

    def declared(self, scope: Node) -> Iterator[str]:
        """Names declared right in a file, type or namespace."""
        stack = list(scope.named_children)
        while stack:
            node = stack.pop()
            match self.row(node):
                case Bind(name=path) | Type(name=path) | Function(name=path) | Case(name=path):
                    target = find(node, path)
                    for one in several(target):
                        if found := self.leaf(one):
                            yield found
                case Assign(left=path) if self.grammar.assigns:
                    yield self.leaf(find(node, path))
                case Parameter() | Space() | Block() | Call() | Record() | Text():
                    pass
                case _:
                    stack.extend(node.named_children)

    def _member(self, holder: Node | None, name: str, depth: int) -> str:
        base, name = self.dotted(holder, depth + 1), name.partition("<")[0]  # without type arguments
        if not base:
            return f"?.{name}"
        symbol = f"{self.instances.get(base, base)}.{name}"
        return symbol if len(symbol) <= _LONGEST else f"{symbol[: _LONGEST // 2]}.{name}"

    def _call(self, row: Call, node: Node, depth: int) -> str:
        callee = self.callee(row, node, depth)
        last = callee.rpartition(".")[2]
        if row.makes or not callee:
            return callee
        if plain(last) in SAME and "." in callee:
            return callee.rpartition(".")[0]
        variable = self.variable(callee, node, row)
        if variable:
            return f"env:{variable}"
        makes = last in self.grammar.constructors
        if makes:
            return callee.rpartition(".")[0]
        return callee if last[:1].isupper() and self.grammar.capitals else f"{callee}()"

    def variable(self, callee: str, node: Node, row: Call) -> str:
        """The environment variable that a call reads, "" when it reads none."""
        spoken = callee.lower().rsplit(".", 3)[-3:]
        if not any(word.startswith(_ENVIRONMENT) or word.endswith("env") for word in spoken):
            return ""
        arguments = find(node, row.arguments)
        first = next(iter(arguments.named_children), None) if arguments is not None else None
        name = self.string(first)
        return "" if "/" in name else name


_ENVIRONMENT = ("env", "getenv", "get_env", "lookupenv", "dotenv", "environ")


def several(node: Node | None) -> list[Node]:
    """The members of a list of expressions, or the node alone."""
    if node is None:
        return []
    return list(node.named_children) if node.type.endswith(("expression_list", "assignment_list")) else [node]


def holds(node: Node, parts: tuple[Node | None, ...]) -> bool:
    """Whether any of the parts lies in a node, or is it."""
    return any(p is not None and node.start_byte <= p.start_byte and p.end_byte <= node.end_byte for p in parts)
