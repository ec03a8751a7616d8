"""One file to what it says of models: which parser reads what, and what becomes of failures."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from fnmatch import translate

from auditor.detect import dialect, formats, languages, lockfiles, manifests, prose
from auditor.detect.hits import NAMES, SHAPED, SHORT
from auditor.detect.match import Matcher
from auditor.detect.own_packages import own_packages
from auditor.detect.prefilter import is_idle
from auditor.detect.text import decode
from auditor.domain.fact import Alias, Call, Command, Dependency, Fact, Import, Literal, Read, Setting, Signature
from auditor.domain.sighting import FileFacts
from auditor.domain.source import Gap, Scope, SourceFile

Parse = Callable[[SourceFile], Iterable[Fact]]
_MOST_FACTS = 200_000  # of one file


@dataclass(frozen=True, slots=True)
class Parser:
    """A syntax that we read. `name` is the language id used in rules.

    `globs` are over the file's name, in lower case; one with a slash is over the end of its path.
    """

    name: str
    parse: Parse
    globs: tuple[str, ...]


_SETTINGS = (
    "*.y*ml", "*.y*ml.*", "*.toml", "*.toml.*", "*.json*", "*.env", "*.env.*", ".env*", "env.*", ".envrc", "*.ini", "*.cfg",
    "*.conf", "*.cnf", "*.cff", "*.properties", "*.tf", "*.tfvars", "*.hcl", "*.nomad", "*.md", "*.mdx", "pipfile",
    ".gitmodules", "*.csproj", "*.fsproj", "*.vbproj", "*.props", "*.targets",
)  # fmt: skip
_DEPLOY = (
    "*.y*ml", "*.y*ml.*", "*.json", "*.toml", "*.tf", "*.tfvars", "*.hcl", "*.nomad", "*dockerfile*", "*containerfile*",
    "*modelfile*", "procfile*",
)  # fmt: skip
_SHELL = (
    "*.sh", "*.bash", "*.zsh", "*.ksh", "*.fish", "*.command", "*.slurm", "*.sbatch", "*makefile*", "*.mk", "*.mak",
    "justfile", "entrypoint*",
)  # fmt: skip
_WEIGHTS = ("*.gguf", "*.safetensors", "*.onnx", "*.pt", "*.pth", "*.bin", "*.ckpt", "*.pkl", "*.tflite")
PARSERS: tuple[Parser, ...] = (
    Parser("python", formats.python, ("*.py", "*.pyi", "*.pyw")),
    Parser("javascript", languages.javascript, ("*.js", "*.jsx", "*.mjs", "*.cjs", "*.ts", "*.tsx", "*.mts", "*.cts")),
    Parser("python", formats.notebook, ("*.ipynb",)),
    Parser("javascript", languages.component, ("*.vue", "*.svelte")),
    Parser("go", languages.go, ("*.go", "go.mod")),
    Parser("rust", languages.rust, ("*.rs",)),
    Parser("java", languages.java, ("*.java",)),
    Parser("kotlin", languages.kotlin, ("*.kt", "*.kts")),
    Parser("csharp", languages.csharp, ("*.cs", "*.csx")),
    Parser("ruby", languages.ruby, ("*.rb", "*.rake", "*.ru")),
    Parser("php", languages.php, ("*.php",)),
    Parser("swift", languages.swift, ("*.swift",)),
    Parser("cpp", languages.cpp, ("*.cpp", "*.cc", "*.cxx", "*.hpp", "*.hh", "*.h", "*.c", "*.mm", "*.cu")),
    Parser("settings", formats.settings, _SETTINGS),
    Parser("deploy", formats.deploy, _DEPLOY),
    Parser("shell", formats.shell, _SHELL),
    Parser("prose", prose.parse, ("*.md", "*.mdx", "*.rst", "*.txt", "*.adoc")),
    Parser("manifest", manifests.parse, tuple(g.lower() for g in manifests.GLOBS)),
    Parser("lockfile", lockfiles.parse, tuple(g.lower() for g in lockfiles.GLOBS)),
    Parser("weights", formats.weights, _WEIGHTS),
)  # fmt: skip


def _pattern(globs: Iterable[str]) -> re.Pattern[str]:
    return re.compile("|".join(map(translate, globs)) or r"(?!)")


_COMPILED = tuple(
    (parser, _pattern(g for g in parser.globs if "/" not in g), _pattern(f"*/{g}" for g in parser.globs if "/" in g))
    for parser in PARSERS
)
_LOCKED = next(pattern for parser, pattern, _ in _COMPILED if parser.name == "lockfile")
_DATA = tuple(p for p in PARSERS if p.name in ("settings", "deploy"))  # what reads plain JSON
_SHEBANG = 128  # bytes of a first line
_CODE = frozenset("python javascript go rust java kotlin csharp ruby php swift cpp".split())


def parsers_of(path: str) -> tuple[Parser, ...]:
    """The parsers that read a file, by its name. A lockfile is read as nothing else."""
    whole = f"/{path.lower()}"
    name = whole.rpartition("/")[2]
    if _LOCKED.match(name):
        return tuple(p for p in PARSERS if p.name == "lockfile")
    return tuple(parser for parser, named, placed in _COMPILED if named.match(name) or placed.match(whole))


def _by_first_line(file: SourceFile) -> tuple[Parser, ...]:
    """The parsers of a file whose name tells nothing: a script says in its first line what runs it."""
    if "." in file.path.rpartition("/")[2]:
        return ()
    try:
        shebang = dialect.of(file.path, decode(file.load(_SHEBANG)))
    except Exception:  # as with every file of another name that no parser asks for
        return ()
    return tuple(parser for parser in PARSERS if parser.name == shebang)


def scan(file: SourceFile, matcher: Matcher, seen: int = NAMES) -> FileFacts:
    """What one file says of models. Never raises: what cannot be read is a gap, and what was read before it stays.

    `seen` is what `hits` saw in it, by which less has to be done.
    """
    facts: list[Fact] = []
    gaps: list[Gap] = []
    language = ""
    parsers = parsers_of(file.path) or _by_first_line(file)
    if parsers == _DATA and is_idle(file, matcher, _MOST_FACTS):
        return FileFacts(file.path, file.scope, parsers[-1].name, (), size=file.size)
    if not seen & NAMES and _is_aside(file, parsers):
        return passed(file)
    for parser in parsers:
        language = language if language in _CODE else parser.name
        try:
            for fact in parser.parse(file):
                facts.append(fact)
                if len(facts) >= _MOST_FACTS:
                    gaps.append(
                        Gap("detect", file.path, "too-many-facts", f"read up to {_MOST_FACTS} facts, not beyond")
                    )
                    break
        except Exception as error:  # a hostile file must not stop the audit
            gaps.append(_gap(file.path, parser.name, error))
    try:
        sightings = tuple(matcher.sightings(facts, language, file.path)) if seen & (NAMES | SHAPED | SHORT) else ()
    except Exception as error:  # as above
        sightings = ()
        gaps.append(_gap(file.path, "match", error))
    return FileFacts(
        file.path,
        file.scope,
        language,
        sightings,
        tuple(f for f in facts if isinstance(f, Read)),
        tuple(f for f in facts if isinstance(f, Alias)),
        tuple(f for f in facts if isinstance(f, Signature)),
        tuple(f for f in facts if isinstance(f, Call)),
        tuple(f for f in facts if isinstance(f, Import)),
        (*(f for f in facts if isinstance(f, Dependency)), *_installed(facts)),
        tuple(f for f in facts if isinstance(f, Literal | Setting) and matcher.chooses(f)),
        own_packages(file, facts),
        tuple(gaps),
        file.size,
    )


def passed(file: SourceFile) -> FileFacts:
    """What is said by a file that was not parsed, since it cannot name a model."""
    return FileFacts(file.path, file.scope, "", (), size=file.size)


def _is_aside(file: SourceFile, parsers: Iterable[Parser]) -> bool:
    """Whether nothing in a file matters to others: a test, or a document, that does not name a model itself."""
    told = file.scope in (Scope.DOCUMENTATION, Scope.OUTPUT, Scope.VENDORED)
    return file.scope is Scope.TEST or (told and not any(parser.name in _CODE for parser in parsers))


def _installed(facts: Iterable[Fact]) -> Iterable[Dependency]:
    """Packages that command lines install (`RUN pip install x==1`)."""
    for fact in facts:
        if isinstance(fact, Command):
            words = [word for word, _ in fact.argv]
            for ecosystem, name, requirement, index in manifests.from_command(words):
                exact = requirement[2:] if requirement.startswith("==") else ""
                yield Dependency(ecosystem, name, requirement, exact, fact.argv[index][1])


def _gap(path: str, parser: str, error: BaseException) -> Gap:
    if isinstance(error, SyntaxError):
        where = f" (line {error.lineno})" if error.lineno else ""
        return Gap("detect", path, "syntax", f"not read as {parser}: {error.msg}{where}")
    if isinstance(error, OSError):
        return Gap("detect", path, "unreadable", f"not read as {parser}: {error.strerror or error}")
    message = str(error).splitlines()[0][:200] if str(error) else type(error).__name__
    return Gap("detect", path, "not-parsed", f"not read as {parser}: {message}")
