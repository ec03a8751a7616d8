"""One small file of each syntax that the examples do not hold, so that fuzzing begins behind the first token."""

from __future__ import annotations

import io
import json
import pickle
import struct
import zipfile


def start(target: str) -> bytes:
    """The file, b"" for a target that the examples serve well."""
    text = _TEXTS.get(target, "")
    return text.encode() if text else _BYTES.get(target, b"")


def gguf(pairs: dict[str, str], *, stated: int | None = None) -> bytes:
    """A GGUF header of string pairs; `stated` is the number that it claims to hold."""
    body = b"".join(_string(key) + struct.pack("<I", 8) + _string(value) for key, value in pairs.items())
    return b"GGUF" + struct.pack("<IQQ", 3, 0, len(pairs) if stated is None else stated) + body


def _string(text: str) -> bytes:
    return struct.pack("<Q", len(text.encode())) + text.encode()


def safetensors(header: bytes, *, stated: int | None = None) -> bytes:
    """A safetensors file of that header; `stated` is the length that it claims."""
    return (len(header) if stated is None else stated).to_bytes(8, "little") + header


def checkpoint(content: bytes, *, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A zipped checkpoint around a pickle."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", method) as archive:
        archive.writestr(zipfile.ZipInfo("archive/data.pkl"), content, method)
    return made.getvalue()


_CODE: dict[str, object] = {
    "cell_type": "code",
    "metadata": {},
    "source": ["%pip install x\n", "AutoModel.from_pretrained('Qwen/Qwen3-8B')\n"],
}
_CODE |= {"outputs": [{"output_type": "stream", "text": ["loaded Qwen/Qwen3-8B\n"]}], "execution_count": 1}
_CELLS = [_CODE, {"cell_type": "markdown", "metadata": {}, "source": "uses `Qwen/Qwen3-8B`"}]
_TEXTS: dict[str, str] = {
    "notebook": json.dumps({"cells": _CELLS, "metadata": {"kernelspec": {"language": "python"}}, "nbformat": 4}),
    "vue": "<script setup lang='ts'>\nconst m = ref('Qwen/Qwen3-8B')\n</script>\n<template><p>{{ m }}</p></template>\n",
    "kotlin": 'val model = System.getenv("MODEL") ?: "Qwen/Qwen3-8B"\nfun f(x: String = "a") = when (x) { "a" -> load(model)\nelse -> null }\n',
    "ruby": "MODEL = ENV.fetch('MODEL', 'Qwen/Qwen3-8B')\nclass A\n  def f(m: MODEL) = client.chat(parameters: { model: m })\nend\n",
    "php": "<?php\nnamespace A;\nconst M = 'Qwen/Qwen3-8B';\nclass B { function f($m = M) { return $this->c->chat(['model' => $m]); } }\n",
    "swift": 'let model = "Qwen/Qwen3-8B"\nstruct A { var m = model\n func f(_ x: String = "a") { load(id: m) } }\n',
    "cpp": '#include "a.h"\nstatic const char *M = "Qwen/Qwen3-8B";\nint main(int n, char **a) { return load({.model = M, "x"}); }\n',
    "csharp": 'using A;\nclass B { const string M = "Qwen/Qwen3-8B"; void F(string m = M) => new Client(m).Chat(model: m); }\n',
    "java": 'import a.B;\nclass C { static final String M = "Qwen/Qwen3-8B"; void f() { B.builder().modelName(M).build(); } }\n',
    "rust": 'use a::b;\nconst M: &str = "Qwen/Qwen3-8B";\nfn f(m: Option<&str>) { b::load(m.unwrap_or(M)); }\n',
    "ini": "[a]\nmodel = Qwen/Qwen3-8B ; c\n# x\nb: 'c'\n",
    "properties": "a.model=Qwen/Qwen3-8B\n! x\nb : c\\\n  d\n",
    "compose": "services:\n  a:\n    image: ${I:-x/y}:1\n    command: [--model, Qwen/Qwen3-8B]\n    environment:\n      - MODEL=Qwen/Qwen3-8B\n    profiles: [x]\n",
    "workflow": "on: push\njobs:\n  a:\n    env: {MODEL: Qwen/Qwen3-8B}\n    steps:\n      - run: |\n          pip install x\n          y --model $MODEL\n",
    "helm": "model:\n  name: Qwen/Qwen3-8B\nargs: ['--model={{ .Values.model.name }}']\nenv:\n  - name: MODEL\n    value: &a x\n  - *a\n",
    "card": "---\nbase_model: [Qwen/Qwen3-8B]\ntags: [a]\n---\n# A\n\n```python\nload('Qwen/Qwen3-8B')\n```\n<!-- x -->\n[b](https://huggingface.co/Qwen/Qwen3-8B)\n",
    "prose": "A\n=\n\n.. code:: python\n\n   load('Qwen/Qwen3-8B')\n",
    "dockerfile": "# syntax=x\nARG M=Qwen/Qwen3-8B\nFROM a:b AS c\nENV MODEL=$M A=\"b\" \\\n  C=d\nRUN <<EOF\nx --model $M\nEOF\nCMD [\"serve\", \"Qwen/Qwen3-8B\"]\n",
    "modelfile": "FROM qwen3:8b\nPARAMETER x 1\nSYSTEM \"\"\"a\nb\"\"\"\nADAPTER ./a\n",
    "shell": "#!/bin/sh\nM=${1:-Qwen/Qwen3-8B}\nif [ -n \"$M\" ]; then x --model \"$M\" && y <<E\na\nE\nfi\n",
    "makefile": "M ?= Qwen/Qwen3-8B\na: b\n\t@x --model $(M) \\\n\t  -y\ninclude c\n",
    "requirements": "transformers[torch]==4.51.0 ; python_version >= '3.9' --hash=sha256:0\n-r b.txt\n-e git+https://x/y.git@v1#egg=z\na~=1.0,!=1.1 # c\n",
    "pyproject": "[project]\nname = \"a\"\ndependencies = [\"x>=1\", 'y[z]==2']\n[project.optional-dependencies]\nb = [\"c\"]\n[tool.poetry.dependencies]\nd = {version = \"^1\", optional = true}\n[dependency-groups]\ne = [{include-group = \"f\"}]\n",
    "setup-cfg": "[options]\ninstall_requires =\n  x>=1\n  y\n[options.extras_require]\na = b\n",
    "setup-py": "from setuptools import setup\nsetup(name='a', install_requires=['x>=1'] + Y, extras_require={'b': ['c']})\n",
    "environment": "name: a\ndependencies:\n  - x=1.0=py_0\n  - pip:\n    - y==2\n",
    "package-json": '{"name": "a", "dependencies": {"x": "^1", "y": "npm:z@2"}, "scripts": {"s": "a --model Qwen/Qwen3-8B"}}',
    "composer": '{"require": {"a/b": "^1"}}',
    "go-mod": "module a\ngo 1.22\nrequire (\n\tb.c/d v1.2.3 // indirect\n)\nreplace e.f/g => h.i/j v1\n",
    "cargo": "[package]\nname = \"a\"\n[dependencies]\nx = \"1\"\ny = { version = \"2\", optional = true }\n[target.'cfg(a)'.dev-dependencies]\nz = \"*\"\n",
    "gemfile": "source 'x'\ngroup :test do\n  gem 'a', '~> 1', require: false\nend\n",
    "pom": "<project><dependencies><dependency><groupId>a.b</groupId><artifactId>c</artifactId><version>${v}</version></dependency></dependencies><!-- x --></project>",
    "gradle": "dependencies {\n  implementation('a:b:1')\n  testImplementation group: 'c', name: 'd', version: '2'\n}\n",
    "nuget": '<Project><ItemGroup><PackageReference Include="A.B" Version="1" /><PackageVersion Include="C"><Version>2</Version></PackageVersion></ItemGroup></Project>',
    "uv-lock": 'version = 1\n[[package]]\nname = "a"\nversion = "1"\nsource = { editable = "." }\ndependencies = [{ name = "b", extra = ["c"] }]\n[[package]]\nname = "b"\nversion = "2"\n',
    "poetry-lock": '[[package]]\nname = "a"\nversion = "1"\noptional = false\n[package.dependencies]\nb = { version = "*", extras = ["c"] }\n[extras]\nd = ["a"]\n',
    "pdm-lock": '[[package]]\nname = "a"\nversion = "1"\ngroups = ["default"]\ndependencies = ["b>=1; x"]\n',
    "pylock": 'lock-version = "1.0"\n[[packages]]\nname = "a"\nversion = "1"\n[[packages.dependencies]]\nname = "b"\n',
    "cargo-lock": '[[package]]\nname = "a"\nversion = "1.0.0"\nsource = "registry+x"\ndependencies = ["b 1.0.0"]\n',
    "pipfile-lock": '{"default": {"a": {"version": "==1"}}, "develop": {"b": {}}}',
    "package-lock": '{"lockfileVersion": 3, "packages": {"": {"dependencies": {"a": "1"}}, "node_modules/a": {"version": "1.0.0", "dependencies": {"b": "*"}}}}',
    "bun-lock": '{"lockfileVersion": 1, "workspaces": {"": {"dependencies": {"a": "1"}}}, "packages": {"a": ["a@1.0.0", "", {"dependencies": {"b": "*"}}, "x"],},}',
    "yarn-lock": '# yarn lockfile v1\n"a@^1", a@*:\n  version "1.0.0"\n  dependencies:\n    b "*"\n__metadata:\n  version: 8\n"c@npm:^1":\n  version: 1.0.0\n  resolution: "c@npm:1.0.0"\n',
    "pnpm-lock": "lockfileVersion: '9.0'\nimporters:\n  .:\n    dependencies:\n      a:\n        specifier: ^1\n        version: 1.0.0(b@2)\npackages:\n  a@1.0.0:\n    resolution: {integrity: x}\nsnapshots:\n  a@1.0.0(b@2):\n    dependencies:\n      b: 2.0.0\n",
    "go-sum": "a.b/c v1.0.0 h1:x=\na.b/c v1.0.0/go.mod h1:y=\n",
    "conda-lock": "version: 1\npackage:\n  - name: a\n    version: '1'\n    manager: pip\n    dependencies: {b: '*'}\n",
    "env": "export MODEL=\"Qwen/Qwen3-8B\" # c\nA='b'\n#C=d\n",
    "hcl": 'variable "model" {\n  default = "Qwen/Qwen3-8B"\n}\nresource "a" "b" {\n  c = ["--model", "${var.model}"] # x\n  d = <<-E\n    e\n  E\n}\n',
}  # fmt: skip
_BYTES: dict[str, bytes] = {
    "gguf": gguf({"general.name": "Qwen3 8B", "general.architecture": "qwen3"}),
    "safetensors": safetensors(b'{"__metadata__": {"format": "pt"}, "a": {"dtype": "F16", "shape": [1]}}'),
    "onnx": b"\x08\x07\x12\x07pytorch\x1a\x032.0\x3a\x0a\x12\x08main_grp\x72\x06\x0a\x01a\x12\x01b",
    "pickle": pickle.dumps({"a": struct.Struct, "b": [1, "c"]}, protocol=4),
    "checkpoint": checkpoint(pickle.dumps({"a": struct.Struct}, protocol=2)),
}
