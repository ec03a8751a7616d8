"""Where the target builds its classes and calls its functions, and on what condition."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from auditor.domain.fact import Argument, Bound, Guard, Place
from auditor.domain.rows import columns
from auditor.domain.sighting import FileFacts
from auditor.domain.source import Scope
from auditor.rulebook.index import snake
from auditor.trace.symbols import last

_SEVERAL = 3  # classes made from one, from which on they are alternatives

_MAKERS = frozenset("new create default build make init initialize instance get_instance getInstance".split())
_STARTS = frozenset("main cli run app serve start handler".split())  # what a manifest or a platform calls by its name
_ASKS = frozenset(["isinstance", "issubclass", "cast"])

# The values asked for and, without a subject, the keys stood under, nearest first; empty when there is none.
Condition = tuple[Guard, ...]


class Use(NamedTuple):
    """Where something is built or called: on what condition, and in which class and function."""

    path: str
    condition: Condition
    within: str


class Built:
    """Knows classes and functions by their last name: two of the same name are taken for one, so it errs to "used"."""

    def __init__(self, files: Sequence[FileFacts]) -> None:
        self._uses: dict[str, set[Use]] = defaultdict(set)
        self._listed: dict[str, set[Use]] = defaultdict(set)
        self._parents: dict[str, set[str]] = defaultdict(set)
        self._children: dict[str, set[str]] = defaultdict(set)
        self._registered: dict[str, int] = {}
        own: set[str] = set()
        runtime = [file for file in files if file.scope is Scope.RUNTIME]
        for file in runtime:
            own.update(part for s in file.signatures for part in s.symbol.split(".") if _is_class(part))
        for file in runtime:
            for n, (callee, within, guards) in enumerate(columns(file.calls, "callee", "within", "guards")):
                condition = tuple(reversed(file.calls[n].guards)) if guards else ()
                for name in {_last(callee), _made(callee)} - {"", _class_around(within), last(within)}:
                    self._uses[name].add(Use(file.path, condition, within))
            for n, (called, within) in enumerate(columns(file.reads, "name", "within")):
                name = _last(called)
                if not _is_class(name) or name == _class_around(within):
                    continue
                read = file.reads[n]
                if _handed_on(read.place):
                    keys = [e.key for e in read.entries if e.key]
                    if any(not e.key and e.siblings >= _SEVERAL for e in read.entries):
                        self._listed[name].add(Use(file.path, tuple(reversed(read.guards)), within))
                    elif name not in keys:  # under its own name it is exported, not built
                        named = (Guard("", key) for key in keys)
                        self._uses[name].add(Use(file.path, (*named, *reversed(read.guards)), within))
            for alias in file.aliases:
                child, parent = _last(alias.symbol), _last(alias.of)
                if child != parent and child in own and parent in own:
                    self._parents[child].add(parent)
                    self._children[parent].add(child)

        self._idle = frozenset(_idle(files, runtime))
        self._register()

    def _register(self) -> None:
        """Classes of one kind in one list are a register to choose from (`[AClient(), BClient(), ...]`)."""
        beside: dict[tuple[str, str], set[str]] = defaultdict(set)
        for name, uses in self._listed.items():
            for path, _, _ in uses:
                beside[path, snake(name).rpartition("_")[2]].add(name)
        for names in beside.values():
            if len(names) > _SEVERAL:
                self._registered.update(dict.fromkeys(names, len(names)))

    def conditions(self, name: str) -> frozenset[Use]:
        """Where (path) and on what condition a class, or one made from it, is built; empty when it never is."""
        found: set[Use] = set()
        open_, seen = [name], set()
        while open_:
            here = open_.pop()
            if here not in seen:
                seen.add(here)
                found |= self._uses.get(here, set())
                # One of a list of its kind is built when somebody asks for it; a list of different parts is built whole.
                asked = (Guard("", here),) if self.kin(here) else ()
                found |= {Use(u.path, (*asked, *u.condition), u.within) for u in self._listed.get(here, ())}
                open_ += self._children.get(here, ())
        return frozenset(found)

    def idle(self, path: str, function: str) -> bool:
        """Whether nothing in the repository, tests and examples included, names a function of a module that others import."""
        return (path, function) in self._idle

    def kin(self, name: str) -> int:
        """How many classes stand beside one as made from the same parent, 0 when they are too few to choose from."""
        most = max((len(self._children[parent]) for parent in self._parents.get(name, ())), default=0)
        return max(most if most >= _SEVERAL else 0, self._registered.get(name, 0))


def _idle(files: Sequence[FileFacts], runtime: Sequence[FileFacts]) -> Iterator[tuple[str, str]]:
    """Only of Python: elsewhere what a module exports, and what a platform calls by its name, are not told apart."""
    imported = {i.name for f in files for i in f.imports}
    named = {*_STARTS, *(last(name) for name in imported)}
    for file in files:
        named.update(_last(callee) for (callee,) in set(columns(file.calls, "callee")))
        named.update(last(name.removesuffix("()")) for (name,) in set(columns(file.reads, "name")))
    modules = imported | {name.rpartition(".")[0] for name in imported}
    for file in runtime:
        module = file.path.removesuffix(".py").replace("/", ".")
        parts = module.split(".")
        taken = {".".join(parts[n:]) for n in range(len(parts))} & modules
        if file.language == "python" and taken and not any(f"{name}.*" in imported for name in taken):
            for signature in file.signatures:
                function = signature.symbol.removeprefix(f"{module}.")
                if function.isidentifier() and not _is_class(function) and function not in named:
                    yield file.path, function


def _handed_on(place: Place) -> bool:
    """Whether a class itself goes somewhere that may build it: into a table, a name, a call that does not only ask for its type."""
    match place:
        case Argument(callee=callee):
            return _last(callee) not in _ASKS
        case Bound():
            return True
        case _:
            return False


def _made(callee: str) -> str:
    """The class that a call makes an object of by a function of its own (`Client.new`, `Client.from_env`), "" for none."""
    own, _, name = callee.rpartition(".")
    if name not in _MAKERS and not name.startswith(("from_", "with_", "new_", "create_")):
        return ""
    return _last(own) if _is_class(_last(own)) else ""


def _class_around(within: str) -> str:
    """The class in whose own code something stands: what it does there builds nothing unasked, "" outside of classes."""
    own = within.partition(".")[0]
    return own if _is_class(own) else ""


def _last(name: str) -> str:
    return last(name.removesuffix("()"))


def _is_class(name: str) -> bool:
    return name[:1].isupper() and not name.isupper()
