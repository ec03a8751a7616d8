"""Locks: exact versions, who brought each in, and where each name stands."""

from __future__ import annotations

import json
import time
from textwrap import dedent

import pytest

from auditor.detect.graph import Graph
from auditor.detect.lockfiles import parse
from auditor.detect.package_names import normalise
from auditor.detect.text import Lines
from auditor.domain.fact import Dependency
from auditor.domain.source import Scope, SourceFile

Rows = list[tuple[str, str, str, tuple[str, ...]]]


def source(path: str, text: str) -> SourceFile:
    data = text.encode()
    return SourceFile(path, len(data), Scope.RUNTIME, lambda n: data[:n])


def read(path: str, text: str) -> list[Dependency]:
    """The dependencies of a lock, after checking that every span slices to the package's name."""
    text = dedent(text)
    lines = Lines(text)
    found = list(parse(source(path, text)))
    for one in found:
        span = one.span
        word = text[lines.offset(span.line, span.column) : lines.offset(span.end_line, span.end_column)]
        assert normalise(one.ecosystem, word) == one.name
    return found


def rows(path: str, text: str) -> Rows:
    return [(d.name, d.exact, d.group, d.parents) for d in read(path, text)]


def test_uv_tells_the_way_from_the_project() -> None:
    text = """\
        version = 1
        requires-python = ">=3.11"

        [[package]]
        name = "acme"
        version = "0.1.0"
        source = { editable = "." }
        dependencies = [
            { name = "docling" },
        ]

        [package.optional-dependencies]
        embed = [
            { name = "fastembed" },
        ]

        [package.dev-dependencies]
        dev = [
            { name = "pytest" },
            { name = "onnxruntime" },
        ]

        [[package]]
        name = "docling"
        version = "2.60.0"
        source = { registry = "https://pypi.org/simple" }
        dependencies = [
            { name = "rapidocr", marker = "python_full_version < '3.14'" },
        ]

        [[package]]
        name = "fastembed"
        version = "0.7.3"
        source = { registry = "https://pypi.org/simple" }

        [[package]]
        name = "onnxruntime"
        version = "1.20.0"
        source = { registry = "https://pypi.org/simple" }

        [[package]]
        name = "pytest"
        version = "8.3.0"
        source = { registry = "https://pypi.org/simple" }

        [[package]]
        name = "rapidocr"
        version = "3.4.0"
        source = { registry = "https://pypi.org/simple" }
        dependencies = [
            { name = "onnxruntime" },
        ]
        """
    assert rows("uv.lock", text) == [
        ("docling", "2.60.0", "", ()),
        ("fastembed", "0.7.3", "embed", ()),
        ("onnxruntime", "1.20.0", "", ("rapidocr", "docling")),
        ("pytest", "8.3.0", "dev", ()),
        ("rapidocr", "3.4.0", "", ("docling",)),
    ]


def test_poetry_groups_and_categories() -> None:
    text = """\
        [[package]]
        name = "chromadb"
        version = "0.5.0"
        groups = ["main"]

        [package.dependencies]
        onnxruntime = ">=1.14"

        [[package]]
        name = "marker-pdf"
        version = "1.2.3"
        optional = true
        groups = ["main"]

        [[package]]
        name = "onnxruntime"
        version = "1.20.0"
        optional = false
        groups = ["main", "dev"]

        [[package]]
        name = "Pytest"
        version = "8.3.0"
        category = "dev"

        [metadata]
        lock-version = "2.1"
        """
    assert rows("poetry.lock", text) == [
        ("chromadb", "0.5.0", "", ()),
        ("marker-pdf", "1.2.3", "optional", ()),
        ("onnxruntime", "1.20.0", "", ("chromadb",)),
        ("pytest", "8.3.0", "dev", ()),
    ]


def test_pdm_lock() -> None:
    text = """\
        [metadata]
        groups = ["default", "dev"]

        [[package]]
        name = "rapidocr"
        version = "3.4.0"
        groups = ["default"]
        dependencies = [
            "onnxruntime>=1.7; python_version < '3.14'",
        ]

        [[package]]
        name = "onnxruntime"
        version = "1.20.0"
        groups = ["default", "dev"]

        [[package]]
        name = "pytest"
        version = "8.3.0"
        groups = ["dev"]
        """
    assert rows("pdm.lock", text) == [
        ("rapidocr", "3.4.0", "", ()),
        ("onnxruntime", "1.20.0", "", ("rapidocr",)),
        ("pytest", "8.3.0", "dev", ()),
    ]


def test_pylock_toml() -> None:
    text = """\
        lock-version = "1.0"
        created-by = "pip"
        [[packages]]
        name = "fastembed"
        version = "0.7.3"
        [[packages.wheels]]
        name = "fastembed-0.7.3-py3-none-any.whl"
        [[packages]]
        name = "easyocr"
        version = "1.7.2"
        """
    assert rows("pylock.toml", text) == [("fastembed", "0.7.3", "", ()), ("easyocr", "1.7.2", "", ())]


def test_pipfile_lock() -> None:
    text = """\
        {
          "_meta": {"requires": {"fastembed": "3"}},
          "default": {"fastembed": {"hashes": ["sha256:a"], "version": "==0.7.3"}},
          "develop": {"pytest": {"version": "==8.3.0"}, "acme": {"path": "."}}
        }
        """
    assert rows("Pipfile.lock", text) == [
        ("fastembed", "0.7.3", "", ()),
        ("pytest", "8.3.0", "dev", ()),
        ("acme", "", "dev", ()),
    ]


def test_cargo_lock() -> None:
    text = """\
        version = 4

        [[package]]
        name = "acme"
        version = "0.1.0"
        dependencies = [
         "fastembed",
        ]

        [[package]]
        name = "fastembed"
        version = "4.3.0"
        source = "registry+https://github.com/rust-lang/crates.io-index"
        dependencies = [
         "ort 2.0.0",
        ]

        [[package]]
        name = "ort"
        version = "2.0.0"
        source = "registry+https://github.com/rust-lang/crates.io-index"
        """
    assert rows("Cargo.lock", text) == [("fastembed", "4.3.0", "", ()), ("ort", "2.0.0", "", ("fastembed",))]


def test_npm_finds_the_nearest_copy_on_the_way_up() -> None:
    text = """\
        {
          "name": "acme",
          "lockfileVersion": 3,
          "packages": {
            "": {"dependencies": {"chromadb": "^1"}, "devDependencies": {"vitest": "*"}},
            "node_modules/@acme/ui": {"resolved": "packages/ui", "link": true},
            "node_modules/chromadb": {"version": "1.0.0", "dependencies": {"embed": "^1"}},
            "node_modules/chromadb/node_modules/embed": {"version": "1.5.0", "dependencies": {"onnx": "*"}},
            "node_modules/embed": {"version": "2.0.0"},
            "node_modules/onnx": {"version": "1.20.0"},
            "node_modules/other": {"name": "@real/name", "version": "3.0.0"},
            "node_modules/vitest": {"version": "2.0.0", "dev": true},
            "packages/ui": {"version": "0.0.1", "dependencies": {"embed": "^2"}}
          }
        }
        """
    found = list(parse(source("package-lock.json", text)))
    assert [(d.name, d.exact, d.group, d.parents) for d in found] == [
        ("chromadb", "1.0.0", "", ()),
        ("embed", "1.5.0", "", ("chromadb",)),
        ("embed", "2.0.0", "", ()),
        ("onnx", "1.20.0", "", ("embed", "chromadb")),
        ("@real/name", "3.0.0", "", ()),
        ("vitest", "2.0.0", "dev", ()),
    ]


def test_npm_version_1_nests() -> None:
    text = """\
        {"lockfileVersion": 1, "dependencies": {
          "chromadb": {"version": "1.0.0", "requires": {"embed": "^1"}, "dependencies": {
            "embed": {"version": "1.5.0"}
          }},
          "vitest": {"version": "0.1.0", "dev": true}
        }}
        """
    assert rows("npm-shrinkwrap.json", text) == [
        ("chromadb", "1.0.0", "", ()),
        ("embed", "1.5.0", "", ("chromadb",)),
        ("vitest", "0.1.0", "dev", ()),
    ]


def test_yarn_version_1() -> None:
    text = """\
        # yarn lockfile v1


        "@xenova/transformers@^2.17.0", "@xenova/transformers@^2.17.2":
          version "2.17.2"
          resolved "https://registry.example/x.tgz#abc"
          dependencies:
            "@huggingface/jinja" "^0.2.2"
            sharp "^0.32.0"

        "@huggingface/jinja@^0.2.2":
          version "0.2.2"

        sharp@^0.32.0:
          version "0.32.6"
        """
    assert rows("yarn.lock", text) == [
        ("@xenova/transformers", "2.17.2", "", ()),
        ("@huggingface/jinja", "0.2.2", "", ("@xenova/transformers",)),
        ("sharp", "0.32.6", "", ("@xenova/transformers",)),
    ]


def test_yarn_berry_names_the_project() -> None:
    text = """\
        __metadata:
          version: 8

        "acme@workspace:.":
          version: 0.0.0-use.local
          resolution: "acme@workspace:."
          dependencies:
            fastembed: "npm:^2.0.0"
            sharp: "npm:^0.32.0"
          languageName: unknown

        "fastembed@npm:^2.0.0":
          version: 2.1.0
          resolution: "fastembed@npm:2.1.0"
          dependencies:
            onnxruntime-node: "npm:^1.15.1"
            sharp: "npm:^0.32.0"

        "onnxruntime-node@npm:^1.15.1":
          version: 1.15.1

        "sharp@npm:^0.32.0":
          version: 0.32.6
        """
    assert rows("yarn.lock", text) == [
        ("fastembed", "2.1.0", "", ()),
        ("onnxruntime-node", "1.15.1", "", ("fastembed",)),
        ("sharp", "0.32.6", "", ()),
    ]


PNPM_EXPECTED: Rows = [
    ("@huggingface/transformers", "4.0.0", "", ()),
    ("onnxruntime-node", "1.20.0", "", ("@huggingface/transformers",)),
    ("vitest", "2.0.0", "dev", ()),
]


def test_pnpm_version_9() -> None:
    text = """\
        lockfileVersion: '9.0'

        importers:

          .:
            dependencies:
              '@huggingface/transformers':
                specifier: ^4.0.0
                version: 4.0.0(react@18.0.0)
            devDependencies:
              vitest:
                specifier: ^2
                version: 2.0.0

        packages:

          '@huggingface/transformers@4.0.0':
            resolution: {integrity: sha512-a}
            peerDependencies:
              react: '*'

          onnxruntime-node@1.20.0:
            resolution: {integrity: sha512-b}

          vitest@2.0.0:
            resolution: {integrity: sha512-c}

        snapshots:

          '@huggingface/transformers@4.0.0(react@18.0.0)':
            dependencies:
              onnxruntime-node: 1.20.0

          onnxruntime-node@1.20.0: {}

          vitest@2.0.0: {}
        """
    assert rows("pnpm-lock.yaml", text) == PNPM_EXPECTED


def test_pnpm_version_5_and_6() -> None:
    five = """\
        lockfileVersion: 5.4

        specifiers:
          '@huggingface/transformers': ^4.0.0

        dependencies:
          '@huggingface/transformers': 4.0.0_react@18.0.0

        devDependencies:
          vitest: 2.0.0

        packages:

          /@huggingface/transformers/4.0.0_react@18.0.0:
            resolution: {integrity: sha512-a}
            dependencies:
              onnxruntime-node: 1.20.0
            dev: false

          /onnxruntime-node/1.20.0:
            resolution: {integrity: sha512-b}
            dev: false

          /vitest/2.0.0:
            resolution: {integrity: sha512-c}
            dev: true
        """
    assert rows("pnpm-lock.yaml", five) == PNPM_EXPECTED
    six = dedent(five).replace("_react@18.0.0", "(react@18.0.0)")
    six = six.replace("/transformers/4", "/transformers@4").replace("node/1", "node@1").replace("vitest/2", "vitest@2")
    assert rows("pnpm-lock.yaml", six) == PNPM_EXPECTED


def test_bun_lock_with_its_trailing_commas() -> None:
    text = """\
        {
          "lockfileVersion": 1,
          "workspaces": {
            "": {
              "name": "acme",
              "dependencies": { "fastembed": "^2.0.0", },
              "devDependencies": { "vitest": "^2", },
            },
          },
          "packages": {
            "acme-ui": ["acme-ui@workspace:packages/ui"],
            "fastembed": ["fastembed@2.1.0", "", { "dependencies": { "sharp": "^0.32.0" } }, "sha512-a"],
            "fastembed/sharp": ["sharp@0.32.6", "", {}, "sha512-b"],
            "sharp": ["sharp@0.33.0", "", {}, "sha512-c"],
            "vitest": ["vitest@2.0.0", "", { "dependencies": { "sharp": "*" } }, "sha512-d"],
          }
        }
        """
    assert rows("bun.lock", text) == [
        ("fastembed", "2.1.0", "", ()),
        ("sharp", "0.32.6", "", ("fastembed",)),
        ("sharp", "0.33.0", "dev", ("vitest",)),
        ("vitest", "2.0.0", "dev", ()),
    ]


def test_go_sum_counts_content_and_not_manifests() -> None:
    text = """\
        github.com/anush008/fastembed-go v1.0.0 h1:abc=
        github.com/anush008/fastembed-go v1.0.0/go.mod h1:def=
        golang.org/x/net v0.30.0/go.mod h1:ghi=
        """
    assert rows("go.sum", text) == [("github.com/anush008/fastembed-go", "v1.0.0", "", ())]


def test_conda_lock_tells_a_package_once_for_all_platforms() -> None:
    text = """\
        version: 1
        package:
        - name: pytorch
          version: 2.4.0
          manager: conda
          platform: linux-64
          category: main
        - name: pytorch
          version: 2.4.0
          manager: conda
          platform: osx-arm64
          category: main
        - name: fastembed
          version: 0.7.3
          manager: pip
          category: dev
        """
    assert [(d.ecosystem, d.name, d.exact, d.group) for d in read("conda-lock.yml", text)] == [
        ("conda", "pytorch", "2.4.0", ""),
        ("pypi", "fastembed", "0.7.3", "dev"),
    ]


@pytest.mark.parametrize(
    "path", ["uv.lock", "poetry.lock", "Cargo.lock", "package-lock.json", "bun.lock", "Pipfile.lock"]
)
def test_a_broken_lock_is_never_half_an_answer(path: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        list(parse(source(path, '{"packages": {"node_modules/a": [[package')))


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("uv.lock", "package = 3\n"),
        ("poetry.lock", '[[package]]\nversion = "1"\n'),
        ("package-lock.json", '{"packages": [], "dependencies": {}}'),
        ("package-lock.json", "[1]"),
        ("bun.lock", '{"packages": {"a": 3, "b": [], "c": [7]}}'),
        ("Pipfile.lock", '{"default": {}}'),
        ("yarn.lock", "  version\n\n   x\n"),
        ("pnpm-lock.yaml", "packages:\n  : x\n  ???\n"),
        ("go.sum", "what is this"),
    ],
)
def test_a_shape_that_says_nothing_yields_nothing(path: str, text: str) -> None:
    assert list(parse(source(path, text))) == []


def test_packages_that_ask_for_each_other_end_somewhere() -> None:
    text = 'version = 1\n[[package]]\nname = "a"\nversion = "1"\ndependencies = [{ name = "b" }]\n'
    text += '[[package]]\nname = "b"\nversion = "1"\ndependencies = [{ name = "a" }]\n'
    assert rows("uv.lock", text) == [("a", "1", "", ()), ("b", "1", "", ())]


def test_the_runtime_outranks_a_group_that_also_reaches_a_package() -> None:
    graph = Graph()
    graph.root("pytest", "dev")
    graph.root("docling")
    graph.edge("pytest", "numpy")
    graph.edge("docling", "rapidocr")
    graph.edge("rapidocr", "numpy")
    assert (graph.group("numpy"), graph.parents("numpy")) == ("", ("rapidocr", "docling"))


def test_a_hostile_chain_of_parents_is_cut() -> None:
    graph = Graph()
    graph.root("0")
    for index in range(500):
        graph.edge(str(index), str(index + 1))
    parents = graph.parents("500")
    assert parents[0] == "499"
    assert len(parents) == 32


@pytest.mark.parametrize("path", ["package-lock.json", "uv.lock", "yarn.lock", "pnpm-lock.yaml"])
def test_a_lock_of_a_hundred_thousand_entries_is_read_in_seconds(path: str) -> None:
    count = 100_000
    match path:
        case "package-lock.json":
            entries = {
                f"node_modules/p{i}": {"version": "1.0.0", "dependencies": {f"p{i + 1}": "*"}} for i in range(count)
            }
            text = json.dumps({"packages": {"": {"dependencies": {"p0": "*"}}, **entries}}, indent=2)
        case "uv.lock":
            text = "".join(
                f'[[package]]\nname = "p{i}"\nversion = "1.0.0"\ndependencies = [{{ name = "p{i + 1}" }}]\n'
                for i in range(count)
            )
        case "yarn.lock":
            text = "".join(f'p{i}@*:\n  version "1.0.0"\n  dependencies:\n    p{i + 1} "*"\n\n' for i in range(count))
        case _:
            text = "packages:\n" + "".join(
                f"  p{i}@1.0.0:\n    dependencies:\n      p{i + 1}: 1.0.0\n" for i in range(count)
            )
    began = time.monotonic()
    assert sum(1 for _ in parse(source(path, text))) == count
    assert time.monotonic() - began < 20
