"""The conditions that tests in Python source state of a value."""

from __future__ import annotations

import ast
from dataclasses import replace

from auditor.domain.fact import Guard

# Switches of many parts: by such a name none is told from another.
_ANYBODYS = frozenset(["enabled", "enable", "active"])


class Conditions:
    """The conditions in one module, with the settings that local names stand for (`on = getattr(config, "x")`)."""

    def __init__(self) -> None:
        self._asked: dict[tuple[str, str], str] = {}

    def note(self, target: ast.expr, value: ast.expr, within: str) -> None:
        """Remembers what setting a name of a function (`within`) is given."""
        if isinstance(target, ast.Name) and (setting := _asked_for(value)):
            self._asked[within, target.id] = setting

    def of(self, test: ast.expr, within: str) -> tuple[Guard, ...]:
        """What a test in a function states."""
        return self._named(guards_of(test), within)

    def after(self, statement: ast.stmt, within: str) -> tuple[Guard, ...]:
        """What holds after a statement that leaves unless it does: `if not enabled: return`; what raises demands it."""
        match statement:
            case ast.If(test=test, body=[*_, ast.Return() | ast.Continue()], orelse=[]):
                return tuple(g for g in self._named(_denied(test), within) if g.subject not in _ANYBODYS)
            case _:
                return ()

    def _named(self, guards: tuple[Guard, ...], within: str) -> tuple[Guard, ...]:
        return tuple(replace(g, subject=self._asked.get((within, g.subject), g.subject)) for g in guards)


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
        case ast.Call() if named := _asked_for(test):
            return (Guard(named, "true"),)
        case _:
            return ()


def _asked_for(node: ast.expr) -> str:
    """The setting that a call asks for by its name (`getattr(config, "x", None)`, `os.getenv("X")`), "" for others."""
    match node:
        case ast.Call(func=ast.Name(id="getattr"), args=[_, ast.Constant(value=str(name)), *_]):
            return name
        case ast.Call(func=ast.Attribute(attr="get" | "getenv"), args=[ast.Constant(value=str(name)), *_]):
            return name
        case _:
            return ""


def _denied(test: ast.expr) -> tuple[Guard, ...]:
    match test:
        case ast.UnaryOp(op=ast.Not(), operand=ast.Name() | ast.Attribute() | ast.Call() as asked):
            return tuple(guard for guard in guards_of(asked) if guard.value == "true")
        case ast.BoolOp(op=ast.Or(), values=values):
            return tuple(guard for value in values for guard in _denied(value))
        case _:
            return ()


def _subject(node: ast.expr) -> str:
    match node:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
        case ast.Call(func=ast.Attribute(value=value)):
            return _asked_for(node) or _subject(value)
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
