"""Target -> the files worth reading, the products they belong to, and what could not be read.

What is asked for is imported when it is asked for: a hook needs the door to git and nothing else of this.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from auditor.collect.commits import Line, contents, line
    from auditor.collect.products import part_of
    from auditor.collect.select import WEIGHTS, holds_weights
    from auditor.collect.target import opened

__all__ = ["WEIGHTS", "Line", "contents", "holds_weights", "line", "opened", "part_of"]

_ROOMS = {
    "Line": "commits",
    "contents": "commits",
    "line": "commits",
    "part_of": "products",
    "WEIGHTS": "select",
    "holds_weights": "select",
    "opened": "target",
}


def __getattr__(name: str) -> object:
    if name not in _ROOMS:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_ROOMS[name]}"), name)
