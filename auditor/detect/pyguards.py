"""The conditions that tests in Python source state of a value."""

from __future__ import annotations

import ast

from auditor.domain.fact import Guard


def guards_of(test: ast.expr) -> tuple[Guard, ...]:
    """The conditions `x == "a"`, `x in ("a", "b")`, `x.startswith("a")`, `"a" in x`, plain `x`, in a test."""
    match test:
        case ast.Compare(left=left, ops=[ast.Eq() | ast.In() | ast.Is()], comparators=[right]):
            subject, values = _subject(left), _strings(right)
            if not subject:
                subject, values = _subject(right), _strings(left)
            return tuple(Guard(subject, value) for value in values) if subject else ()
        case ast.Call(func=ast.Attribute(value=value, attr="startswith"), args=[argument]):
            return tuple(Guard(_subject(value), text) for text in _strings(argument))
        case ast.BoolOp(op=ast.Or(), values=values):
            stated = [guards_of(value) for value in values]
            return tuple(guard for guards in stated for guard in guards) if all(stated) else ()
        case ast.BoolOp(values=values):
            return tuple(guard for value in values for guard in guards_of(value))
        case ast.Name() | ast.Attribute():
            return (Guard(_subject(test), "true"),)
        case _:
            return ()


def _subject(node: ast.expr) -> str:
    match node:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
        case ast.Call(func=ast.Attribute(value=value)):
            return _subject(value)
        case ast.Subscript(slice=ast.Constant(value=str(key))):
            return key
        case _:
            return ""


def _strings(node: ast.expr) -> tuple[str, ...]:
    match node:
        case ast.Constant(value=str(text)):
            return (text,)
        case ast.Attribute(attr=name):
            return (name,)
        case ast.Tuple(elts=elements) | ast.List(elts=elements) | ast.Set(elts=elements):
            return tuple(text for element in elements for text in _strings(element))
        case _:
            return ()
