"""What is offered beside others of its kind, and what runs, in programs as people write them."""

from __future__ import annotations

from pathlib import Path

from auditor.audit import audit
from auditor.config import Options
from auditor.domain.source import Target


def roles(folder: Path, files: dict[str, str]) -> dict[str, set[str]]:
    """The roles of each model of a repository of these files, by its id."""
    for path, text in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text)
    report = audit(Target(str(folder)), Options(cache=False))
    return {finding.id: {o.role.value for o in finding.occurrences} for finding in report.findings}


CHAT = """
import openai

class Chat:
    def __init__(self, model_id):
        self.model_id = model_id

    def answer(self, messages):
        return openai.OpenAI().chat.completions.create(model=self.model_id, messages=messages)
"""


def test_models_that_loops_register_one_after_another_are_a_menu(tmp_path: Path) -> None:
    register = """
def register_models(register):
    for model_id in ("gpt-4.1", "gpt-4.1-mini"):
        register(Chat(model_id))
    for model_id in ("o3", "o3-mini"):
        register(Chat(model_id))
"""
    found = roles(tmp_path, {"plugin.py": CHAT + register})
    assert found == {f"openai:{name}": {"catalog"} for name in ("gpt-4.1", "gpt-4.1-mini", "o3", "o3-mini")}


def test_two_models_that_a_loop_runs_are_used(tmp_path: Path) -> None:
    run = """
def compare(messages):
    for model_id in ("gpt-4.1", "o3"):
        Chat(model_id).answer(messages)
"""
    found = roles(tmp_path, {"compare.py": CHAT + run})
    assert found == {"openai:gpt-4.1": {"default"}, "openai:o3": {"default"}}


def test_a_class_that_only_a_chosen_provider_builds_by_its_own_function_is_optional(tmp_path: Path) -> None:
    engine = """
pub struct FimEngine { model_name: String }

impl FimEngine {
    pub fn create(model_name: Option<String>) -> Box<FimEngine> {
        let model_name = model_name.unwrap_or("codestral-latest".into());
        Box::new(Self { model_name })
    }
}
"""
    choose = """
use engine::FimEngine;

pub fn create(model: &HttpModelConfig) -> Box<FimEngine> {
    match model.kind.as_str() {
        "mistral/completion" => FimEngine::create(model.model_name.clone()),
        kind => panic!("unsupported {kind}"),
    }
}
"""
    found = roles(tmp_path, {"src/engine.rs": engine, "src/lib.rs": choose})
    assert found == {"mistral:codestral-latest": {"optional"}}


def test_what_a_default_holds_runs_though_nothing_is_seen_to_load_it(tmp_path: Path) -> None:
    config = """
fn default_embedding_config() -> ModelConfig {
    ModelConfig::Local(LocalModelConfig { model_id: "Nomic-Embed-Text".into(), parallelism: 1 })
}
"""
    assert roles(tmp_path, {"src/config.rs": config}) == {"nomic-ai/nomic-embed-text-v1.5": {"default"}}


SETTINGS = """
import OpenAI from "openai";

const SETTINGS = {
  chat: { enabled: true, model: "gpt-5-mini" },
  judge: { enabled: false, model: "gpt-5" },
};
const client = new OpenAI();

export const answer = (messages) => client.chat.completions.create({ model: SETTINGS.chat.model, messages });
export const judge = (messages) => client.chat.completions.create({ model: SETTINGS.judge.model, messages });
"""


def test_a_field_of_an_object_is_followed_to_its_reader_unless_a_switch_beside_it_is_off(tmp_path: Path) -> None:
    found = roles(tmp_path, {"chat.ts": SETTINGS})
    assert found == {"openai:gpt-5-mini": {"default"}, "openai:gpt-5": {"optional"}}


def test_options_of_a_script_reach_its_loader_by_what_they_are_for(tmp_path: Path) -> None:
    script = """
from dataclasses import dataclass
from transformers import AutoModelForCausalLM, HfArgumentParser

@dataclass
class ModelArguments:
    model_name_or_path: str = "facebook/opt-125m"

def run():
    model_args, data_args = HfArgumentParser((ModelArguments, DataArguments)).parse_args_into_dataclasses()
    return AutoModelForCausalLM.from_pretrained(model_args.model_name_or_path)
"""
    assert roles(tmp_path, {"chat.py": script}) == {"facebook/opt-125m": {"default"}}
    assert roles(tmp_path, {"chat.py": "", "train.py": script}) == {"facebook/opt-125m": {"training"}}


def test_a_report_of_what_was_used_loads_nothing(tmp_path: Path) -> None:
    report = 'telemetry.captureTaskCompleted({ modelId: "claude-sonnet-4-5" });\n'
    assert roles(tmp_path, {"telemetry.ts": report}) == {"anthropic:claude-sonnet-4-5": {"metadata"}}


def test_what_is_handed_on_as_a_dataset_is_no_model(tmp_path: Path) -> None:
    source = """
use hf_hub::{api::sync::Api, Repo, RepoType};

fn load_dataset_files(dataset_id: &str) -> Result<()> {
    let repo = Repo::with_revision(dataset_id.to_string(), RepoType::Dataset, "main".to_string());
    Api::new()?.repo(repo).get("train.parquet")
}

pub fn load() -> Result<()> {
    load_dataset_files("ylecun/mnist")
}
"""
    assert "default" not in roles(tmp_path, {"src/lib.rs": source}).get("ylecun/mnist", set())


def test_a_default_that_a_schema_describes_sets_nothing(tmp_path: Path) -> None:
    schema = '{"$defs": {"chatModel": {"default": {"provider": "openai", "model": "gpt-5-mini"}}}}'
    assert roles(tmp_path, {"config_schema.json": schema}) == {"openai:gpt-5-mini": {"metadata"}}


def test_a_class_in_a_list_of_its_kind_is_offered_and_not_built(tmp_path: Path) -> None:
    base = "export class Base { rerank(query, documents) { throw new Error(); } }\n"
    voyage = """
import { VoyageAIClient } from "voyageai";
import { Base } from "./base";

export class Voyage extends Base {
  rerank(query, documents) {
    return new VoyageAIClient().rerank({ query, documents, model: this.options.model ?? "rerank-2" });
  }
}
"""
    others = {
        f"src/{name.lower()}.ts": f'import {{ Base }} from "./base";\nexport class {name} extends Base {{ rerank(query) {{ return []; }} }}\n'
        for name in ("Local", "Remote")
    }
    listed = """
import { Local } from "./local";
import { Remote } from "./remote";
import { Voyage } from "./voyage";

const CLASSES = [Local, Remote, Voyage];
export const make = (name, options) => new (CLASSES.find((each) => each.name === name))(options);
"""
    files = {"src/base.ts": base, "src/voyage.ts": voyage, **others, "src/index.ts": listed}
    assert roles(tmp_path, files)["voyage:rerank-2"] == {"optional"}


def test_a_provider_that_names_its_model_too_is_configured(tmp_path: Path) -> None:
    found = roles(tmp_path, {"config.yml": 'llm:\n  provider: "openai/gpt-4o-mini"\n  temperature: 0.1\n'})
    assert found == {"openai:gpt-4o-mini": {"configured"}}


def test_a_default_that_only_a_template_takes_runs(tmp_path: Path) -> None:
    files = {
        "app/defaults.py": 'DEFAULT_COMPLETION_MODEL = "gpt-4.1"\n',
        "app/init.py": """
from app.defaults import DEFAULT_COMPLETION_MODEL

def write(path, model=DEFAULT_COMPLETION_MODEL):
    path.write_text(TEMPLATE.replace("<MODEL>", model))
""",
    }
    assert roles(tmp_path, files) == {"openai:gpt-4.1": {"default"}}


def test_a_library_does_not_bring_itself_in(tmp_path: Path) -> None:
    files = {
        "fastembed/embedding.py": "class DefaultEmbedding:\n    def __init__(self, model=None):\n        self.model = model\n",
        "fastembed/shell.py": "from fastembed.embedding import DefaultEmbedding\n\nDefaultEmbedding()\n",
    }
    assert roles(tmp_path / "itself", files) == {}
    product = {"app.py": files["fastembed/shell.py"], "requirements.txt": "fastembed==0.0.5\n"}
    assert roles(tmp_path / "product", product) == {"BAAI/bge-small-en": {"implied"}}


REGISTER = """
from dataclasses import dataclass
from langchain.chat_models import init_chat_model

@dataclass
class ModelConfig:
    id: str
    name: str

MODELS = {
    "haiku": ModelConfig(id="anthropic:claude-haiku-4-5", name="Haiku"),
    "gpt-5.4-nano": ModelConfig(id="openai:gpt-5.4-nano", name="Nano"),
    "flash": ModelConfig(id="google_genai:gemini-3.5-flash", name="Flash"),
}
"""


def test_an_object_of_options_that_a_constant_picks_from_a_table_runs(tmp_path: Path) -> None:
    code = REGISTER + '\nGUARD = MODELS["gpt-5.4-nano"]\nguard = init_chat_model(model=GUARD.id)\n'
    found = roles(tmp_path, {"config.py": code})
    assert found["openai:gpt-5.4-nano"] & {"default"}
    assert not any("default" in found[name] for name in found if "nano" not in name)


def test_an_object_of_options_that_the_user_picks_from_a_table_is_one_of_a_menu(tmp_path: Path) -> None:
    code = REGISTER + "\ndef load(name):\n    return init_chat_model(model=MODELS[name].id)\n"
    found = roles(tmp_path, {"config.py": code})
    assert all("default" not in kinds for kinds in found.values())


def test_an_object_of_options_that_code_takes_by_its_key_runs(tmp_path: Path) -> None:
    code = REGISTER + '\nguard = init_chat_model(model=MODELS["flash"].id)\n'
    found = roles(tmp_path, {"config.py": code})
    assert "default" in found["google:gemini-3.5-flash"]
    assert "default" not in found["openai:gpt-5.4-nano"]


def test_a_class_that_counts_tokens_runs_no_model(tmp_path: Path) -> None:
    code = """
import tiktoken

class LazyTiktoken:
    def __init__(self, model):
        self.model = model

    def encode(self, text):
        return tiktoken.encoding_for_model(self.model).encode(text)

counter = LazyTiktoken("gpt-4")
"""
    assert "default" not in roles(tmp_path, {"count.py": code})["openai:gpt-4"]
