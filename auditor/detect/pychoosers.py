"""Questions to the user in Python source, with the answer that stands when he does not touch them."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from dataclasses import replace

from auditor.detect.context import Context
from auditor.domain.fact import Fact, Loose, Place

Visit = Callable[[ast.expr | None, Place, Context], Iterator[Fact]]

_FROM_A_LIST = frozenset("selectbox radio select_slider segmented_control pills".split())
_FREE = frozenset("text_input text_area prompt ask".split())


def chosen_first(node: ast.Call, last: str, place: Place, at: Context, visit: Visit) -> Iterator[Fact]:
    """What a question gives back at first: `st.selectbox("Model", ["a", "b"])` gives "a", `click.prompt("Model", default="a")` too."""
    given = {keyword.arg: keyword.value for keyword in node.keywords}
    if isinstance(place, Loose):
        return
    if last in _FROM_A_LIST:
        options = given.get("options") or (node.args[1] if len(node.args) > 1 else None)
        index = given.get("index") or (node.args[2] if len(node.args) > 2 else ast.Constant(0))
        at_first = index.value if isinstance(index, ast.Constant) and isinstance(index.value, int) else None
        if isinstance(options, ast.List | ast.Tuple) and at_first is not None and at_first < len(options.elts):
            yield from visit(options.elts[at_first], place, at)
        elif isinstance(options, ast.Name | ast.Attribute) and at_first is not None:
            yield from visit(_element(options, at_first), place, at)
    elif last in _FREE:
        second = node.args[1] if len(node.args) > 1 and last != "ask" else None
        yield from visit(given.get("default") or given.get("value") or second, place, replace(at, fallback=True))


def _element(options: ast.expr, index: int) -> ast.expr:
    taken = ast.Subscript(options, ast.copy_location(ast.Constant(index), options), ast.Load())
    return ast.copy_location(taken, options)
