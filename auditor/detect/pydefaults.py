"""The ways in which Python source declares a default: fields of classes, command-line options, environment variables."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from dataclasses import replace

from auditor.detect.context import Context
from auditor.domain.fact import Binds, Bound, Fact, Loose, Place

Visit = Callable[[ast.expr | None, Place, Context], Iterator[Fact]]

_ENVIRONMENT = ("os.getenv", "os.environ.get", "os.environ.setdefault", "os.environ.pop")
_ENVIRONMENT_LAST = frozenset("getenv environ_get get_env env get_env_var getenv_or_default".split())
_SHOWN = frozenset(["examples", "json_schema_extra"])  # arguments that only show what a value may look like
_FIELDS = frozenset("Field field Option Argument attrib ib Query Form Body Header Parameter PrivateAttr".split())


def is_field(last: str, place: Place, node: ast.Call) -> bool:
    """Whether a call declares a field or parameter with a default: `Field("x")`, `CharField(default="x")`."""
    if not isinstance(place, Bound):
        return False
    return last in _FIELDS or (place.how is Binds.FIELD and any(k.arg == "default" for k in node.keywords))


def field(node: ast.Call, place: Place, at: Context, visit: Visit) -> Iterator[Fact]:
    """`x: str = Field(default="...", ...)`: the default is the field's value; the rest is not."""
    for i, argument in enumerate(node.args):
        yield from visit(argument, place if i == 0 else Loose(), at)
    env = next((v for k in node.keywords if k.arg in ("env", "envvar", "validation_alias") and (v := _text(k))), "")
    for keyword in node.keywords:
        if keyword.arg in ("default", "default_factory", "value"):
            yield from visit(keyword.value, place, replace(at, env=env))
        elif keyword.arg in _SHOWN:
            for shown in ast.walk(keyword.value):
                if isinstance(shown, ast.Constant):
                    yield from visit(shown, Loose(keyword.arg), replace(at, entries=()))
        else:
            yield from visit(keyword.value, Loose(keyword.arg or ""), replace(at, entries=()))


def option(node: ast.Call, module: str, at: Context, visit: Visit) -> Iterator[Fact]:
    """`add_argument("--model-name", default="...", choices=[...])` gives the field `model_name` of the arguments."""
    flags = [str(a.value) for a in node.args if isinstance(a, ast.Constant)]
    flag = next((f for f in flags if f.startswith("--")), flags[0] if flags else "")
    named = next((v for k in node.keywords if k.arg == "dest" and (v := _text(k))), "")
    place = Bound(f"{module}.<arguments>.{named or flag.lstrip('-').replace('-', '_')}", Binds.PARAMETER)
    for keyword in node.keywords:
        if keyword.arg in ("default", "choices", "const"):
            yield from visit(keyword.value, place, replace(at, option=flag))
        elif keyword.arg == "action" and _text(keyword) == "store_true":
            off = ast.copy_location(ast.Constant(False), keyword.value)
            yield from visit(off, place, replace(at, option=flag))


def reads_environment(callee: str, last: str, node: ast.Call) -> bool:
    """Whether a call asks for the environment variable that its first argument names."""
    if not node.args:
        return False
    return (
        callee in _ENVIRONMENT
        or callee.endswith("environ.get")
        or (
            last in _ENVIRONMENT_LAST
            and isinstance(node.args[0], ast.Constant)
            and str(node.args[0].value).replace("_", "").isupper()
        )
        or callee == "decouple.config"
    )


def _text(keyword: ast.keyword) -> str:
    return str(keyword.value.value) if isinstance(keyword.value, ast.Constant) else ""
