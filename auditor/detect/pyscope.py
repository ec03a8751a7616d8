"""What a name in Python source stands for: locals, fields, module names, imports, instances."""

from __future__ import annotations

import ast
from collections import deque
from collections.abc import Iterator

# Where statements hold statements, in the order of their source.
_BLOCKS = ("body", "handlers", "orelse", "finalbody", "cases")
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


class Scopes:
    """Resolves names of one module to repository-wide symbols. *Shape*: see `auditor.domain.fact`."""

    def __init__(self, path: str, tree: ast.Module) -> None:
        parts = path.rsplit(".", 1)[0].split("/")
        self.is_package = parts[-1] == "__init__"
        self.package = ".".join(parts[:-1])
        self.module = self.package if self.is_package else ".".join(parts)
        self.imports: dict[str, str] = {}
        self.instances: dict[str, str] = {}
        self.own_folders: set[str] = set()  # names of folders of the program's own
        self._module_names: set[str] = set()
        self._shares = False  # whether any function of the module takes names from around it
        self._frames: list[tuple[str, set[str]]] = []
        self._classes: list[tuple[str, tuple[str, ...]]] = []
        self._collect(tree)

    def enter_function(self, qualname: str, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
        self._frames.append((f"{self.module}.{qualname}", _locals(node, self._shares)))

    def leave_function(self) -> None:
        self._frames.pop()

    def enter_class(self, qualname: str, node: ast.ClassDef) -> None:
        self._classes.append((f"{self.module}.{qualname}", tuple(filter(None, map(self.dotted, node.bases)))))

    def leave_class(self) -> None:
        self._classes.pop()

    def owner(self) -> str:
        """The symbol of the class around, "" outside of any."""
        return self._classes[-1][0] if self._classes else ""

    def name(self, name: str) -> str:
        for prefix, names in reversed(self._frames):
            if name in names:
                return f"{prefix}.{name}"
        if name in self.imports:
            return self.imports[name]
        return f"{self.module}.{name}" if name in self._module_names else name

    def dotted(self, node: ast.expr) -> str:
        """The symbol that an expression names, "" when it names none. Instances are written as their class."""
        match node:
            case ast.Name(id=name):
                return self.name(name)
            case ast.Attribute(value=ast.Name(id="self" | "cls"), attr=attr) if self._classes:
                return f"{self._classes[-1][0]}.{attr}"
            case ast.Attribute(value=value, attr=attr):
                base = self.dotted(value)
                return f"{self.instances.get(base, base)}.{attr}" if base else f"?.{attr}"
            case ast.Call(func=ast.Name(id="super")) if self._classes and self._classes[-1][1]:
                return self._classes[-1][1][0]
            case ast.Call(func=func):
                return made_by(self.callee(func))
            case ast.Subscript(value=value):
                base = self.dotted(value)
                return f"{base}[]" if base else ""
            case ast.Await(value=value):
                return self.dotted(value)
            case _:
                return ""

    def callee(self, func: ast.expr) -> str:
        return self.dotted(func).removesuffix(".__init__")

    def keyed(self, node: ast.expr) -> tuple[str, str]:
        """`config["llm"]["model"]` -> (symbol of config, "llm.model"); a computed key is "*"."""
        keys: list[str] = []
        while True:
            match node:
                case ast.Subscript(value=value, slice=ast.Constant(value=str(key) | int(key))):
                    keys.append(str(key))
                    node = value
                case ast.Subscript(value=value):
                    keys.append("*")
                    node = value
                case ast.Call(
                    func=ast.Attribute(value=value, attr="get" | "pop"), args=[ast.Constant(value=str(key)), *_]
                ):
                    keys.append(key)
                    node = value
                case ast.Call(func=ast.Attribute(value=value, attr="get" | "pop"), args=[_, *_]):
                    keys.append("*")
                    node = value
                case _:
                    return self.dotted(node), ".".join(reversed(keys))

    def instance(self, value: ast.expr) -> str:
        """The class that `value` is an instance of, as far as one can see."""
        match value:
            case ast.Call(func=func):
                return made_by(self.callee(func))
            case ast.Await(value=inner):
                return self.instance(inner)
            case ast.Name() | ast.Attribute():
                return self.instances.get(self.dotted(value), "")
            case ast.BoolOp(values=values):
                return next(filter(None, map(self.instance, values)), "")
            case _:
                return ""

    def annotated(self, node: ast.expr | None) -> str:
        """The class that an annotation names (`X`, `X | None`, `Optional[X]`), "" for builtins and containers."""
        match node:
            case ast.Name() | ast.Attribute():
                symbol = self.dotted(node)
                return symbol if symbol.rpartition(".")[2][:1].isupper() else ""
            case ast.BinOp(left=left, op=ast.BitOr()):
                return self.annotated(left)
            case ast.Subscript(value=ast.Name(id="Optional" | "Annotated"), slice=inner):
                return self.annotated(inner.elts[0] if isinstance(inner, ast.Tuple) and inner.elts else inner)
            case _:
                return ""

    def absolute(self, module: str | None, level: int) -> str:
        """A `from` import's module made absolute within the tree."""
        if not level:
            return module or ""
        base = self.package.split(".") if self.package else []
        base = base[: len(base) - (level - 1)]
        return ".".join([*base, *([module] if module else [])])

    def _collect(self, tree: ast.Module) -> None:
        for node in _statements(tree):
            if isinstance(node, ast.Import):
                for alias in node.names:
                    self.imports[alias.asname or alias.name.split(".")[0]] = (
                        alias.name if alias.asname else alias.name.split(".")[0]
                    )
            elif isinstance(node, ast.ImportFrom):
                base = self.absolute(node.module, node.level)
                for alias in node.names:
                    self.imports[alias.asname or alias.name] = f"{base}.{alias.name}" if base else alias.name
            elif isinstance(node, ast.Global | ast.Nonlocal):
                self._shares = True
        self._module_names = set(_bound(tree.body))


def made_by(callee: str) -> str:
    """What a call gives: an instance of a class is written as the class, else `callee()`."""
    if not callee:
        return ""
    return callee if callee.rpartition(".")[2][:1].isupper() else f"{callee}()"


def _locals(node: ast.FunctionDef | ast.AsyncFunctionDef, shares: bool) -> set[str]:
    arguments = node.args
    names = {a.arg for a in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)}
    names.update(a.arg for a in (arguments.vararg, arguments.kwarg) if a)
    names.update(_bound(node.body))
    if not shares:
        return names
    return names - {n for s in _statements(node) if isinstance(s, ast.Global | ast.Nonlocal) for n in s.names}


def _statements(root: ast.AST) -> Iterator[ast.AST]:
    """The statements below a node, breadth first, without a look at their expressions."""
    queue = deque([root])
    while queue:
        node = queue.popleft()
        yield node
        for field in _BLOCKS:
            queue.extend(getattr(node, field, ()))


def _bound(body: list[ast.stmt]) -> Iterator[str]:
    """Names that statements bind in their own scope (not those of nested functions and classes)."""
    stack: list[ast.AST] = list(body)
    while stack:
        node = stack.pop()
        if isinstance(node, (*_FUNCTIONS, ast.ClassDef)):
            yield node.name
        elif isinstance(node, ast.Name):
            if isinstance(node.ctx, ast.Store):
                yield node.id
        elif not isinstance(node, ast.Lambda | ast.Constant):
            for field in node._fields:
                value = getattr(node, field)
                if isinstance(value, list):
                    stack.extend(child for child in value if isinstance(child, ast.AST))
                elif isinstance(value, ast.AST):
                    stack.append(value)


def key_of(key: ast.expr | None) -> str:
    """The key of a mapping as its readers know it: a string, or a member of a class (`Kind.SMALL`); "" for others."""
    match key:
        case ast.Constant(value=str(text)):
            return text
        case ast.Attribute(value=ast.Name(id=holder), attr=member) if holder[:1].isupper():
            return f"{holder}.{member}"
        case _:
            return ""
