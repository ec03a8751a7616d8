"""What a name in JavaScript or TypeScript source stands for: locals, fields, module names, imports, instances."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator

from tree_sitter import Node

_ENDING = re.compile(r"\.(?:[cm]?[jt]sx?|vue|svelte)\Z")
FUNCTIONS = frozenset(
    "function_declaration function_expression arrow_function method_definition generator_function "
    "generator_function_declaration".split()
)
_TRANSPARENT = frozenset(
    "parenthesized_expression as_expression satisfies_expression non_null_expression await_expression type_assertion".split()
)


def text(node: Node | None) -> str:
    return node.text.decode("utf-8", "replace") if node is not None and node.text is not None else ""


def string_value(node: Node) -> str:
    """The text of a string literal without its quotes; escapes are left as written."""
    return text(node)[1:-1]


def start_of(node: Node | None) -> Node | None:
    """What a chain of fields begins with (`new Client(...)` of `new Client(...).chat.create`), None for a mere name."""
    while node is not None and node.type in ("member_expression", "subscript_expression"):
        node = node.child_by_field_name("object")
    return None if node is None or node.type in ("identifier", "this", "super", "import") else node


def subscripted(node: Node) -> tuple[Node, str] | None:
    """The collection that a chain of subscripts and fields reads, with the key (`MODELS[0].id`: "0.id"; "*" is a
    computed part); None for a chain without subscripts."""
    found: tuple[Node, str] | None = None
    key, here = "", node
    while here.type in ("member_expression", "subscript_expression"):
        index, below = here.child_by_field_name("index"), here.child_by_field_name("object")
        part = text(here.child_by_field_name("property"))
        if index is not None:
            part = string_value(index) if index.type == "string" else text(index) if index.type == "number" else "*"
        key = f"{part}.{key}" if key else part
        if below is None:
            break
        if index is not None:
            found = below, key
        here = below
    return found


def pair(part: Node) -> tuple[str, Node | None]:
    """The key and the value of one part of an object literal; "**" for what is spread into it."""
    match part.type:
        case "pair":
            name = part.child_by_field_name("key")
            key = string_value(name) if name is not None and name.type == "string" else text(name).strip("[]")
            return key, part.child_by_field_name("value")
        case "shorthand_property_identifier":
            return text(part), part
        case "spread_element":
            return "**", part
        case _:
            return "", None


def keys_of(node: Node) -> tuple[str, ...]:
    return tuple(key for part in node.named_children if (key := pair(part)[0]))


class Scopes:
    """Resolves names of one module to repository-wide symbols. *Shape*: see `auditor.domain.fact`."""

    def __init__(self, path: str, root: Node) -> None:
        bare = _ENDING.sub("", path)
        self.folder = posixpath.dirname(path)
        self.module = (posixpath.dirname(bare) if posixpath.basename(bare) == "index" else bare).replace("/", ".")
        self.imports: dict[str, str] = {}
        self.instances: dict[str, str] = {}
        self.cells: set[str] = set()
        self._packages: set[str] = set()
        self._frames: list[tuple[str, set[str]]] = []
        self._owners: list[str] = []
        self._names = set(_declared(root))
        self._collect(root)

    def enter_function(self, qualname: str, node: Node) -> None:
        self._frames.append((f"{self.module}.{qualname}", set(_declared(node))))

    def leave_function(self) -> None:
        self._frames.pop()

    def enter_class(self, qualname: str) -> None:
        self._owners.append(f"{self.module}.{qualname}")

    def leave_class(self) -> None:
        self._owners.pop()

    def name(self, name: str) -> str:
        for prefix, names in reversed(self._frames):
            if name in names:
                return f"{prefix}.{name}"
        if name in self.imports:
            return self.imports[name]
        if name[:1] == "$" and name[1:] in (*self.imports, *self._names):
            return self.name(name[1:])  # what a Svelte store holds
        return f"{self.module}.{name}" if name in self._names else name

    def dotted(self, node: Node | None) -> str:
        """The symbol that an expression names, "" when it names none. Instances are written as their class."""
        if node is None:
            return ""
        match node.type:
            case "identifier" | "shorthand_property_identifier":
                return self.name(text(node))
            case "this":
                return self._owners[-1] if self._owners else "this"
            case "member_expression":
                base = self.dotted(node.child_by_field_name("object"))
                attr = text(node.child_by_field_name("property"))
                if base in ("process.env", "import.meta.env", "Deno.env", "Bun.env"):
                    return f"env:{attr}"
                if base in self.cells and attr in ("value", "current"):
                    return base
                return f"{self.instances.get(base, base)}.{attr}" if base else f"?.{attr}"
            case "subscript_expression":
                index = node.child_by_field_name("index")
                base = self.dotted(node.child_by_field_name("object"))
                if base in ("process.env", "import.meta.env") and index is not None and index.type == "string":
                    return f"env:{string_value(index)}"
                return f"{base}[]" if base else ""
            case "call_expression":
                callee = self.callee(node.child_by_field_name("function"))
                return f"{callee}()" if callee else ""
            case "new_expression":
                return self.callee(node.child_by_field_name("constructor"))
            case "meta_property":
                return text(node)
            case kind if kind in _TRANSPARENT:
                return self.dotted(node.named_children[0]) if node.named_children else ""
            case _:
                return ""

    def callee(self, node: Node | None) -> str:
        symbol = self.dotted(node)
        return self.instances.get(symbol, symbol)

    def is_imported(self, call: Node) -> bool:
        """Whether a call is of a package's function, which does nothing of its own with what it is given."""
        return self.callee(call.child_by_field_name("function")).startswith(tuple(self._packages))

    def resolve(self, source: str) -> str:
        """The dotted module that an import path names: relative ones within the tree, packages as written."""
        if source.startswith("."):
            path = posixpath.normpath(posixpath.join(self.folder, source))
            return _ENDING.sub("", path).removesuffix("/index").replace("/", ".")
        if source.startswith(("@/", "~/", "$lib/", "#/")):
            return _ENDING.sub("", source.split("/", 1)[1]).replace("/", ".")
        return source

    def _collect(self, root: Node) -> None:
        for node in root.named_children:
            if node.type == "import_statement":
                source = node.child_by_field_name("source")
                if source is not None:
                    self._import(node, string_value(source))
            elif node.type in ("lexical_declaration", "variable_declaration"):
                for declarator in node.named_children:
                    self._require(declarator)

    def _import(self, node: Node, source: str) -> None:
        module = self.resolve(source)
        own = module != source
        if not own:
            self._packages.add(f"{source}.")
        for clause in (c for c in node.named_children if c.type == "import_clause"):
            for part in clause.named_children:
                if part.type == "identifier":
                    self.imports[text(part)] = f"{module}.default" if own else f"{module}.{text(part)}"
                elif part.type == "namespace_import":
                    self.imports[text(part.named_children[0])] = module
                elif part.type == "named_imports":
                    for item in part.named_children:
                        name = text(item.child_by_field_name("name"))
                        self.imports[text(item.child_by_field_name("alias")) or name] = f"{module}.{name}"

    def _require(self, declarator: Node) -> None:
        value, name = declarator.child_by_field_name("value"), declarator.child_by_field_name("name")
        if value is None or name is None or value.type != "call_expression":
            return
        arguments = value.child_by_field_name("arguments")
        if text(value.child_by_field_name("function")) != "require" or arguments is None:
            return
        first = arguments.named_children[0] if arguments.named_children else None
        if first is None or first.type != "string":
            return
        module = self.resolve(string_value(first))
        if name.type == "identifier":
            self.imports[text(name)] = module
        for part in name.named_children if name.type == "object_pattern" else ():
            if part.type == "shorthand_property_identifier_pattern":
                self.imports[text(part)] = f"{module}.{text(part)}"


def _declared(scope: Node) -> Iterator[str]:
    """Names declared in a function or module, not those of the functions inside."""
    parameters = scope.child_by_field_name("parameters") or scope.child_by_field_name("parameter")
    body = scope.child_by_field_name("body")
    inside = [body] if body is not None else scope.named_children if scope.type == "program" else []
    # Each with the node above it: the grammar would find that one from the root, level by level.
    stack = [(node, scope) for node in (*((parameters,) if parameters is not None else ()), *inside)]
    while stack:
        node, above = stack.pop()
        match node.type:
            case "identifier" | "shorthand_property_identifier_pattern" if _binds(node, above):
                yield text(node)
            case kind if kind in FUNCTIONS or kind == "class_declaration":
                name = node.child_by_field_name("name")
                if name is not None and node.type != "method_definition":
                    yield text(name)
            case "enum_declaration":
                yield text(node.child_by_field_name("name"))
            case _:
                stack.extend((child, node) for child in node.named_children)


def _binds(node: Node, above: Node) -> bool:
    if node.type == "shorthand_property_identifier_pattern":
        return True
    if above.type == "variable_declarator":
        return above.child_by_field_name("name") == node
    if above.type in ("assignment_pattern", "object_assignment_pattern"):
        return above.child_by_field_name("left") == node
    return above.type in (
        "formal_parameters", "required_parameter", "optional_parameter", "array_pattern", "rest_pattern", "pair_pattern"
    )  # fmt: skip
