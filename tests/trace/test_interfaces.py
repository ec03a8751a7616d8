"""What programs in JavaScript and TypeScript keep a model's name in, before something loads it."""

from __future__ import annotations

from pathlib import Path

from tests.trace.test_menus import roles

SEND = 'await fetch("/api/chat", { method: "POST", body: JSON.stringify({ model, messages }) });'


def test_what_a_hook_starts_with_runs(tmp_path: Path) -> None:
    chat = f"""
import {{ useState }} from "react";

export function Chat({{ messages }}) {{
  const [model, setModel] = useState<string>("gpt-4.1");
  const send = async () => {{ {SEND} }};
  return <button onClick={{send}} />;
}}
"""
    assert roles(tmp_path, {"chat.tsx": chat}) == {"openai:gpt-4.1": {"default"}}


def test_what_a_cell_of_a_component_starts_with_runs(tmp_path: Path) -> None:
    chat = f"""<template><button @click="send" /></template>
<script setup lang="ts">
import {{ ref }} from "vue";
const chosen = ref("gpt-4.1");
async function send(messages) {{ const model = chosen.value; {SEND} }}
</script>
"""
    assert roles(tmp_path, {"Chat.vue": chat}) == {"openai:gpt-4.1": {"default"}}


def test_what_a_store_starts_with_runs_where_a_selector_reads_it(tmp_path: Path) -> None:
    store = """
import { create } from "zustand";
import { persist } from "zustand/middleware";

export const useChat = create<State>()(
  persist((set) => ({ chatModel: "gpt-4.1", setModel: (model) => set({ chatModel: model }) }), { name: "chat" }),
);
"""
    page = f"""
import {{ useChat }} from "./store";

export function send(messages) {{
  const model = useChat((state) => state.chatModel);
  return async () => {{ {SEND} }};
}}
"""
    assert roles(tmp_path, {"store.ts": store, "page.tsx": page}) == {"openai:gpt-4.1": {"default"}}


def test_settings_that_a_function_gives_back_are_followed_field_by_field(tmp_path: Path) -> None:
    settings = """
export function settings() {
  return { chatModel: process.env.CHAT_MODEL ?? "gpt-4.1", oldModel: "gpt-4" };
}
"""
    answer = """
import { createOpenAI } from "@ai-sdk/openai";
import { generateText } from "ai";
import { settings } from "./settings";

export async function answer(prompt: string) {
  const config = settings();
  return generateText({ model: createOpenAI()(config.chatModel), prompt });
}
"""
    found = roles(tmp_path, {"settings.ts": settings, "answer.ts": answer})
    assert found["openai:gpt-4.1"] == {"default"}
    assert "default" not in found.get("openai:gpt-4", set())


def test_a_call_in_a_function_that_is_called_where_it_stands_runs(tmp_path: Path) -> None:
    tidy = """
import OpenAI from "openai";

export function tidy(text) {
  const pending = (async () => {
    return new OpenAI({ timeout: 9 }).chat.completions.create({ model: "gpt-4.1", messages: [text] });
  })();
  return pending;
}
"""
    assert roles(tmp_path, {"tidy.js": tidy}) == {"openai:gpt-4.1": {"default"}}


def test_the_default_of_a_command_line_runs_and_its_menu_does_not(tmp_path: Path) -> None:
    start = """
import OpenAI from "openai";
import { program } from "commander";
import yargs from "yargs";

program.option("-e, --embedding-model <name>", "what embeds", "text-embedding-3-small").action(async (options) => {
  await new OpenAI().embeddings.create({ model: options.embeddingModel, input: "x" });
});
const argv = yargs(process.argv).option("model", { default: "gpt-4.1", choices: ["gpt-4.1", "gpt-4o", "o3"] }).parse();
await new OpenAI().chat.completions.create({ model: argv.model, messages: [] });
"""
    found = roles(tmp_path, {"cli.js": start})
    assert found["openai:text-embedding-3-small"] == {"default"}
    assert "default" in found["openai:gpt-4.1"]
    assert found["openai:gpt-4o"] == found["openai:o3"] == {"catalog"}


def test_a_model_after_its_provider_in_one_text_is_followed(tmp_path: Path) -> None:
    load = """
import { createOpenAI } from "@ai-sdk/openai";

function load(name: string) {
  const [, model] = name.split("/");
  return createOpenAI()(model);
}

export const writer = load("openai/gpt-4.1");
"""
    assert roles(tmp_path, {"load.ts": load}) == {"openai:gpt-4.1": {"default"}}


def test_what_stands_behind_a_setting_that_is_off_has_to_be_asked_for(tmp_path: Path) -> None:
    config = "export const config = { useLocal: false, writer: 'gpt-4.1' };\n"
    write = """
import OpenAI from "openai";
import { config } from "./config";

export function write(messages) {
  const client = new OpenAI();
  if (config.useLocal) {
    return client.chat.completions.create({ model: "qwen2.5-7b-instruct", messages });
  }
  return client.chat.completions.create({ model: config.writer, messages });
}
"""
    found = roles(tmp_path, {"config.ts": config, "write.ts": write})
    assert found["openai:gpt-4.1"] == {"default"}
    assert {role for name, given in found.items() if "qwen" in name.lower() for role in given} == {"optional"}


def test_of_providers_turned_on_by_their_keys_the_last_resort_runs(tmp_path: Path) -> None:
    settings = """
export function settings() {
  if (process.env.OPENAI_API_KEY) {
    return { url: "https://api.openai.com", chatModel: "gpt-4.1", key: process.env.OPENAI_API_KEY };
  }
  if (process.env.TOGETHER_API_KEY) {
    return { url: "https://api.together.xyz", chatModel: "Qwen/Qwen2.5-7B-Instruct", key: process.env.TOGETHER_API_KEY };
  }
  return { url: "http://127.0.0.1:11434", chatModel: process.env.OLLAMA_MODEL ?? "llama3.2", key: undefined };
}
"""
    ask = """
import { settings } from "./settings";

export async function ask(body) {
  const config = settings();
  body.model = body.model ?? config.chatModel;
  return fetch(config.url + "/v1/chat/completions", { method: "POST", body: JSON.stringify(body) });
}
"""
    found = roles(tmp_path, {"settings.ts": settings, "ask.ts": ask})
    assert found["openai:gpt-4.1"] == found["Qwen/Qwen2.5-7B-Instruct"] == {"optional"}
    assert found["meta-llama/Llama-3.2-3B-Instruct"] == {"default"}


def test_a_part_beside_many_of_other_kinds_is_no_alternative_to_the_few_providers_among_them(tmp_path: Path) -> None:
    names = "openaiService ollamaService chatService setupService documentService mailService userService".split()
    files = {f"services/{name}.js": "export const ready = true;\n" for name in names}
    files["services/chatService.js"] = """
const OpenAI = require("openai");

exports.answer = (messages) =>
  new OpenAI().chat.completions.create({ model: process.env.OPENAI_MODEL || "gpt-4.1", messages });
"""
    assert roles(tmp_path, files) == {"openai:gpt-4.1": {"default"}}


def test_what_a_function_that_makes_models_is_given_runs(tmp_path: Path) -> None:
    hook = """
export function usePipeline(task: string, model?: string) {
  const worker = new Worker(new URL("./worker.ts", import.meta.url));
  worker.postMessage({ type: "init", args: [task, model] });
  return (text: string) => worker.postMessage({ type: "run", text });
}
"""
    page = """
import { usePipeline } from "./use-pipeline";

export default function Page() {
  const embed = usePipeline("feature-extraction", "Supabase/gte-small");
  return embed;
}
"""
    assert roles(tmp_path, {"use-pipeline.ts": hook, "page.tsx": page}) == {"Supabase/gte-small": {"default"}}


def test_the_first_of_a_menu_that_a_chooser_starts_with_runs(tmp_path: Path) -> None:
    menu = """
export const MODELS = [
  { id: "HuggingFaceTB/SmolLM2-360M-Instruct", device: "webgpu" },
  { id: "onnx-community/Qwen3-0.6B-ONNX", device: "webgpu" },
  { id: "onnx-community/gemma-3-270m-it-ONNX", device: "wasm" },
];
"""
    page = f"""
import {{ useState }} from "react";
import {{ MODELS }} from "./models";

export function Page({{ messages }}) {{
  const [model, setModel] = useState(MODELS[0].id);
  return <button onClick={{async () => {{ {SEND} }}}} />;
}}
"""
    found = roles(tmp_path, {"models.ts": menu, "page.tsx": page})
    assert found["HuggingFaceTB/SmolLM2-360M-Instruct"] == {"default"}
    assert {role for name, given in found.items() if "SmolLM2" not in name for role in given} == {"catalog"}


def test_two_models_with_labels_are_a_menu_and_its_default_runs(tmp_path: Path) -> None:
    menu = """
export const models = [
  { id: "gpt-4o", label: "GPT 4o", apiIdentifier: "gpt-4o" },
  { id: "gpt-4o-mini", label: "GPT 4o mini", apiIdentifier: "gpt-4o-mini" },
];

export const DEFAULT_MODEL_NAME = "gpt-4o";
"""
    route = """
import { openai } from "@ai-sdk/openai";
import { DEFAULT_MODEL_NAME, models } from "./models";

export async function POST(request) {
  const { modelId = DEFAULT_MODEL_NAME } = await request.json();
  const model = models.find((m) => m.id === modelId);
  return openai(model.apiIdentifier);
}

export const title = openai(DEFAULT_MODEL_NAME);
"""
    found = roles(tmp_path, {"models.ts": menu, "route.ts": route})
    assert found["openai:gpt-4o-mini"] == {"catalog"}
    assert "default" in found["openai:gpt-4o"]


def test_the_tokenizer_that_a_page_starts_with_is_no_model_in_use(tmp_path: Path) -> None:
    page = """
import { useRef, useState } from "react";

export function Page() {
  const [tokenizer, setTokenizer] = useState("Xenova/bert-base-uncased");
  const worker = useRef(null);
  const send = (text) => worker.current.postMessage({ model_id: tokenizer, text });
  return <textarea onChange={(e) => send(e.target.value)} />;
}
"""
    assert roles(tmp_path, {"page.tsx": page}) == {"Xenova/bert-base-uncased": {"tokenizer"}}


def test_what_limits_a_request_is_no_price(tmp_path: Path) -> None:
    config = '{"models": {"default": {"model": "gpt-4.1", "temperature": 0, "maxTokens": 2000}}}'
    read = 'import config from "./config.json";\n\nexport const settings = config.models.default.model;\n'
    assert roles(tmp_path, {"config.json": config, "read.ts": read}) == {"openai:gpt-4.1": {"configured"}}
