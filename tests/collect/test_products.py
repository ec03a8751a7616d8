from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pytest

from auditor.collect import part_of
from auditor.domain.source import Part
from tests.collect.repos import collected, repository, write

ROOT = "."


def parts(tmp_path: Path, files: dict[str, str] | Iterable[str]) -> dict[str, str]:
    """Name by path of the parts of a folder called acme."""
    content = files if isinstance(files, dict) else dict.fromkeys(files, "x")
    found = collected(write(tmp_path / "acme", content)).parts
    return {part.path: part.name for part in found}


WEB = {"apps/web/package.json": "{}", "apps/web/index.ts": "1"}
API = {"apps/api/package.json": "{}", "apps/api/index.ts": "1"}
LIB = {"packages/lib/package.json": "{}", "packages/lib/index.ts": "1"}


def test_an_ordinary_repository_is_one_product(tmp_path: Path) -> None:
    files = [
        "pyproject.toml",
        "src/acme/main.py",
        "docs/conf.py",
        "docs/requirements.txt",
        "tests/test_a.py",
        "Dockerfile",
    ]
    assert parts(tmp_path, files) == {ROOT: "acme"}


def test_an_application_with_one_folder_of_its_own_is_one_product(tmp_path: Path) -> None:
    assert parts(tmp_path, ["main.py", "pyproject.toml", "frontend/package.json", "frontend/a.ts"]) == {ROOT: "acme"}


def test_top_level_folders_with_manifests_or_images_are_products(tmp_path: Path) -> None:
    files = ["server/package.json", "server/src/a.ts", "machine-learning/Dockerfile", "machine-learning/app/a.py"]
    files += [
        "web/package.json",
        "web/a.svelte",
        "README.md",
        "docs/package.json",
        "docs/a.js",
        "e2e/package.json",
        "e2e/a.ts",
    ]
    assert parts(tmp_path, files) == {"machine-learning": "machine-learning", "server": "server", "web": "web"}


def test_what_lies_outside_of_every_product_is_one_when_it_runs(tmp_path: Path) -> None:
    assert parts(tmp_path, WEB | API) == {"apps/api": "api", "apps/web": "web"}
    assert parts(tmp_path, {"docker-compose.yml": "services: {}"}) == {
        "apps/api": "api",
        "apps/web": "web",
        ROOT: "acme",
    }


@pytest.mark.parametrize(
    ("manifest", "text"),
    [
        ("package.json", '{"workspaces": ["apps/*", "packages/*"]}'),
        ("package.json", '{"workspaces": {"packages": ["./apps/**", "packages/lib/"]}}'),
        (
            "pnpm-workspace.yaml",
            "packages:\n  - 'apps/*'\n  # all\n  - \"packages/**\"\n  - '!packages/old'\ncatalog:\n  a: 1\n",
        ),
        ("lerna.json", '{"packages": ["packages/*", "apps/*"]}'),
        ("nx.json", "{}"),
        (
            "rush.json",
            '{ // all\n "projects": [{"projectFolder": "apps/web"}, {"projectFolder": "packages/lib"},{"projectFolder": "apps/api"}]}',
        ),
        ("deno.json", '{"workspace": ["./apps/web", "./apps/api", "./packages/lib"]}'),
    ],
)
def test_a_library_is_a_product_when_a_workspace_lists_it(tmp_path: Path, manifest: str, text: str) -> None:
    assert set(parts(tmp_path, WEB | API | LIB)) == {"apps/api", "apps/web", ROOT}
    assert set(parts(tmp_path, {manifest: text})) == {"apps/api", "apps/web", "packages/lib"}


@pytest.mark.parametrize(
    ("manifest", "text", "member"),
    [
        ("pyproject.toml", '[tool.uv.workspace]\nmembers = ["libs/*"]\nexclude = ["libs/c"]', "pyproject.toml"),
        (
            "pyproject.toml",
            '[tool.poetry.dependencies]\na = {path = "libs/a", develop = true}\nb = {path = "./libs/b"}',
            "pyproject.toml",
        ),
        (
            "pyproject.toml",
            '[tool.poetry.group.all.dependencies]\na = {path = "libs/a"}\nb = {path = "libs/b"}',
            "setup.py",
        ),
        ("Cargo.toml", '[workspace]\nmembers = ["libs/a", "libs/b"]', "Cargo.toml"),
        ("go.work", "go 1.24\n\nuse (\n\t./libs/a // first\n\t./libs/b\n)\n", "go.mod"),
        ("go.work", "go 1.24\nuse ./libs/a\nuse ./libs/b\n", "go.mod"),
        ("settings.gradle.kts", 'include(":libs:a", ":libs:b")\n', "build.gradle.kts"),
        ("settings.gradle", "include 'libs:a'\ninclude ':libs:b'\n", "build.gradle"),
        ("pom.xml", "<modules><module>libs/a</module>\n<module> libs/b </module></modules>", "pom.xml"),
    ],
)
def test_every_ecosystem_has_workspaces(tmp_path: Path, manifest: str, text: str, member: str) -> None:
    files = {manifest: text} | {f"libs/{name}/{member}": "" for name in "abc"}
    files |= {f"libs/{name}/src/main.py": "1" for name in "abc"}
    assert set(parts(tmp_path, files)) - {ROOT} == {"libs/a", "libs/b"}


@pytest.mark.parametrize(
    ("manifest", "text"),
    [
        ("package.json", "{"),
        ("package.json", "[" * 100_000),
        ("package.json", '{"workspaces": 7}'),
        ("package.json", '{"workspaces": ["../*", "/", "", "**/**/**/**", "*a*a*a*a*a*b", 5]}'),
        ("pyproject.toml", "= ="),
        ("pyproject.toml", "a = " + "[" * 100_000),
        ("pyproject.toml", '[tool]\npoetry = "x"'),
        ("pnpm-workspace.yaml", "packages: &a [*a, *a]"),
        ("go.work", "use (\n"),
    ],
)
def test_a_hostile_workspace_lists_nothing(tmp_path: Path, manifest: str, text: str) -> None:
    files = LIB | {"packages/other/package.json": "{}", "packages/other/a.ts": "1", "a.py": "1"}
    assert parts(tmp_path, files | {manifest: text}) == {ROOT: "acme"}


def test_documents_examples_tests_and_tools_are_never_products(tmp_path: Path) -> None:
    aside = [
        "docs",
        "examples/a",
        "tests/e2e",
        "apps/docs",
        "benchmarks",
        "vendor/x",
        "scripts",
        ".github/actions",
        "apps/demo",
    ]
    files = {"package.json": '{"workspaces": ["**"]}'} | WEB | API
    files |= {f"{folder}/package.json": "{}" for folder in aside} | {f"{folder}/index.ts": "1" for folder in aside}
    assert set(parts(tmp_path, files)) - {ROOT} == {"apps/api", "apps/web"}


def test_a_folder_without_code_is_not_a_product(tmp_path: Path) -> None:
    files = WEB | API | {"nginx/Dockerfile": "FROM nginx", "nginx/nginx.conf": ""}
    assert set(parts(tmp_path, files)) == {"apps/api", "apps/web", ROOT}


def test_two_folders_of_one_name_are_told_apart_by_their_path(tmp_path: Path) -> None:
    files = {"package.json": '{"workspaces": ["*/*"]}'}
    files |= {f"{folder}/{name}": "{}" for folder in ("a/web", "b/web", "b/api") for name in ("package.json", "i.ts")}
    assert parts(tmp_path, files) == {"a/web": "a/web", "b/api": "api", "b/web": "b/web"}


def test_there_are_never_too_many_products_and_applications_come_first(tmp_path: Path) -> None:
    files = {"package.json": '{"workspaces": ["packages/*", "apps/*"]}'} | WEB | API
    for number in range(100):
        files |= {f"packages/p{number}/package.json": "{}", f"packages/p{number}/i.ts": "1"}
    found = parts(tmp_path, files)
    assert len(found) <= 61
    assert {"apps/web", "apps/api", ROOT} <= set(found)


def test_products_of_a_work_tree_and_of_its_commit_are_the_same(tmp_path: Path) -> None:
    repo = repository(
        tmp_path / "acme", WEB | API | LIB | {"pnpm-workspace.yaml": "packages:\n- packages/*\n- apps/*\n"}
    )
    assert collected(repo).parts == collected(repo, "HEAD").parts
    assert Part("lib", "packages/lib") in collected(repo).parts


def test_a_file_belongs_to_the_innermost_product() -> None:
    folders = ["apps/web", "apps/web/plugins/a", "."]
    assert part_of("apps/web/plugins/a/i.ts", folders) == "apps/web/plugins/a"
    assert part_of("apps/web/plugins/b/i.ts", folders) == "apps/web"
    assert part_of("apps/website/i.ts", folders) == "."
    assert part_of("main.py", folders) == "."
