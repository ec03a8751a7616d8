"""Workspace manifests and folders -> the products of a repository."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import groupby

from auditor.collect.scope import folder_scopes, is_code, scope_of
from auditor.collect.workspaces import WORKSPACE_MANIFESTS, members
from auditor.domain.source import Part, Scope, SourceFile

_MAX_PARTS = 60
_MANIFEST_BYTES = 1 << 20


def parts_of(files: Sequence[SourceFile], name: str) -> tuple[Part, ...]:
    """The products that a repository holds, by path; one named after the repository where it does not hold several.

    A workspace's members are products, and so is a top-level folder (or one in a folder of applications) with code and a
    manifest or image of its own. What lies in none of them belongs to ".", which is listed when it runs anything.
    """
    paths = [file.path for file in files if file.scope in _SHIPPED]
    manifests = _folders_with_manifest(paths)
    coded = _folders_with_code(paths)
    listed = _workspace_members(files, manifests)
    found = {
        folder for folder in {*listed, *filter(_stands_alone, manifests)} if folder in coded and not _aside(folder)
    }
    if len(found) < 2:
        return (Part(name, "."),)
    kept = sorted(sorted(found, key=lambda folder: (_of_libraries(folder), folder))[:_MAX_PARTS])
    parts = [Part(part, folder) for part, folder in zip(_names(kept), kept, strict=True)]
    if any(part_of(path, kept) == "." and not _TOOLING.fullmatch(path) for path in paths):
        parts.append(Part(name, "."))
    return tuple(sorted(parts, key=lambda part: part.path))


def part_of(path: str, folders: Iterable[str]) -> str:
    """The innermost of the folders that a file lies in; "." when it lies in none."""
    known = frozenset(folders)
    while "/" in path:
        path = path.rpartition("/")[0]
        if path in known:
            return path
    return "."


def _folders_with_manifest(paths: Iterable[str]) -> set[str]:
    found = set()
    for path in paths:
        folder, _, name = path.rpartition("/")
        if folder and _MANIFEST.fullmatch(name):
            found.add(folder)
    return found


def _folders_with_code(paths: Iterable[str]) -> set[str]:
    """Folders with source code anywhere below."""
    found: set[str] = set()
    for path in paths:
        folder = path.rpartition("/")[0]
        if folder not in found and is_code(path):
            while folder and folder not in found:
                found.add(folder)
                folder = folder.rpartition("/")[0]
    return found


def _workspace_members(files: Sequence[SourceFile], manifests: set[str]) -> set[str]:
    """Folders with a manifest that a workspace at the root lists."""
    globs: list[str] = []
    for file in files:
        if file.path in WORKSPACE_MANIFESTS:
            try:
                globs += members(file.path, file.load(_MANIFEST_BYTES).decode("utf-8", "replace"))
            except (OSError, ValueError, RecursionError):  # what cannot be parsed is the detector's gap, not ours
                continue
    wanted = [pattern for glob in globs if not glob.startswith("!") and (pattern := _pattern(glob))]
    unwanted = [pattern for glob in globs if glob.startswith("!") and (pattern := _pattern(glob[1:]))]
    return {
        folder
        for folder in manifests
        if any(p.fullmatch(folder) for p in wanted) and not any(p.fullmatch(folder) for p in unwanted)
    }


def _pattern(glob: str) -> re.Pattern[str] | None:
    """A workspace's glob over folders; None for one that leaves the root, or would be slow to match."""
    clean = glob.strip().removeprefix("./").strip("/")
    parts = clean.split("/")
    if not clean or ".." in parts or len(clean) > 200 or any(part.count("*") > 3 for part in parts):
        return None
    if parts.count("**") > 2:
        return None
    text = "/".join("(?:[^/]+/)*[^/]+" if part == "**" else re.escape(part).replace(r"\*", "[^/]*") for part in parts)
    return re.compile(text)


def _stands_alone(folder: str) -> bool:
    """Whether a folder with a manifest is a product without a workspace that says so, by where it lies."""
    above, _, _ = folder.rpartition("/")
    return not above or above.lower() in _APPLICATIONS


def _aside(folder: str) -> bool:
    """Whether a folder is never a product: documents, examples, tests, tooling."""
    parts = folder.lower().split("/")
    return (
        any(part.startswith(".") or part in _NEVER for part in parts)
        or not _SHIPPED.issuperset(folder_scopes(folder))
        or scope_of(f"{folder}/x") not in _SHIPPED
    )


def _of_libraries(folder: str) -> bool:
    return folder.split("/", maxsplit=1)[0].lower() in _LIBRARIES


def _names(folders: Sequence[str]) -> list[str]:
    """The last part of each folder's path, or the whole path where two share it."""
    last = sorted(folder.rpartition("/")[2] for folder in folders)
    once = {name for name, same in groupby(last) if len(list(same)) == 1}
    return [name if (name := folder.rpartition("/")[2]) in once else folder for folder in folders]


_SHIPPED = frozenset({Scope.RUNTIME, Scope.TRAINING})
_APPLICATIONS = frozenset(
    "app apps application applications service services src server servers project projects product products "
    "microservices functions lambdas sites clients mcp-servers".split()
)
_LIBRARIES = frozenset("packages package libs lib libraries crates modules plugins shared common internal pkg".split())
_NEVER = frozenset(
    "script scripts tool tools tooling hack docker dockerfiles deploy deployment deployments infra infrastructure ops "
    "devops k8s kubernetes helm charts terraform ansible config configs configuration build packaging release releases "
    "assets static public templates patches nix snap flatpak homebrew".split()
)
_MANIFEST = re.compile(
    r"package\.json|pyproject\.toml|setup\.py|setup\.cfg|requirements\.txt|Pipfile|environment\.ya?ml|Cargo\.toml|go\.mod"
    r"|pom\.xml|build\.gradle(?:\.kts)?|composer\.json|Gemfile|mix\.exs|pubspec\.yaml|Package\.swift|deno\.jsonc?"
    r"|project\.json|.+\.(?:cs|fs|vb)proj|(?:.+\.)?(?:Dockerfile|dockerfile|Containerfile)(?:\..+)?"
)
# Files at the root of a monorepo that hold its parts together and run nothing.
_TOOLING = re.compile(
    r"\.[^/]*(?:rc|ignore|config|attributes|version|modules|yarnrc\.yml|nvmrc|npmrc)(?:\.[^/]*)?|\.(?:editorconfig|tool-versions|vscode/.*)"
    r"|package\.json|package-lock\.json|pnpm-(?:lock|workspace)\.yaml|yarn\.lock|bun\.lock|lerna\.json|nx\.json|turbo\.json"
    r"|rush\.json|deno\.(?:jsonc?|lock)|tsconfig[^/]*\.json|jsconfig\.json|[^/]+\.config\.[cm]?[jt]s|biome\.jsonc?|components\.json|renovate\.json5?"
    r"|pyproject\.toml|uv\.lock|poetry\.lock|uv\.toml|ruff\.toml|mypy\.ini|Cargo\.(?:toml|lock)|rust-toolchain(?:\.toml)?"
    r"|rustfmt\.toml|clippy\.toml|deny\.toml|go\.work(?:\.sum)?|settings\.gradle(?:\.kts)?|gradlew(?:\.bat)?|gradle/.*|pom\.xml"
    r"|gradle\.properties|[Mm]akefile|GNUmakefile|[Jj]ustfile|Taskfile\.ya?ml|mise\.toml|lefthook\.ya?ml|\.husky/.*"
    r"|CODEOWNERS|OWNERS|VERSION|DCO|flake\.(?:nix|lock)|[^/]+\.sln|Directory\.[A-Za-z]+\.(?:props|targets)|global\.json"
    r"|nuget\.config|dprint\.json|typos\.toml|_typos\.toml|cspell[^/]*\.json|release-please[^/]*\.json"
)
