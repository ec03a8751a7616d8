"""Folders in Python source: the program's own, or one that a caller, a setting or a download names."""

from __future__ import annotations

import ast

from auditor.detect.pyscope import Scopes

_JOINS = frozenset("join joinpath".split())
_MADE = frozenset("abspath realpath normpath expanduser dirname Path PurePath str fspath resolve absolute".split())


def joins(callee: str, node: ast.Call) -> bool:
    """Whether a call joins a file's name to a folder."""
    last = callee.rpartition(".")[2]
    return bool(node.args) and (
        callee in ("os.path.join", "posixpath.join") or last == "joinpath" or (last == "Path" and len(node.args) > 1)
    )


def folder_of(node: ast.Call) -> ast.expr | None:
    """The folder that a joining call starts from, None when it has a name alone."""
    if isinstance(node.func, ast.Attribute) and node.func.attr == "joinpath":
        return node.func.value
    return node.args[0] if len(node.args) > 1 else None


def is_own(node: ast.expr | None, scopes: Scopes) -> bool:
    """Whether a folder is the program's own, wherever it lies: what is in it is no part of something given elsewhere."""
    match node:
        case None | ast.Constant() | ast.JoinedStr(values=[ast.Constant(), *_]) | ast.Name(id="__file__"):
            return True
        case ast.Name() | ast.Attribute(value=ast.Name()) if scopes.dotted(node) in scopes.own_folders:
            return True
        case ast.Name(id=name) | ast.Attribute(attr=name) if name.isupper():
            return True
        case ast.Attribute(value=inner, attr="parent" | "parents") | ast.Subscript(value=inner):
            return is_own(inner, scopes)
        case ast.JoinedStr(values=[ast.FormattedValue(value=inner), *_]) | ast.BinOp(left=inner):
            return is_own(inner, scopes)
        case ast.BoolOp(values=values):
            return any(is_own(value, scopes) for value in values)
        case ast.Call(func=func, args=arguments):
            return _is_own_call(func, arguments, scopes)
        case _:
            return False


def _is_own_call(func: ast.expr, arguments: list[ast.expr], scopes: Scopes) -> bool:
    name = scopes.callee(func).rpartition(".")[2]
    if name in _JOINS | _MADE:
        method = isinstance(func, ast.Attribute) and not scopes.callee(func).startswith(("os.", "pathlib."))
        return is_own(func.value if method and isinstance(func, ast.Attribute) else next(iter(arguments), None), scopes)
    return isinstance(func, ast.Name) and "download" not in name  # a function of the program's that tells its folder
