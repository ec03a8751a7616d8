"""Deployment files to the commands that they run and the settings that they give."""

from __future__ import annotations

import time
from textwrap import dedent

import pytest

from auditor.detect import deploy
from auditor.domain.fact import Command, Setting
from tests.detect.sources import at, by_path, lines_of, source


def read(path: str, content: str) -> list[object]:
    """The facts of a file, after checking that spans slice to values and words."""
    facts: list[object] = list(deploy.parse(source(path, dedent(content))))
    for fact in facts:
        if isinstance(fact, Setting):
            assert at(dedent(content), fact.span) == fact.value
        if isinstance(fact, Command):
            assert all(at(dedent(content), span) == word for word, span in fact.argv)
    return facts


DOCKERFILE = """\
    # syntax=docker/dockerfile:1
    FROM --platform=linux/amd64 acme/server:1.0 AS base
    ARG MODEL=acme/m1
    ENV EMBED=acme/m2 RANK="acme/m3"
    ENV OLD acme/m4
    RUN --mount=type=cache,target=/x pip install y && \\
        # weights are baked in
        fetch acme/m5 \\
          --to /m
    RUN <<EOF
    fetch acme/m6
    EOF
    RUN ["fetch", "acme/m7"]
    ADD https://huggingface.co/acme/m8/resolve/main/w.gguf /m/
    """


def test_a_dockerfile_gives_its_build_commands_and_variables() -> None:
    facts = read("Dockerfile", DOCKERFILE)
    assert lines_of(facts) == [
        "run: pip install y",
        "run: fetch acme/m5 --to /m",
        "run: fetch acme/m6",
        "run: fetch acme/m7",
    ]
    assert by_path(facts) == {
        "FROM": "acme/server:1.0",
        "ARG/MODEL": "acme/m1",
        "ENV/EMBED": "acme/m2",
        "ENV/RANK": "acme/m3",
        "ENV/OLD": "acme/m4",
        "ADD": "https://huggingface.co/acme/m8/resolve/main/w.gguf",
    }


@pytest.mark.parametrize(
    "name", ["Dockerfile", "Dockerfile.gpu", "gpu.Dockerfile", "docker/Containerfile", "a.dockerfile"]
)
def test_dockerfiles_go_by_many_names(name: str) -> None:
    assert lines_of(read(name, "CMD serve acme/m1\n")) == ["start: serve acme/m1"]


@pytest.mark.parametrize(
    ("content", "commands"),
    [
        ('CMD ["serve", "acme/m1"]\n', ["serve acme/m1"]),
        ("CMD serve acme/m1 && other\n", ["serve acme/m1", "other"]),
        ('ENTRYPOINT ["serve"]\nCMD ["--model", "acme/m1"]\n', ["serve", "serve --model acme/m1"]),
        ('FROM acme/server\nCMD ["--model", "acme/m1"]\n', ["acme/server --model acme/m1"]),
        ('ENTRYPOINT ["a"]\nFROM x/y\nCMD ["b"]\n', ["a", "b"]),
        ("ENTRYPOINT exec serve \\\n  acme/m1\n", ["serve acme/m1"]),
        ("cmd serve acme/m1", ["serve acme/m1"]),
        ("CMD []\n", []),
    ],
)
def test_what_a_container_starts_with(content: str, commands: list[str]) -> None:
    assert lines_of(read("Dockerfile", content)) == [f"start: {command}" for command in commands]


COMPOSE = """\
    x-common: &common
      environment: {SHARED: acme/m0}
    services:
      llm:
        <<: *common
        image: acme/server:1
        command: --model acme/m1 --port 80
        profiles: [gpu, big]
      embed:
        image: acme/embed:1
        entrypoint: [serve]
        command:
          - --model
          - "acme/m2"
        environment:
          - EMBED=acme/m3
          - "RANK=${RANK:-acme/m4}"
          - FROM_HOST
      pull:
        entrypoint: ["sh", "-c", "pull acme/m5 && serve"]
        environment:
          M: acme/m6
      fold:
        command: >
          serve
          --model acme/m7
    models:
      chat:
        model: acme/m8
    """


def test_a_compose_file_gives_its_services_commands_and_environment() -> None:
    facts = read("deploy/docker-compose.prod.yml", COMPOSE)
    assert lines_of(facts) == [
        "start: acme/server:1 --model acme/m1 --port 80",
        "start: serve --model acme/m2",
        "start: pull acme/m5",
        "start: serve",
        "start: serve --model acme/m7",
    ]
    values = by_path(facts)
    assert values["services/embed/environment/RANK"] == "acme/m4"
    assert {key: value for key, value in values.items() if "/m" in value} == {
        "x-common/environment/SHARED": "acme/m0",
        "services/embed/environment/EMBED": "acme/m3",
        "services/embed/environment/RANK": "acme/m4",
        "services/pull/environment/M": "acme/m6",
        "models/chat/model": "acme/m8",
    }


def test_the_profiles_of_a_service_stand_beside_its_values() -> None:
    content = "services:\n  a:\n    profiles: [gpu, big]\n    environment:\n      M: acme/m1\n  b:\n    image: x/y\n"
    settings = [fact for fact in read("compose.yaml", content) if isinstance(fact, Setting)]
    beside = {fact.value: dict(fact.beside).get("profiles") for fact in settings}
    assert beside["acme/m1"] == "gpu,big"
    assert beside["x/y"] is None


def test_services_and_variables_are_no_menu() -> None:
    services = "".join(
        f"  s{n}:\n    image: acme/i{n}\n    environment:\n      A: acme/a{n}\n      B: x/b{n}\n" for n in range(4)
    )
    assert {fact.siblings for fact in read("compose.yml", "services:\n" + services) if isinstance(fact, Setting)} == {1}


KUBERNETES = """\
    apiVersion: apps/v1
    kind: Deployment
    spec:
      template:
        spec:
          containers:
          - name: a
            image: acme/server:1
            args: ["--model", "acme/m1", "--size", 8]
            env:
            - name: MODEL
              value: acme/m2
            - name: TOKEN
              valueFrom: {secretKeyRef: {name: s, key: k}}
          - name: b
            image: acme/other
            command: ["/bin/sh", "-c"]
            args:
            - |
              serve acme/m3 \\
                --fast
          - name: c
            command: [serve]
            args: [acme/m4]
    ---
    apiVersion: serving.kserve.io/v1beta1
    kind: InferenceService
    spec: {predictor: {model: {storageUri: "hf://acme/m5"}}}
    """


def test_a_manifest_gives_its_containers_commands_and_variables() -> None:
    facts = read("k8s/all.yaml", KUBERNETES)
    assert lines_of(facts) == [
        "start: acme/server:1 --model acme/m1 --size 8",
        "start: serve acme/m3 --fast",
        "start: serve acme/m4",
    ]
    containers = "spec/template/spec/containers"
    values = by_path(facts)
    assert values[f"{containers}/0/env/MODEL"] == "acme/m2"
    assert values["spec/predictor/model/storageUri"] == "hf://acme/m5"
    assert not any("args" in key or "command" in key for key in values)


def test_a_chart_template_is_read_around_its_actions() -> None:
    content = """\
    apiVersion: apps/v1
    kind: Deployment
    metadata:
      {{- with .Values.labels }}
      labels: {{ toYaml . | nindent 4 }}
      {{- end }}
    spec:
      containers:
      - image: "{{ .Values.image }}"
        args:
        - --model
        - {{ .Values.model | default "acme/m1" | quote }}
        env:
        - name: MODEL
          value: {{ .Values.embed | default "acme/m2" }}
    """
    assert by_path(read("chart/templates/d.yaml", content))["spec/containers/0/env/MODEL"] == "acme/m2"


CONFIG_MAP = """\
    apiVersion: v1
    kind: ConfigMap
    data:
      app.yaml: |
        # was acme/old1
        llm:
          model: acme/m1
      app.json: |
        {"model": "acme/m2"}
      .env: |
        MODEL=acme/m3
      app.properties: |
        llm.model=acme/m4
        llm.other=acme/m5
      start.txt: |
        model: acme/no
    """


def test_configuration_files_inside_a_manifest_are_read() -> None:
    values = by_path(read("k8s/config.yaml", CONFIG_MAP))
    assert {key: value for key, value in values.items() if key.startswith("data/")} == {
        "data/app.yaml/llm/model": "acme/m1",
        "data/app.json/model": "acme/m2",
        "data/.env/MODEL": "acme/m3",
        "data/app.properties/llm/model": "acme/m4",
        "data/app.properties/llm/other": "acme/m5",
    }


WORKFLOW = """\
    on: push
    env:
      MODEL: acme/m1
    jobs:
      test:
        steps:
        - uses: actions/checkout@v4
        - run: pull acme/m2
        - run: |
            export RANK=acme/m3
            serve --model acme/m4
          env: {EMBED: acme/m5}
    """


def test_a_workflow_gives_its_steps_and_environment() -> None:
    facts = read(".github/workflows/ci.yml", WORKFLOW)
    assert lines_of(facts) == ["shell: pull acme/m2", "shell: serve --model acme/m4"]
    values = by_path(facts)
    assert (values["env/MODEL"], values["RANK"], values["jobs/test/steps/2/env/EMBED"]) == (
        "acme/m1",
        "acme/m3",
        "acme/m5",
    )


@pytest.mark.parametrize(
    ("path", "content", "commands"),
    [
        (
            ".gitlab-ci.yml",
            "t:\n  script:\n  - pull acme/m1\n  - a && b\n",
            ["shell: pull acme/m1", "shell: a", "shell: b"],
        ),
        ("Procfile", "web: A=b serve acme/m1\n", ["start: serve acme/m1"]),
        ("values.yaml", "server:\n  args: [serve, acme/m1]\n", ["start: serve acme/m1"]),
        ("mcp.json", '{"s": {"command": "npx", "args": ["serve", "acme/m1"]}}', ["start: npx serve acme/m1"]),
        ("task.json", '{"image": "acme/i", "command": ["--model", "acme/m1"]}', ["start: acme/i --model acme/m1"]),
        ("package.json", '{"scripts": {"start": "serve acme/m1 && b"}}', ["shell: serve acme/m1", "shell: b"]),
        ("main.tf", 'c {\n  command = ["serve", "acme/m1"]\n}\n', ["start: serve acme/m1"]),
        ("plain.yaml", "model: acme/m1\n", []),
    ],
)
def test_other_places_that_hold_commands(path: str, content: str, commands: list[str]) -> None:
    assert lines_of(read(path, content)) == commands


def test_a_modelfile_names_what_it_is_made_from() -> None:
    facts = read("Modelfile", '# FROM acme/old\nFROM large2.5:7b\nADAPTER "./a.gguf"\nPARAMETER temperature 1\n')
    assert by_path(facts) == {"FROM": "large2.5:7b", "ADAPTER": "./a.gguf"}


def test_commented_out_lines_are_not_live() -> None:
    content = "services:\n  a:\n    image: x/y\n    environment:\n      # MODEL: acme/old\n      B: acme/m1\n"
    dead = [fact for fact in read("compose.yml", content) if isinstance(fact, Setting) and not fact.live]
    assert [(fact.path, fact.value) for fact in dead] == [(("MODEL",), "acme/old")]


def test_a_merge_key_bomb_is_not_expanded() -> None:
    levels = "".join(f"x{n}: &x{n}\n  a: *x{n - 1}\n  b: *x{n - 1}\n  c: *x{n - 1}\n" for n in range(1, 40))
    start = time.monotonic()
    facts = read("compose.yml", "x0: &x0 {command: [serve, acme/m1]}\n" + levels + "services: {a: {command: *x39}}\n")
    assert lines_of(facts) == ["start: serve acme/m1"]
    assert time.monotonic() - start < 2


@pytest.mark.parametrize(
    "piece", ["RUN a \\\n", "FROM ", "RUN <<E\n", 'ENV A="', "CMD [", "# a\n", "RUN \\\n#\n", "ENV a=b \\\n"]
)
def test_repeated_openings_cost_linear_time(piece: str) -> None:
    start = time.monotonic()
    list(deploy.parse(source("Dockerfile", piece * 20_000)))
    assert time.monotonic() - start < 10
