"""Names as people write them, and the model that each means: a Hub id wherever there is one.

Where the right side has no organisation, the model is closed (`provider:name`), and only its beginning is given.
"""

from __future__ import annotations

from functools import cache

import pytest

from auditor.audit import explain
from auditor.config import Options

WRITTEN = """
deepseek/deepseek-chat-v3.1 = deepseek-ai/DeepSeek-V3.1
deepseek/deepseek-chat-v3.1:free = deepseek-ai/DeepSeek-V3.1
openrouter/deepseek/deepseek-chat-v3.1 = deepseek-ai/DeepSeek-V3.1
openrouter/deepseek/deepseek-r1:free = deepseek-ai/DeepSeek-R1
openrouter/qwen/qwen3-235b-a22b:free = Qwen/Qwen3-235B-A22B
qwen/qwen3-coder:free = Qwen/Qwen3-Coder-480B-A35B-Instruct
qwen/qwen3-coder = Qwen/Qwen3-Coder-480B-A35B-Instruct
z-ai/glm-4.6 = zai-org/GLM-4.6
moonshotai/kimi-k2 = moonshotai/Kimi-K2-Instruct
x-ai/grok-4 = xai:grok-4
x-ai/grok-4-fast:free = xai:grok-4-fast
minimax/minimax-m2 = MiniMaxAI/MiniMax-M2
tngtech/deepseek-r1t2-chimera:free = tngtech/DeepSeek-TNG-R1T2-Chimera
mistralai/mistral-small-3.2-24b-instruct:free = mistralai/Mistral-Small-3.2-24B-Instruct-2506
meta-llama/llama-3.3-70b-instruct:free = meta-llama/Llama-3.3-70B-Instruct
google/gemini-2.5-flash = google:gemini-2.5-flash
anthropic/claude-sonnet-4.5 = anthropic:claude-sonnet-4.5
openai/gpt-4o-mini = openai:gpt-4o-mini
openai/gpt-oss-120b = openai/gpt-oss-120b
accounts/fireworks/models/deepseek-v3p1 = deepseek-ai/DeepSeek-V3.1
accounts/fireworks/models/qwen3-235b-a22b = Qwen/Qwen3-235B-A22B
accounts/fireworks/models/llama-v3p1-8b-instruct = meta-llama/Llama-3.1-8B-Instruct
accounts/fireworks/models/kimi-k2-instruct = moonshotai/Kimi-K2-Instruct
accounts/fireworks/models/glm-4p6 = zai-org/GLM-4.6
fireworks_ai/accounts/fireworks/models/deepseek-r1 = deepseek-ai/DeepSeek-R1
together_ai/Qwen/Qwen2.5-72B-Instruct-Turbo = Qwen/Qwen2.5-72B-Instruct
Qwen/Qwen2.5-7B-Instruct-Turbo = Qwen/Qwen2.5-7B-Instruct
meta-llama/Meta-Llama-3.1-8B-Instruct-Turbo = meta-llama/Llama-3.1-8B-Instruct
together_ai/deepseek-ai/DeepSeek-V3 = deepseek-ai/DeepSeek-V3
llama-3.3-70b-versatile = meta-llama/Llama-3.3-70B-Instruct
groq/llama-3.3-70b-versatile = meta-llama/Llama-3.3-70B-Instruct
groq/llama-3.1-8b-instant = meta-llama/Llama-3.1-8B-Instruct
llama-3.1-8b-instant = meta-llama/Llama-3.1-8B-Instruct
groq/qwen/qwen3-32b = Qwen/Qwen3-32B
groq/moonshotai/kimi-k2-instruct-0905 = moonshotai/Kimi-K2-Instruct-0905
groq/deepseek-r1-distill-llama-70b = deepseek-ai/DeepSeek-R1-Distill-Llama-70B
groq/whisper-large-v3-turbo = openai/whisper-large-v3-turbo
cerebras/qwen-3-32b = Qwen/Qwen3-32B
cerebras/qwen-3-235b-a22b-instruct-2507 = Qwen/Qwen3-235B-A22B-Instruct-2507
cerebras/llama3.1-8b = meta-llama/Llama-3.1-8B-Instruct
cerebras/gpt-oss-120b = openai/gpt-oss-120b
cerebras/zai-glm-4.6 = zai-org/GLM-4.6
deepinfra/Qwen/Qwen3-14B = Qwen/Qwen3-14B
deepinfra/meta-llama/Meta-Llama-3.1-8B-Instruct = meta-llama/Llama-3.1-8B-Instruct
@cf/qwen/qwen2.5-coder-32b-instruct = Qwen/Qwen2.5-Coder-32B-Instruct
@cf/meta/llama-3.1-8b-instruct = meta-llama/Llama-3.1-8B-Instruct
@cf/meta/llama-3.3-70b-instruct-fp8-fast = meta-llama/Llama-3.3-70B-Instruct
@cf/baai/bge-m3 = BAAI/bge-m3
@cf/baai/bge-base-en-v1.5 = BAAI/bge-base-en-v1.5
@cf/deepseek-ai/deepseek-r1-distill-qwen-32b = deepseek-ai/DeepSeek-R1-Distill-Qwen-32B
@hf/thebloke/deepseek-coder-6.7b-instruct-awq = TheBloke/deepseek-coder-6.7B-instruct-AWQ
replicate/meta/meta-llama-3-8b-instruct = meta-llama/Meta-Llama-3-8B-Instruct
meta/meta-llama-3-70b-instruct = meta-llama/Meta-Llama-3-70B-Instruct
black-forest-labs/flux-schnell = black-forest-labs/FLUX.1-schnell
fal-ai/flux/schnell = black-forest-labs/FLUX.1-schnell
fal-ai/flux/dev = black-forest-labs/FLUX.1-dev
fal-ai/wan/v2.2-a14b/text-to-video = Wan-AI/Wan2.2-T2V-A14B
fal-ai/qwen-image = Qwen/Qwen-Image
fal-ai/kling-video/v2.1/master/image-to-video = kuaishou:kling-video
nvcr.io/nim/meta/llama-3.1-8b-instruct:latest = meta-llama/Llama-3.1-8B-Instruct
nvidia_nim/meta/llama3-70b-instruct = meta-llama/Meta-Llama-3-70B-Instruct
meta/llama-3.1-405b-instruct = meta-llama/Llama-3.1-405B-Instruct
nvidia/nv-embedqa-e5-v5 = nvidia
qwen/qwen2.5-coder-32b-instruct = Qwen/Qwen2.5-Coder-32B-Instruct
deepseek-ai/deepseek-r1 = deepseek-ai/DeepSeek-R1
us.anthropic.claude-sonnet-4-20250514-v1:0 = anthropic:claude-sonnet-4-20250514
anthropic.claude-3-haiku-20240307-v1:0 = anthropic:claude-3-haiku-20240307
bedrock/anthropic.claude-3-5-sonnet-20240620-v1:0 = anthropic:claude-3-5-sonnet-20240620
meta.llama3-1-8b-instruct-v1:0 = meta-llama/Llama-3.1-8B-Instruct
us.deepseek.r1-v1:0 = deepseek-ai/DeepSeek-R1
deepseek.v3-v1:0 = deepseek-ai/DeepSeek-V3.1
qwen.qwen3-32b-v1:0 = Qwen/Qwen3-32B
qwen.qwen3-coder-480b-a35b-v1:0 = Qwen/Qwen3-Coder-480B-A35B-Instruct
mistral.mistral-7b-instruct-v0:2 = mistralai/Mistral-7B-Instruct-v0.2
amazon.titan-embed-text-v2:0 = bedrock:titan
amazon.nova-lite-v1:0 = bedrock:nova-lite
cohere.embed-multilingual-v3 = cohere
arn:aws:bedrock:us-east-1::foundation-model/anthropic.claude-3-haiku-20240307-v1:0 = anthropic
moonshot.kimi-k2-thinking = moonshotai/Kimi-K2-Thinking
openai.gpt-oss-20b-1:0 = openai/gpt-oss-20b
vertex_ai/gemini-2.5-pro = google:gemini-2.5-pro
publishers/deepseek-ai/models/deepseek-r1-0528-maas = deepseek-ai/DeepSeek-R1-0528
vertex_ai/qwen/qwen3-235b-a22b-instruct-2507-maas = Qwen/Qwen3-235B-A22B-Instruct-2507
claude-sonnet-4-5@20250929 = anthropic
models/gemini-2.0-flash = google:gemini-2.0-flash
models/text-embedding-004 = google:text-embedding-004
models/embedding-001 = google
azure/gpt-4o = openai:gpt-4o
azure_ai/DeepSeek-R1 = deepseek-ai/DeepSeek-R1
azure_ai/deepseek-v3-0324 = deepseek-ai/DeepSeek-V3-0324
azure-openai:gpt-4o = openai:gpt-4o
azureml://registries/azureml-deepseek/models/DeepSeek-R1/versions/1 = deepseek-ai/DeepSeek-R1
azureml://registries/azureml-meta/models/Llama-3.3-70B-Instruct = meta-llama/Llama-3.3-70B-Instruct
ollama/qwen3:8b = Qwen/Qwen3-8B
ollama_chat/deepseek-r1:14b = deepseek-ai/DeepSeek-R1-Distill-Qwen-14B
qwen2.5-coder:7b-instruct-q4_K_M = Qwen/Qwen2.5-Coder-7B-Instruct
nomic-embed-text = nomic-ai/nomic-embed-text-v1.5
mxbai-embed-large = mixedbread-ai/mxbai-embed-large-v1
llama3.2:3b = meta-llama/Llama-3.2-3B-Instruct
deepseek-r1:8b = deepseek-ai/DeepSeek-R1-0528-Qwen3-8B
gemma3:4b = google/gemma-3-4b-it
mistral-nemo = mistralai/Mistral-Nemo-Instruct-2407
phi4 = microsoft/phi-4
hf.co/bartowski/Qwen2.5-7B-Instruct-GGUF:Q4_K_M = bartowski/Qwen2.5-7B-Instruct-GGUF
hf.co/unsloth/Qwen3-30B-A3B-GGUF:Q4_K_XL = unsloth/Qwen3-30B-A3B-GGUF
ai/qwen3:8B-Q4_K_M = Qwen/Qwen3-8B
Qwen2.5-7B-Instruct-Q4_K_M.gguf = Qwen/Qwen2.5-7B-Instruct
qwen2.5-coder-7b-instruct-q4_k_m.gguf = Qwen/Qwen2.5-Coder-7B-Instruct
DeepSeek-R1-Distill-Qwen-7B-Q4_K_M.gguf = deepseek-ai/DeepSeek-R1-Distill-Qwen-7B
Meta-Llama-3.1-8B-Instruct.Q5_K_M.gguf = meta-llama/Llama-3.1-8B-Instruct
mistral-7b-instruct-v0.2.Q4_K_M.gguf = mistralai/Mistral-7B-Instruct-v0.2
Qwen_Qwen3-8B-Q6_K_L.gguf = Qwen/Qwen3-8B
https://huggingface.co/Qwen/Qwen2.5-7B-Instruct-GGUF/resolve/main/qwen2.5-7b-instruct-q4_k_m-00001-of-00002.gguf = Qwen/Qwen2.5-7B-Instruct-GGUF
https://huggingface.co/TheBloke/Mistral-7B-Instruct-v0.2-GGUF/resolve/main/mistral-7b-instruct-v0.2.Q4_K_M.gguf = TheBloke/Mistral-7B-Instruct-v0.2-GGUF
https://www.modelscope.cn/models/Qwen/Qwen3-8B/resolve/master/model.safetensors = Qwen/Qwen3-8B
hf:Qwen/Qwen3-8B = Qwen/Qwen3-8B
hf-hub:timm/vit_base_patch16_clip_224.openai = timm/vit_base_patch16_clip_224.openai
hf_hub:timm/vit_base_patch16_clip_224.openai = timm/vit_base_patch16_clip_224.openai
hf-hub:laion/CLIP-ViT-B-32-laion2B-s34B-b79K = laion/CLIP-ViT-B-32-laion2B-s34B-b79K
huggingface/Qwen/Qwen2.5-7B-Instruct = Qwen/Qwen2.5-7B-Instruct
huggingface/together/deepseek-ai/DeepSeek-R1 = deepseek-ai/DeepSeek-R1
deepseek-chat = deepseek
deepseek-reasoner = deepseek
deepseek/deepseek-chat = deepseek
qwen-max = dashscope:qwen-max
qwen-plus-latest = dashscope:qwen-plus-latest
dashscope/qwen-turbo = dashscope:qwen-turbo
text-embedding-v3 = dashscope:text-embedding-v3
glm-4-plus = zhipu:glm-4-plus
glm-4.5-air = zai-org/GLM-4.5-Air
kimi-k2-0905-preview = moonshotai/Kimi-K2-Instruct-0905
moonshot-v1-8k = moonshot:moonshot-v1-8k
MiniMax-M2 = MiniMaxAI/MiniMax-M2
abab6.5s-chat = minimax:abab6.5s-chat
doubao-1-5-pro-32k-250115 = volcengine:doubao
ernie-4.0-8k = qianfan:ernie
hunyuan-turbo = hunyuan:hunyuan-turbo
spark-max = spark:
step-2-16k = stepfun:step-2-16k
yi-lightning = lingyiwanwu:yi-lightning
Baichuan4-Turbo = baichuan
gpt-4o = openai:gpt-4o
o3-mini = openai:o3-mini
claude-3-5-haiku-latest = anthropic:claude-3-5-haiku-latest
gemini-2.5-flash-lite = google:gemini-2.5-flash-lite
mistral-large-latest = mistral:mistral-large-latest
embed-english-v3.0 = cohere:embed-english-v3.0
rerank-v3.5 = cohere:rerank-v3.5
voyage-3-large = voyage:voyage-3-large
sonar-pro = perplexity:sonar-pro
grok-3-mini = xai:grok-3-mini
jina-embeddings-v3 = jinaai/jina-embeddings-v3
bge-m3 = BAAI/bge-m3
BAAI/bge-reranker-v2-m3 = BAAI/bge-reranker-v2-m3
Pro/BAAI/bge-m3 = BAAI/bge-m3
siliconflow/Pro/deepseek-ai/DeepSeek-V3 = deepseek-ai/DeepSeek-V3
novita/deepseek/deepseek-v3-0324 = deepseek-ai/DeepSeek-V3-0324
sambanova/Meta-Llama-3.1-8B-Instruct = meta-llama/Llama-3.1-8B-Instruct
sambanova/DeepSeek-V3.1 = deepseek-ai/DeepSeek-V3.1
hyperbolic/Qwen/Qwen2.5-72B-Instruct = Qwen/Qwen2.5-72B-Instruct
nebius/Qwen/Qwen3-235B-A22B = Qwen/Qwen3-235B-A22B
databricks/databricks-dbrx-instruct = databricks/dbrx-instruct
github/DeepSeek-R1 = deepseek-ai/DeepSeek-R1
github_copilot/gpt-4.1 = openai:gpt-4.1
xinference/bge-m3 = BAAI/bge-m3
lm_studio/qwen2.5-7b-instruct = Qwen/Qwen2.5-7B-Instruct
hosted_vllm/Qwen/Qwen2.5-7B-Instruct = Qwen/Qwen2.5-7B-Instruct
openai:gpt-4o = openai:gpt-4o
anthropic:claude-3-5-sonnet-latest = anthropic
groq:llama-3.3-70b-versatile = meta-llama/Llama-3.3-70B-Instruct
google_genai:gemini-2.0-flash = google:gemini-2.0-flash
openai/o3-mini:high = openai:o3-mini
google/gemini-2.5-pro-preview = google
stabilityai/stable-diffusion-xl-base-1.0 = stabilityai/stable-diffusion-xl-base-1.0
runwayml/stable-diffusion-v1-5 = stable-diffusion-v1-5/stable-diffusion-v1-5
Qwen/Qwen3-8B@main = Qwen/Qwen3-8B
Qwen/Qwen3-8B-FP8 = Qwen/Qwen3-8B-FP8
Qwen/Qwen2.5-7B-Instruct-AWQ = Qwen/Qwen2.5-7B-Instruct-AWQ
mlx-community/Qwen3-8B-4bit = mlx-community/Qwen3-8B-4bit
Llama-3.2-1B-Instruct-q4f16_1-MLC = meta-llama/Llama-3.2-1B-Instruct
onnx-community/Qwen2.5-0.5B-Instruct = onnx-community/Qwen2.5-0.5B-Instruct
Xenova/bge-small-en-v1.5 = Xenova/bge-small-en-v1.5
"""
PAIRS = [tuple(line.split(" = ")) for line in WRITTEN.strip().splitlines()]


@cache
def meant() -> dict[str, str]:
    names = [name for name, _ in PAIRS]
    told = zip(names, explain(names, Options()), strict=True)
    return {name: answer.finding.id if answer.finding else "" for name, answer in told}


@pytest.mark.parametrize(("written", "model"), PAIRS, ids=[name for name, _ in PAIRS])
def test_a_name_means_its_model(written: str, model: str) -> None:
    found = meant()[written]
    assert found == model if "/" in model else found.startswith(model)
