"""Notebooks and components to the facts of their code, placed where the file spells them."""

from __future__ import annotations

import json
from collections.abc import Mapping

import pytest

from auditor.detect import component, notebook
from auditor.domain.fact import Argument, Command, Fact, Literal, Prose, Read
from tests.detect.sources import at, source


def code(*lines: str, outputs: list[object] | None = None, **metadata: object) -> dict[str, object]:
    return {"cell_type": "code", "metadata": metadata, "outputs": outputs or [], "source": [*lines]}


def book(*cells: Mapping[str, object], language: str = "python", indent: int | None = 1) -> str:
    kernel = {"kernelspec": {"name": f"{language}-kernel", "language": language}}
    return json.dumps({"cells": cells, "metadata": kernel, "nbformat": 4}, indent=indent)


def read(content: str) -> list[Fact]:
    return list(notebook.parse(source("a.ipynb", content)))


def literals(facts: list[Fact]) -> dict[str, Literal]:
    return {fact.text: fact for fact in facts if isinstance(fact, Literal)}


@pytest.mark.parametrize("indent", [None, 1, 4])
def test_a_name_stands_where_the_notebook_file_spells_it(indent: int | None) -> None:
    content = book(code("a = 1\n", 'x = "é\\n"; y = "😀\\\\"; load("acme/m1")'), indent=indent)
    found = literals(read(content))["acme/m1"]
    assert at(content, found.span) == "acme/m1"


def test_a_cell_may_be_one_string() -> None:
    content = json.dumps({"cells": [{"cell_type": "code", "source": 'import x\n\nx.load("acme/m1")\n'}]})
    assert at(content, literals(read(content))["acme/m1"].span) == "acme/m1"


def test_a_notebook_of_the_third_format_is_read() -> None:
    cell = {"cell_type": "code", "language": "python", "input": ['load("acme/m1")'], "outputs": []}
    content = json.dumps({"worksheets": [{"cells": [cell]}], "nbformat": 3})
    assert "acme/m1" in literals(read(content))


def test_a_constant_of_one_cell_is_read_in_another() -> None:
    facts = read(book(code('MODEL = "acme/m1"'), code("load(MODEL)")))
    assert Argument("load", 0, "") in [f.place for f in facts if isinstance(f, Read) and f.name == "a.MODEL"]


def test_text_is_a_document_and_what_was_printed_is_output() -> None:
    printed = {"output_type": "stream", "name": "stdout", "text": ["loading\n", "acme/m2 ready\n"]}
    shown = {"output_type": "execute_result", "data": {"text/plain": "'acme/m3'", "image/png": "aaa/b1="}}
    text = {"cell_type": "markdown", "source": ["# About\n", "acme/m1"]}
    content = book(text, code("run()", outputs=[printed, shown]))
    words = {f.text: (f.where, at(content, f.span)) for f in read(content) if isinstance(f, Prose)}
    assert words == {
        "acme/m1": ("document", "acme/m1"),
        "acme/m2": ("output", "acme/m2"),
        "acme/m3": ("output", "acme/m3"),
    }


def test_what_a_cell_runs_in_the_shell_is_a_command() -> None:
    content = book(code("!pip install \\\n", "  acme==1\n", "%pip install b==2\n", "%matplotlib inline\n", "x = 1"))
    commands = [f for f in read(content) if isinstance(f, Command)]
    assert [[word for word, _ in c.argv] for c in commands][:2] == [
        ["pip", "install", "acme==1"],
        ["pip", "install", "b==2"],
    ]
    assert at(content, commands[0].argv[2][1]) == "acme==1"


@pytest.mark.parametrize("magic", ["%%bash", "%%sh"])
def test_a_shell_cell_is_a_script(magic: str) -> None:
    (command,) = (f for f in read(book(code(f"{magic}\n", "serve acme/m1"))) if isinstance(f, Command))
    assert [word for word, _ in command.argv] == ["serve", "acme/m1"]


@pytest.mark.parametrize("magic", ["%%time", "%%capture out"])
def test_a_timed_cell_is_still_python(magic: str) -> None:
    assert "acme/m1" in literals(read(book(code(f"{magic}\n", 'load("acme/m1")'))))


def test_a_cell_in_another_language_is_not_python() -> None:
    assert literals(read(book(code("%%html\n", '<a href="acme/m1">')))) == {}


def test_javascript_notebooks_are_read_as_such() -> None:
    content = book(code('const m = await load("acme/m1");'), language="typescript")
    assert at(content, literals(read(content))["acme/m1"].span) == "acme/m1"


def test_a_notebook_may_speak_several_languages() -> None:
    sharp = code('var c = new ChatClient("acme/m1");', polyglot_notebook={"kernelName": "csharp"})
    content = book(sharp, code('const m = load("acme/m2");', vscode={"languageId": "javascript"}), language="C#")
    found = literals(read(content))
    assert {text: at(content, fact.span) for text, fact in found.items()} == {
        "acme/m1": "acme/m1",
        "acme/m2": "acme/m2",
    }


def test_a_broken_cell_costs_nothing_but_itself() -> None:
    content = book(code('load("acme/m1")'), code("def (\n"), code('load("acme/m2")'))
    found: list[Fact] = []
    with pytest.raises(SyntaxError, match="code cell 2") as error:
        found.extend(notebook.parse(source("a.ipynb", content)))
    assert {"acme/m1", "acme/m2"} <= set(literals(found))
    assert "def (" in content.splitlines()[(error.value.lineno or 0) - 1]


@pytest.mark.parametrize("path", ["a.vue", "a.svelte"])
def test_the_scripts_of_a_component_are_read_where_they_stand(path: str) -> None:
    content = '<template><p :x="load(\'acme/no\')"/></template>\r\n<script setup lang="ts">\nconst m: X = load("acme/m1");\n</script>\n<script>\nload("acme/m2")\n</script>\n<style>a{}</style>'
    found = literals(list(component.parse(source(path, content))))
    assert {text: at(content, fact.span) for text, fact in found.items()} == {
        "acme/m1": "acme/m1",
        "acme/m2": "acme/m2",
    }
