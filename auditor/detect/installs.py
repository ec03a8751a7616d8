"""The packages that a command line installs (`RUN pip install docling==2.5`)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from auditor.detect.package_names import exact_version, normalise, python_requirement

_BREAKS = frozenset({"&&", "||", ";", "|", "&"})
_ASSIGNMENT = re.compile(r"[A-Za-z_]\w*=", re.ASCII)
_PYTHON = re.compile(r"(?:python|pypy|py)[0-9.]*$")
# A program, the words that must follow it, and the ecosystem of the names that come after.
_INSTALLERS: tuple[tuple[re.Pattern[str], tuple[str, ...], str], ...] = tuple(
    (re.compile(rf"(?:{program})$"), tuple(words.split()), ecosystem)
    for program, words, ecosystem in (
        (r"pip[0-9.]*", "install", "pypi"),
        (r"uv", "pip install", "pypi"),
        (r"uv", "add", "pypi"),
        (r"uv", "tool install", "pypi"),
        (r"uv", "tool run", "pypi"),
        (r"uvx", "", "pypi"),
        (r"pipx", "install", "pypi"),
        (r"pipx", "run", "pypi"),
        (r"poetry|pdm|rye|hatch", "add", "pypi"),
        (r"pipenv", "install", "pypi"),
        (r"npm|pnpm|cnpm|bun", "install", "npm"),
        (r"npm|pnpm|cnpm|bun", "i", "npm"),
        (r"npm|pnpm|yarn|bun", "add", "npm"),
        (r"yarn", "global add", "npm"),
        (r"npx|bunx", "", "npm"),
        (r"pnpm|yarn", "dlx", "npm"),
        (r"conda|mamba|micromamba", "install", "conda"),
        (r"conda|mamba|micromamba", "create", "conda"),
        (r"cargo", "add", "cargo"),
        (r"cargo", "install", "cargo"),
        (r"go", "install", "golang"),
        (r"go", "get", "golang"),
        (r"gem", "install", "gem"),
        (r"composer", "require", "composer"),
    )
)
_RUNS_ONE = frozenset(
    {"uvx", "npx", "bunx", "dlx", "run"}
)  # the first bare word is the package, the rest its arguments
_EDITABLE = frozenset({"-e", "--editable"})
_NAMED = frozenset({"--from", "--with", "-p", "--package"})  # of the programs that run one package
_TAKES_VALUE = frozenset(
    """-r --requirement -c --constraint --constraints --overrides -t --target -i --index-url --extra-index-url --index
    --default-index -f --find-links --prefix --root --platform --python-version --implementation --abi --no-binary
    --only-binary --progress-bar --cache-dir --log --proxy --timeout --retries --trusted-host --cert --client-cert
    --upgrade-strategy --config-settings --global-option --src --report -p --python --extra --group -G --optional
    --registry --prefix --workspace -w --filter -C --cwd -n --name --channel --file --features -F --version -v --tag
    --branch --rev --git --path --directory --project --torch-backend --index-strategy --link-mode --keyring-provider
    --exclude-newer --spec""".split()
)


def from_command(argv: Sequence[str]) -> Iterator[tuple[str, str, str, int]]:
    """Packages that a command installs. *Shape*: (ecosystem, normalised name, requirement as written, index of the word).

    Commands joined by shell operators are taken one by one; `-r file` names no package, and variables are skipped.
    """
    start = 0
    for index in range(len(argv) + 1):
        if index == len(argv) or argv[index] in _BREAKS:
            yield from _one(argv, start, index)
            start = index + 1


def _one(argv: Sequence[str], start: int, end: int) -> Iterator[tuple[str, str, str, int]]:
    while start < end and (_ASSIGNMENT.match(argv[start]) or argv[start] in {"sudo", "env", "exec", "time", "-E"}):
        start += 1
    if start < end and _PYTHON.search(argv[start].rsplit("/", 1)[-1]) and argv[start + 1 : start + 2] == ["-m"]:
        start += 2
    found = _installer(argv, start, end)
    if found is None:
        return
    ecosystem, index, runs_one = found
    while index < end:
        word, at = argv[index].rstrip(";"), index
        index += 1
        flag, _, value = word.partition("=")
        if flag in _EDITABLE or (runs_one and flag in _NAMED):
            if not value and index < end:
                word, at, index = argv[index], index, index + 1
            else:
                word = value
        elif word.startswith("-"):
            conda_channel = ecosystem == "conda" and word == "-c"
            index += word in _TAKES_VALUE or conda_channel
            continue
        if one := _named(ecosystem, word):
            yield ecosystem, *one, at
        if runs_one:
            return


def _installer(argv: Sequence[str], start: int, end: int) -> tuple[str, int, bool] | None:
    """The ecosystem, where the names begin, and whether only one package is named."""
    if start >= end:
        return None
    program = argv[start].rsplit("/", 1)[-1]
    bare = [index for index in range(start + 1, end) if not argv[index].startswith("-")][:2]
    for pattern, words, ecosystem in _INSTALLERS:
        if pattern.match(program) and tuple(argv[index] for index in bare[: len(words)]) == words:
            after = bare[len(words) - 1] + 1 if words else start + 1
            return ecosystem, after, bool({program, *words} & _RUNS_ONE)
    return None


def _named(ecosystem: str, word: str) -> tuple[str, str] | None:
    """Name and requirement of one word; None for a path, a variable or an address without a name."""
    if "$" in word or word.startswith((".", "/", "~")) or not word:
        return None
    match ecosystem:
        case "pypi":
            one = python_requirement(word.replace("@latest", ""))
            if one is None and (at := re.fullmatch(r"([A-Za-z0-9._-]+)@([0-9][\w.]*|\^.*)", word)):
                return normalise("pypi", at[1]), f"=={at[2]}" if exact_version(at[2]) else at[2]  # poetry add x@1.0
            return (normalise("pypi", one.name), one.requirement) if one else None
        case "conda":
            found = re.fullmatch(r"(?:[^\s:]+::)?([A-Za-z0-9_][A-Za-z0-9._-]*?)((?:[=<>!~ ]).*)?", word)
            return (normalise("conda", found[1]), found[2] or "") if found else None
        case "npm" | "cargo" | "golang" | "composer":
            found = re.fullmatch(r"(@?[A-Za-z0-9][\w.~/-]*?)(?:[@:](.+))?", word, re.ASCII)
            if (
                found is None
                or ":" in (found[2] or "")
                or (ecosystem == "npm" and "/" in found[1] and found[1][0] != "@")
            ):
                return None
            return normalise(ecosystem, found[1]), found[2] or ""
        case _:
            return (normalise(ecosystem, word), "") if re.fullmatch(r"[A-Za-z0-9._-]+", word) else None
