"""What a product takes when its user says nothing, told from what he would have to ask for."""

from __future__ import annotations

from pathlib import Path

from tests.trace.test_menus import roles

ASK = "from openai import OpenAI\n\ndef ask(model, messages):\n    return OpenAI().chat.completions.create(model=model, messages=messages)\n"
LOAD = 'from sentence_transformers import CrossEncoder\n\nmodel = CrossEncoder("BAAI/bge-reranker-v2-m3")\n'
TABLE = """
from enum import Enum

class Kind(str, Enum):
    FAST = "fast"
    GOOD = "good"
    BEST = "best"

MODELS = {
    Kind.FAST: "gpt-4o-mini",
    Kind.GOOD: "gpt-4o",
    Kind.BEST: "gpt-4.1",
}

def answer(kind, messages):
    return ask(MODELS[kind], messages)
"""


def test_a_table_read_by_an_open_key_is_a_menu(tmp_path: Path) -> None:
    found = roles(tmp_path, {"app.py": ASK + TABLE})
    assert found == {f"openai:{name}": {"catalog"} for name in ("gpt-4o-mini", "gpt-4o", "gpt-4.1")}


def test_the_entry_that_a_field_picks_by_default_runs(tmp_path: Path) -> None:
    request = "from app import Kind\n\nclass Request:\n    kind: Kind = Kind.GOOD\n"
    found = roles(tmp_path, {"app.py": ASK + TABLE, "schemas.py": request})
    assert found["openai:gpt-4o"] == {"default"}
    assert found["openai:gpt-4.1"] == {"catalog"}


def test_a_constant_that_many_old_names_stand_for_is_used(tmp_path: Path) -> None:
    aliases = """
CURRENT = "gpt-4.1"
ALIASES = {"one": CURRENT, "two": CURRENT, "three": CURRENT, "four": CURRENT}

def answer(name, messages):
    return ask(ALIASES[name], messages)
"""
    assert roles(tmp_path, {"app.py": ASK + aliases}) == {"openai:gpt-4.1": {"default"}}


def test_of_constants_that_start_a_program_the_last_one_counts(tmp_path: Path) -> None:
    start = """
START_ENGINE = "fast"
START_ENGINE = "good"

def build(engine, messages):
    if engine == "fast":
        return ask("gpt-4o-mini", messages)
    if engine == "good":
        return ask("gpt-4o", messages)

build(START_ENGINE, [])
"""
    found = roles(tmp_path, {"app.py": ASK + start})
    assert found == {"openai:gpt-4o-mini": {"optional"}, "openai:gpt-4o": {"default"}}


def test_what_a_library_of_an_extra_loads_is_optional(tmp_path: Path) -> None:
    project = '[project]\nname = "acme"\ndependencies = []\n[project.optional-dependencies]\nrerank = ["sentence-transformers>=3"]\n'
    found = roles(tmp_path, {"pyproject.toml": project, "acme/rank.py": LOAD})
    assert found == {"BAAI/bge-reranker-v2-m3": {"optional"}}


def test_what_a_library_loads_that_the_product_always_has_runs(tmp_path: Path) -> None:
    project = '[project]\nname = "acme"\ndependencies = ["sentence-transformers>=3"]\n'
    found = roles(tmp_path, {"pyproject.toml": project, "acme/rank.py": LOAD})
    assert found == {"BAAI/bge-reranker-v2-m3": {"default"}}


def test_a_part_whose_switch_is_off_is_optional(tmp_path: Path) -> None:
    settings = 'class Settings:\n    RERANKER_ENABLED: bool = {}\n    RERANKER_MODEL: str = "BAAI/bge-reranker-v2-m3"\n'
    use = "from sentence_transformers import CrossEncoder\nfrom settings import Settings\n\nranker = CrossEncoder(Settings().RERANKER_MODEL)\n"
    off = roles(tmp_path / "off", {"settings.py": settings.format("False"), "rank.py": use})
    on = roles(tmp_path / "on", {"settings.py": settings.format("True"), "rank.py": use})
    assert off == {"BAAI/bge-reranker-v2-m3": {"optional"}}
    assert on == {"BAAI/bge-reranker-v2-m3": {"default"}}


def test_a_sample_speaks_only_where_code_has_no_default_of_its_own(tmp_path: Path) -> None:
    sample = {".env.example": "LLM_MODEL=deepseek-chat\n"}
    read = ASK + "import os\n\nask(os.environ[{}], [])\n"
    alone = roles(tmp_path / "alone", {**sample, "app.py": read.format('"LLM_MODEL"')})
    beside = roles(
        tmp_path / "beside", {**sample, "app.py": read.replace("environ[{}]", 'getenv("LLM_MODEL", "gpt-4o")')}
    )
    assert alone["deepseek:deepseek-chat"] == {"configured"}
    assert beside == {"deepseek:deepseek-chat": {"optional"}, "openai:gpt-4o": {"default"}}


def test_one_entry_of_a_table_of_providers_needs_to_be_chosen(tmp_path: Path) -> None:
    config = "embedder:\n  provider: openai\n  model: text-embedding-3-small\n  providers:\n    voyage:\n      model: voyage-3\n"
    found = roles(tmp_path, {"config.yaml": config})
    assert found["voyage:voyage-3"] == {"optional"}
    assert found["openai:text-embedding-3-small"] == {"configured"}


def test_a_script_that_trains_what_it_loads_runs_nothing(tmp_path: Path) -> None:
    script = """
import argparse
from transformers import AutoModelForCausalLM, Seq2SeqTrainer

parser = argparse.ArgumentParser()
parser.add_argument("--model_name_or_path", default="EleutherAI/pythia-12b")
args = parser.parse_args()
model = AutoModelForCausalLM.from_pretrained(args.model_name_or_path)
Seq2SeqTrainer(model=model).train()
"""
    assert roles(tmp_path, {"qlora.py": script}) == {"EleutherAI/pythia-12b": {"training"}}


def test_what_a_module_tries_when_it_is_started_alone_is_optional(tmp_path: Path) -> None:
    module = ASK + '\nif __name__ == "__main__":\n    ask("gpt-4o-mini", [])\n'
    alone = roles(tmp_path / "alone", {"llm.py": module})
    imported = roles(tmp_path / "imported", {"llm.py": module, "server.py": "from llm import ask\n"})
    assert alone == {"openai:gpt-4o-mini": {"default"}}
    assert imported == {"openai:gpt-4o-mini": {"optional"}}


def test_branches_of_a_script_are_a_menu(tmp_path: Path) -> None:
    arms = "".join(
        f"    {size})\n        export MODEL_NAME=meta-llama/Llama-2-{size}-chat-hf\n        ;;\n"
        for size in ("7b", "13b", "70b")
    )
    found = roles(tmp_path, {"run.sh": f"#!/bin/sh\ncase $model in\n{arms}esac\nvllm serve $MODEL_NAME\n"})
    assert set().union(*found.values()) == {"catalog"}


def test_what_a_designers_preview_shows_is_an_example(tmp_path: Path) -> None:
    screen = (
        '@Preview\n@Composable\nprivate fun ScreenPreview() {\n    Screen(modelId = "Qwen/Qwen2.5-7B-Instruct")\n}\n'
    )
    assert roles(tmp_path, {"Screen.kt": screen}) == {"Qwen/Qwen2.5-7B-Instruct": {"example"}}


SETTINGS = """
import os
from openai import OpenAI

def get_env_variable(name, default_value=None):
    value = os.getenv(name)
    return default_value if value is None else value

PROVIDER = get_env_variable("LLM_PROVIDER", "openai")

if PROVIDER == "openai":
    MODEL = get_env_variable("LLM_MODEL", "gpt-4o-mini")
elif PROVIDER == "deepseek":
    MODEL = get_env_variable("LLM_MODEL", default_value="deepseek-chat")

OpenAI().chat.completions.create(model=MODEL, messages=[])
"""


def test_a_function_of_ones_own_that_asks_the_environment_gives_its_default(tmp_path: Path) -> None:
    found = roles(tmp_path, {"app.py": SETTINGS})
    assert found == {"openai:gpt-4o-mini": {"default"}, "deepseek:deepseek-chat": {"optional"}}


def test_what_a_function_hands_back_goes_to_the_caller_that_gave_it(tmp_path: Path) -> None:
    code = """
def named(text):
    return text.strip()

label = named("gpt-4o")
show(label)
ask(named("gpt-4.1"), [])
"""
    found = roles(tmp_path, {"app.py": ASK + code})
    assert found["openai:gpt-4.1"] == {"default"}
    assert found["openai:gpt-4o"] == {"optional"}


def test_a_question_is_answered_by_what_stands_first(tmp_path: Path) -> None:
    page = """
import streamlit as st

model = st.sidebar.selectbox("Model", ["gpt-4o-mini", "gpt-4o", "gpt-4.1"])
ask(model, [])
"""
    found = roles(tmp_path, {"app.py": ASK + page})
    assert found == {"openai:gpt-4o-mini": {"default"}, "openai:gpt-4o": {"catalog"}, "openai:gpt-4.1": {"catalog"}}


def test_a_question_over_a_list_elsewhere_is_answered_by_its_first(tmp_path: Path) -> None:
    page = """
import streamlit as st

MODELS = ["gpt-4o-mini", "gpt-4o", "gpt-4.1"]
ask(st.selectbox("Model", MODELS, index=0), [])
"""
    found = roles(tmp_path, {"app.py": ASK + page})
    assert found["openai:gpt-4o-mini"] == {"default"}
    assert found["openai:gpt-4.1"] == {"catalog"}


def test_a_field_to_fill_in_holds_a_default(tmp_path: Path) -> None:
    page = 'import click\n\nask(click.prompt("Model", default="gpt-4o"), [])\n'
    assert roles(tmp_path, {"app.py": ASK + page}) == {"openai:gpt-4o": {"default"}}


def test_a_program_is_started_with_the_variables_of_its_deployment(tmp_path: Path) -> None:
    code = """
import os

class Search:
    deployment_template = {"resource_shape": "cpu.small", "env": {"LLM_MODEL": "gpt-4o", "BACKEND": "BING"}}

    def answer(self):
        ask(os.environ["LLM_MODEL"], [])
"""
    assert roles(tmp_path, {"app.py": ASK + code}) == {"openai:gpt-4o": {"default"}}


def test_the_member_that_a_variable_has_by_default_chooses(tmp_path: Path) -> None:
    settings = """
from enum import Enum

class Provider(Enum):
    OPENAI = "openai"
    DEEPSEEK = "deepseek"

def get_env_variable(name, default=None):
    return os.environ.get(name) or default

PROVIDER = Provider(get_env_variable("LLM_PROVIDER", Provider.OPENAI.value).lower())

if PROVIDER == Provider.OPENAI:
    MODEL = get_env_variable("LLM_MODEL", "gpt-4o-mini")
elif PROVIDER == Provider.DEEPSEEK:
    MODEL = get_env_variable("LLM_MODEL", "deepseek-chat")

ask(MODEL, [])
"""
    found = roles(tmp_path, {"app.py": ASK + settings})
    assert found == {"openai:gpt-4o-mini": {"default"}, "deepseek:deepseek-chat": {"optional"}}


def test_a_client_that_names_no_model_behind_a_choice_that_nobody_makes_is_optional(tmp_path: Path) -> None:
    code = """
from langchain_openai import OpenAIEmbeddings
from langchain_huggingface import HuggingFaceEmbeddings

def load(provider):
    if provider == "openai":
        return OpenAIEmbeddings()
    return HuggingFaceEmbeddings(model_name="BAAI/bge-m3")
"""
    found = roles(tmp_path, {"app.py": code})
    assert found == {"openai:text-embedding-ada-002": {"optional"}, "BAAI/bge-m3": {"default"}}


LANGUAGES = """
from faster_whisper import WhisperModel

def transcribe(path, language="en"):
    if language == "zh":
        name = "BELLE-2/Belle-whisper-large-v3-zh"
    else:
        name = "Systran/faster-whisper-large-v3"
    return WhisperModel(name).transcribe(path)
"""


def test_what_is_for_another_language_than_the_default_is_optional(tmp_path: Path) -> None:
    found = roles(tmp_path, {"asr.py": LANGUAGES})
    assert found == {"BELLE-2/Belle-whisper-large-v3-zh": {"optional"}, "Systran/faster-whisper-large-v3": {"default"}}


def test_what_is_for_the_language_that_is_the_default_runs(tmp_path: Path) -> None:
    found = roles(tmp_path, {"asr.py": LANGUAGES.replace('"en"', '"zh"')})
    assert found["BELLE-2/Belle-whisper-large-v3-zh"] == {"default"}


def test_a_method_of_a_step_that_settings_do_not_take_is_optional(tmp_path: Path) -> None:
    main = """
from speak import acme_speak, other_speak

def speak(text):
    TTS_METHOD = load_key("tts_method")
    if TTS_METHOD == "acme":
        acme_speak(text)
    elif TTS_METHOD == "other":
        other_speak(text)
"""
    speak = """
from openai import OpenAI

def acme_speak(text):
    OpenAI().audio.speech.create(model="tts-1", input=text)

def other_speak(text):
    OpenAI().audio.speech.create(model="gpt-4o-mini-tts", input=text)
"""
    found = roles(tmp_path, {"main.py": main, "speak.py": speak, "config.yaml": "tts_method: acme\n"})
    assert found == {"openai:tts-1": {"default"}, "openai:gpt-4o-mini-tts": {"optional"}}


BUILD = """from providers import Painter


class Studio:
    def __init__(self, config):
        self.painter = self.start(config)

    def start(self, config):
        try:
            on = getattr(config, "PAINTING_ENABLED", False)
            if not on:
                return None
            return Painter()
        except ValueError:
            return None
"""
PAINTER = """from openai import OpenAI


class Painter:
    MODEL = "gpt-4o-mini"

    def paint(self, messages):
        return OpenAI().chat.completions.create(model=self.MODEL, messages=messages)
"""


def test_what_stands_after_a_return_of_who_has_not_switched_it_on_is_optional(tmp_path: Path) -> None:
    files = {"studio.py": BUILD, "providers.py": PAINTER, "settings.py": "PAINTING_ENABLED = False\n"}
    assert roles(tmp_path, files) == {"openai:gpt-4o-mini": {"optional"}}


def test_what_stands_after_a_return_of_who_has_switched_it_off_runs(tmp_path: Path) -> None:
    files = {"studio.py": BUILD, "providers.py": PAINTER, "settings.py": "PAINTING_ENABLED = True\n"}
    assert roles(tmp_path, files) == {"openai:gpt-4o-mini": {"default"}}


CHECKS = """from openai import OpenAI


def tidy(text):
    return text.strip()


{decorator}def is_polite(text):
    return OpenAI().chat.completions.create(model="gpt-4o-mini", messages=[text])
"""
TIDIED = "from checks import tidy\n\nprint(tidy(input()))\n"


def test_a_function_that_nothing_names_is_optional(tmp_path: Path) -> None:
    found = roles(tmp_path, {"main.py": TIDIED, "checks.py": CHECKS.format(decorator="")})
    assert found == {"openai:gpt-4o-mini": {"optional"}}


def test_a_function_that_its_decorator_takes_runs(tmp_path: Path) -> None:
    found = roles(tmp_path, {"main.py": TIDIED, "checks.py": CHECKS.format(decorator="@app.task\n")})
    assert found == {"openai:gpt-4o-mini": {"default"}}


def test_a_function_that_a_package_hands_out_or_an_example_calls_runs(tmp_path: Path) -> None:
    for other in ("polite/__init__.py", "examples/try.py"):
        files = {"main.py": TIDIED, "checks.py": CHECKS.format(decorator=""), other: "from checks import is_polite\n"}
        assert roles(tmp_path / other.partition("/")[0], files) == {"openai:gpt-4o-mini": {"default"}}


def test_what_only_functions_behind_a_switch_that_is_off_call_is_optional(tmp_path: Path) -> None:
    deep = ASK + 'def draft(messages):\n    return ask("gpt-4o-mini", messages)\n'
    way = "from app import draft\n\ndef write(messages):\n    return draft(messages)\n\n"
    asked = "DRAFTING = False\n\ndef start(messages):\n    if DRAFTING:\n        return write(messages)\n"
    assert roles(tmp_path / "a", {"app.py": deep, "main.py": way + asked}) == {"openai:gpt-4o-mini": {"optional"}}
    always = "def start(mode, messages):\n    return write(messages)\n"
    assert roles(tmp_path / "b", {"app.py": deep, "main.py": way + always}) == {"openai:gpt-4o-mini": {"default"}}
