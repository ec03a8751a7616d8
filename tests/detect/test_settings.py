"""Configuration files to settings: what is found, where it stands, and what stands around it."""

from __future__ import annotations

import time

import pytest

from auditor.detect import settings
from auditor.domain.fact import Prose, Setting
from tests.detect.sources import at, by_path, source


def read(path: str, content: str | bytes) -> list[Setting]:
    """The settings of a file, after checking that every span slices to the value."""
    found = [fact for fact in settings.parse(source(path, content)) if isinstance(fact, Setting)]
    for setting in found:
        assert at(content, setting.span) == setting.value
    return found


def until_it_fails(path: str, content: str | bytes) -> tuple[list[Setting], str]:
    found: list[Setting] = []
    try:
        for fact in settings.parse(source(path, content)):
            if isinstance(fact, Setting):
                found.append(fact)
    except ValueError as error:
        return found, str(error)
    return found, ""


SYNTAXES = {
    "a.yaml": ("llm:\n  model: acme/large-7b\n", "llm/model"),
    "quoted.yaml": ("llm: {model: 'acme/large-7b'}\n", "llm/model"),
    "b.toml": ('[llm]\nmodel = "acme/large-7b" # why\n', "llm/model"),
    "dotted.toml": ("llm.model = 'acme/large-7b'\n", "llm/model"),
    "inline.toml": ('llm = { n = 1, model = "acme/large-7b" }\n', "llm/model"),
    "array.toml": ('[[llm]]\nmodel = "acme/large-7b"\n', "llm/0/model"),
    "c.json": ('{"llm": {"model": "acme/large-7b"}}', "llm/model"),
    "comments.jsonc": ('// c\n{"llm": /* d */ {"model": "acme/large-7b",},}', "llm/model"),
    "five.json5": ("{llm: {model: 'acme/large-7b'}}", "llm/model"),
    ".env": ("LLM_MODEL=acme/large-7b\n", "LLM_MODEL"),
    ".env.example": ('export LLM_MODEL="acme/large-7b"  # why\n', "LLM_MODEL"),
    "prod.env": ("LLM_MODEL=${LLM_MODEL:-acme/large-7b}\n", "LLM_MODEL"),
    "d.ini": ("[llm]\nmodel = acme/large-7b\n", "llm/model"),
    "e.cfg": ("[llm]\nmodel: acme/large-7b\n", "llm/model"),
    "f.properties": ("llm.model=acme/large-7b\n", "llm/model"),
    "spring.properties": ("llm.model=${LLM_MODEL:acme/large-7b}\n", "llm/model"),
    "g.tf": ('variable "model" {\n  default = "acme/large-7b"\n}\n', "variable/model/default"),
    "h.tf": ('resource "x" "y" {\n  env = { M = "acme/large-7b" }\n}\n', "resource/x/y/env/M"),
    "i.tf": ('locals {\n  m = coalesce(var.m, "acme/large-7b")\n}\n', "locals/m/1"),
    "j.hcl": ('a {\n b {\n  c = ["acme/large-7b"]\n }\n}\n', "a/b/c/0"),
    "README.md": ("---\nbase_model: acme/large-7b\n---\n# Card\nmodel: acme/other\n", "base_model"),
    "omega.yaml": ("model: ${oc.env:MODEL,acme/large-7b}\n", "model"),
    "jinja.yaml.j2": ("model: \"{{ model | default('acme/large-7b') }}\"\n", "model"),
}


@pytest.mark.parametrize("path", SYNTAXES)
def test_a_value_is_found_with_its_key_path(path: str) -> None:
    content, key = SYNTAXES[path]
    found = [setting for setting in read(path, content) if setting.value == "acme/large-7b"]
    assert ["/".join(setting.path) for setting in found] == [key]
    assert found[0].live


@pytest.mark.parametrize("path", SYNTAXES)
@pytest.mark.parametrize("change", [lambda text: text.replace("\n", "\r\n"), lambda text: "\ufeff" + text])
def test_windows_line_ends_and_byte_order_marks_change_nothing(path: str, change: object) -> None:
    content, key = SYNTAXES[path]
    assert callable(change)
    assert by_path(list(read(path, change(content)))).get(key) == "acme/large-7b"


@pytest.mark.parametrize(
    ("path", "content"),
    [
        ("a.yaml", "# model: acme/old-7b\n"),
        ("a.yaml", "x: y\n  #model: 'acme/old-7b' # slow\n"),
        ("b.toml", '# model = "acme/old-7b"\n'),
        (".env", "#model=acme/old-7b\n"),
        ("d.ini", "; model = acme/old-7b\n"),
        ("e.properties", "! model=acme/old-7b\n"),
        ("f.tf", '// model = "acme/old-7b"\n'),
    ],
)
def test_a_commented_out_setting_is_not_live(path: str, content: str) -> None:
    (dead,) = [setting for setting in read(path, content) if not setting.live]
    assert (dead.path, dead.value) == (("model",), "acme/old-7b")


def test_words_in_a_comment_are_prose() -> None:
    facts = list(settings.parse(source("a.yaml", "# we moved to acme/large-7b last year\nx: y\n")))
    assert [(fact.text, fact.where) for fact in facts if isinstance(fact, Prose)] == [("acme/large-7b", "comment")]


def test_numbers_and_switches_stand_beside_but_are_no_settings() -> None:
    (model,) = read("a.yaml", "enabled: false\nmodel: acme/large\nsize: 7\nratio: 1.5e3\nnone: ~\n")
    assert model.beside == (("enabled", "false"), ("size", "7"), ("ratio", "1.5e3"), ("none", "~"))


@pytest.mark.parametrize(
    ("path", "content", "siblings"),
    [
        ("one.yaml", "model: acme/a1\nhost: example.org\nport: 80\n", 1),
        ("list.yaml", "models: [acme/a1, acme/b2, acme/c3]\n", 3),
        ("items.yaml", "models:\n- {id: acme/a1, n: 1}\n- {id: acme/b2, n: 2}\n- {id: acme/c3, n: 3}\n", 3),
        ("nested.yaml", "models:\n- id: acme/a1\n  tags: [x]\n- id: b\n  tags: [y]\n- id: c\n  tags: [z]\n", 3),
        ("menu.yaml", "small: acme/a1\nmedium: acme/b2\nlarge: acme/c3\n", 3),
        ("parts.yaml", "chat_model: acme/a1\nembed_model: acme/b2\nrank_model: acme/c3\n", 1),
        ("table.json", '{"a1": {"id": "acme/a1", "p": 1}, "b2": {"id": "x", "p": 2}, "c3": {"id": "y", "p": 3}}', 3),
        (
            "parts.json",
            '{"chat": {"by": "p", "model": "acme/a1"}, "embed": {"by": "q", "model": "x"}, "db": {"by": "r", "url": "z"}}',
            1,
        ),
        ("roles.json", '{"embed": {"model": "acme/a1"}, "rank": {"model": "x"}, "chat": {"model": "y"}}', 1),
        ("words.yaml", "args: [serve, acme/a1, --port, '80']\n", 1),
        ("tables.toml", '[[m]]\nid = "acme/a1"\n[[m]]\nid = "b"\n', 2),
    ],
)
def test_siblings_tell_a_menu_from_a_choice(path: str, content: str, siblings: int) -> None:
    (first,) = [setting for setting in read(path, content) if setting.value == "acme/a1"]
    assert first.siblings == siblings


def test_an_alias_has_its_own_key_and_the_place_of_the_anchor() -> None:
    found = read("a.yaml", "base: &m acme/large-7b\nuse: *m\n")
    assert [(setting.path, setting.span.line) for setting in found] == [(("base",), 1), (("use",), 1)]


def test_a_document_that_is_one_text_has_no_settings() -> None:
    assert read("a.yaml", "acme/large-7b\n") == []
    assert read("a.json", '"acme/large-7b"') == []


def test_scripts_and_very_long_texts_are_no_settings() -> None:
    assert read("a.yaml", f"s: |\n  echo a\n  echo b\nl: {'x' * 2001}\n") == []


def test_a_block_of_one_line_is_a_setting() -> None:
    assert by_path(list(read("a.yaml", "m: >-\n  acme/large-7b\n"))) == {"m": "acme/large-7b"}


def test_every_document_of_a_stream_is_read() -> None:
    assert [setting.value for setting in read("a.yaml", "m: a/1\n---\nm: b/2\n---\n- c/3\n")] == ["a/1", "b/2", "c/3"]


def test_duplicated_keys_are_all_kept() -> None:
    assert [setting.value for setting in read("a.json", '{"m": "a/1", "m": "b/2"}')] == ["a/1", "b/2"]
    assert [setting.value for setting in read("a.yaml", "m: a/1\nm: b/2\n")] == ["a/1", "b/2"]


def test_tags_are_not_obeyed() -> None:
    found = read(
        "a.yaml", "a: !!python/object/apply:os.system [touch x]\nb: !!python/name:os.abort acme/m1\nc: !Ref d\n"
    )
    assert by_path(list(found)) == {"a/0": "touch x", "b": "acme/m1", "c": "d"}


def test_templates_in_yaml_are_read_around() -> None:
    content = '{{- if .Values.on }}\nmodel: {{ .Values.model | default "acme/large-7b" }}\n{{- end }}\nother: acme/b2\n'
    assert by_path(list(read("chart/values.yaml", content))) == {"model": "acme/large-7b", "other": "acme/b2"}


def test_continued_values_of_ini_are_a_list() -> None:
    found = read("a.ini", "[s]\nmodels =\n  acme/a1\n  acme/b2\nx = y\n")
    assert [(setting.path, setting.siblings) for setting in found] == [
        (("s", "models", "0"), 2),
        (("s", "models", "1"), 2),
        (("s", "x"), 1),
    ]


def test_text_in_toml_strings_is_no_key() -> None:
    content = 'd = """\n[x]\nmodel = "acme/no"\n"""\nm = "acme/yes" # "acme/no"\n'
    assert by_path(list(read("a.toml", content))) == {"m": "acme/yes"}


def test_here_documents_of_terraform_are_passed_over() -> None:
    assert by_path(list(read("a.tf", 'a = <<EOT\nb = "acme/no"\nEOT\nc = "acme/yes"\n'))) == {"c": "acme/yes"}


def test_an_escaped_json_value_is_decoded() -> None:
    (setting,) = (
        fact for fact in settings.parse(source("a.json", '{"m": "acme\\/large"}')) if isinstance(fact, Setting)
    )
    assert setting.value == "acme/large"


def test_deployment_files_are_left_to_deploy() -> None:
    assert read("docker-compose.yml", "services: {a: {image: acme/x}}\n") == []


@pytest.mark.parametrize(
    ("path", "content"),
    [
        ("a.yaml", "model: acme/a1\nbad: [x\nnext: y: z\n"),
        ("tab.yaml", "model: acme/a1\nn: [x]\n\tbad: x\n"),
        ("anchor.yaml", "model: acme/a1\nbad: *nowhere\n"),
        ("b.json", '{"model": "acme/a1", "bad": [1, '),
        ("c.toml", 'model = "acme/a1"\nbad = = 1\n'),
        ("twice.toml", 'model = "acme/a1"\nx = 1\nx = 2\n'),
        ("d.tf", 'model = "acme/a1"\nblock {\n'),
    ],
)
def test_what_stands_before_a_fault_is_kept_and_the_fault_is_told(path: str, content: str) -> None:
    found, fault = until_it_fails(path, content)
    assert by_path(list(found)).get("model") == "acme/a1"
    assert fault


def test_an_alias_bomb_is_not_expanded() -> None:
    levels = "".join(f"l{n}: &l{n} [{', '.join([f'*l{n - 1}'] * 9)}]\n" for n in range(1, 30))
    start = time.monotonic()
    assert [setting.value for setting in read("a.yaml", "l0: &l0 [acme/m1]\n" + levels)] == ["acme/m1"]
    assert time.monotonic() - start < 2


@pytest.mark.parametrize(
    ("path", "content"),
    [
        ("flow.yaml", "[" * 100_000),
        ("maps.yaml", "{a: " * 100_000),
        ("block.yaml", "- " * 100_000 + "x"),
        ("a.json", "[" * 100_000 + "]" * 100_000),
        ("b.json", '{"a":' * 100_000),
        ("a.toml", "a = " + "[" * 100_000 + "]" * 100_000),
        ("keys.toml", ".".join(["a"] * 100_000) + " = 1"),
        ("a.tf", "a {\n" * 100_000),
        ("b.tf", "a = " + "f(" * 100_000),
        ("front.md", "---\n" + "[" * 100_000 + "\n---\n"),
    ],
)
def test_nesting_without_end_is_refused_in_time(path: str, content: str) -> None:
    start = time.monotonic()
    _, fault = until_it_fails(path, content)
    assert fault
    assert time.monotonic() - start < 10


@pytest.mark.parametrize("path", ["a.yaml", "a.json", "a.toml", ".env", "a.ini", "a.tf", "a.properties"])
def test_a_number_of_fifty_megabytes_costs_little(path: str) -> None:
    opening = '{"n": ' if path == "a.json" else "n=" if "." in path else ""
    content = opening + "9" * 50_000_000
    start = time.monotonic()
    found, fault = until_it_fails(path, content)
    assert found == []
    assert "larger than" in fault
    assert time.monotonic() - start < 10


@pytest.mark.parametrize("path", ["a.yaml", "a.json", "a.toml", ".env", "a.ini", "a.tf", "a.properties"])
def test_a_number_just_within_the_limit_costs_little(path: str) -> None:
    opening = {"a.json": '{"n": ', "a.yaml": "n: "}.get(path, "n = ")
    content = opening + "9" * 4_000_000 + ("}" if path == "a.json" else "\n")
    start = time.monotonic()
    found, _ = until_it_fails(path, content)
    assert found == []
    assert time.monotonic() - start < 10


@pytest.mark.parametrize(
    "piece", ['"', "'", "/*", "{{", "${", "\\", "#", "[a", "a=\n ", "<<E\n", "- ", "a: &a ", '"""', ": "]
)
@pytest.mark.parametrize("path", ["a.yaml", "a.json", "a.toml", ".env", "a.ini", "a.tf", "README.md"])
def test_repeated_openings_cost_linear_time(path: str, piece: str) -> None:
    start = time.monotonic()
    until_it_fails(path, piece * 50_000)
    assert time.monotonic() - start < 10


def test_properties_and_tasks_of_a_build_are_settings() -> None:
    text = """<Project>
  <PropertyGroup>
    <!-- comes from https://huggingface.co/acme/old-model -->
    <EmbeddingModelUrl Condition="'$(EmbeddingModelUrl)' == ''">https://huggingface.co/acme/small/resolve/main/model.onnx</EmbeddingModelUrl>
  </PropertyGroup>
  <Target Name="Fetch" Condition="!Exists('x')">
    <DownloadFile SourceUrl="https://huggingface.co/acme/other/resolve/main/model.onnx" />
  </Target>
</Project>
"""
    facts: list[object] = list(settings.parse(source("build/Acme.targets", text)))
    found = by_path(facts)
    assert found["EmbeddingModelUrl"] == "https://huggingface.co/acme/small/resolve/main/model.onnx"
    assert found["DownloadFile/SourceUrl"] == "https://huggingface.co/acme/other/resolve/main/model.onnx"
    assert "Target/Condition" not in found
    assert all(at(text, fact.span) == fact.value for fact in facts if isinstance(fact, Setting))
