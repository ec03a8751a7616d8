"""The ways in which Python source declares a default: fields of classes, command-line options, environment variables."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator
from dataclasses import replace

from auditor.detect.context import Context
from auditor.domain.fact import Argument, Binds, Bound, Fact, Loose, Place, Read
from auditor.domain.source import Span

Visit = Callable[[ast.expr | None, Place, Context], Iterator[Fact]]

_ENVIRONMENT = ("os.getenv", "os.environ.get", "os.environ.setdefault", "os.environ.pop")
_ENVIRONMENT_WORDS = frozenset("env environ environment getenv".split())
_STARTED_WITH = frozenset("env envs environment env_vars environment_variables environ".split())
_WRITES = frozenset("set save write update unset delete del put".split())
_VARIABLE = re.compile(r"[A-Z][A-Z0-9_]+\Z")
_PARSED = frozenset("args opt opts options arguments namespace cli_args".split())  # what options are parsed into
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


def read_option(name: str, key: str, place: Place, span: Span, at: Context) -> Iterator[Fact]:
    """`args["model"]` of `args = vars(parser.parse_args())` reads the option `--model` too."""
    if key.isidentifier() and name.rpartition(".")[2] in _PARSED:
        yield Read(f"{name}.{key}", place, span, at.within, "", at.entries, at.guards)


def reads_environment(callee: str, node: ast.Call) -> bool:
    """Whether a call asks for the environment variable that its first argument names, by a function of its own or not."""
    if not node.args:
        return False
    words = {word for part in callee.split(".")[-2:] for word in part.lower().split("_")}
    return (
        callee in _ENVIRONMENT
        or callee.endswith("environ.get")
        or callee == "decouple.config"
        or (
            isinstance(node.args[0], ast.Constant)
            and _VARIABLE.match(str(node.args[0].value)) is not None
            and not words.isdisjoint(_ENVIRONMENT_WORDS)
            and words.isdisjoint(_WRITES)
        )
    )


def defaults_of(node: ast.Call) -> tuple[ast.expr, ...]:
    """What a call that asks for a variable gives when it is not set."""
    return (*node.args[1:2], *(k.value for k in node.keywords if (k.arg or "").startswith("default")))


def sets_environment(place: Place, at: Context) -> bool:
    """Whether a mapping holds the variables that a program is started with: `env={"MODEL": "..."}`, `{"env": {...}}`."""
    named = place.keyword or place.callee.rpartition(".")[2] if isinstance(place, Argument) else ""
    return (at.entries[0].key if at.entries else named) in _STARTED_WITH


def is_variable(name: str) -> bool:
    """Whether a name is written as those of environment variables are."""
    return _VARIABLE.match(name) is not None


def _text(keyword: ast.keyword) -> str:
    return str(keyword.value.value) if isinstance(keyword.value, ast.Constant) else ""
