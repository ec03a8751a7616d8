"""What JavaScript keeps its state in: the hooks, cells and stores of user interfaces, each with the value it starts with."""

from __future__ import annotations

from collections.abc import Iterator

from tree_sitter import Node

from auditor.detect.jsscope import FUNCTIONS, text

# Callees that hold one value, which is read as it is, as `.value` or as `.current`.
_CELLS = frozenset("ref shallowRef reactive signal writable atom observable proxy useRef $state".split())
_STORES = frozenset("create createStore createWithEqualityFn defineStore".split())
_AROUND = (
    "parenthesized_expression",
    "as_expression",
    "satisfies_expression",
    "await_expression",
    "non_null_expression",
)


def hook_start(value: Node) -> Node | None:
    """The value that a hook's first result starts with (`useState("...")`, `useStored("key", "...")`), None for others."""
    name, arguments = _called(value)
    return _plain(arguments[-1]) if name.startswith("use") and name[3:4].isupper() and arguments else None


def cell_start(value: Node) -> Node | None:
    """The value that a cell starts with (`ref("...")`, `$state("...")`), None for what is no cell."""
    name, arguments = _called(value)
    return _plain(arguments[0]) if name in _CELLS and arguments else None


def is_pieces(value: Node) -> bool:
    """Whether a value is the pieces of a text (`name.split(":")`), or a name that may stand for them."""
    return value.type == "identifier" or _called(value)[0] == "split"


def store_starts(value: Node) -> Iterator[Node]:
    """The objects that a store starts with: `create((set) => ({ ... }))`, `defineStore("x", { state: () => ({ ... }) })`."""
    name, arguments = _called(value)
    curried = value.child_by_field_name("function") if value.type == "call_expression" else None
    if curried is not None and curried.type == "call_expression":  # `create<State>()(persist(...))`
        name = _called(curried)[0]
    if name not in _STORES:
        return
    open_ = list(arguments)
    while open_:
        node = open_.pop()
        made = _plain(node)
        if made.type == "call_expression":
            open_ += _called(made)[1]  # what is around it: `persist(...)`, `devtools(...)`
        elif made.type == "object":
            state = next((p for p in made.named_children if text(p.child_by_field_name("key")) == "state"), None)
            kept = state.child_by_field_name("value") if state is not None else None
            if kept is not None:
                open_.append(kept)
            elif node.type in FUNCTIONS:
                yield made


def selected(call: Node) -> str:
    """The field that a call with a selector reads (`useStore((s) => s.model)`: "model"), "" for other calls."""
    arguments = _called(call)[1]
    if len(arguments) != 1 or arguments[0].type != "arrow_function":
        return ""
    function = arguments[0]
    given = function.child_by_field_name("parameter") or function.child_by_field_name("parameters")
    body = function.child_by_field_name("body")
    holder, dot, field = text(body).partition(".")
    named = text(given).strip("()").partition(":")[0].strip()
    return field if dot and body is not None and body.type == "member_expression" and holder == named else ""


def _called(value: Node) -> tuple[str, list[Node]]:
    """The last part of a callee's name and what it is given; nothing for what is no call."""
    while value.type in _AROUND and value.named_children:
        value = value.named_children[0]
    function, arguments = value.child_by_field_name("function"), value.child_by_field_name("arguments")
    if value.type != "call_expression" or function is None or arguments is None:
        return "", []
    return text(function).rpartition(".")[2], [a for a in arguments.named_children if a.type != "comment"]


def _plain(node: Node) -> Node:
    """A value itself, without what is around it; of a function that only gives it back, what it gives back."""
    body = node.child_by_field_name("body") if node.type == "arrow_function" else None
    if body is not None and body.type == "statement_block":
        returned = [n for n in body.named_children if n.type == "return_statement" and n.named_children]
        body = returned[0].named_children[0] if returned else None
    if body is not None:
        return _plain(body)
    if node.type in _AROUND and node.named_children:
        return _plain(node.named_children[0])
    return node
