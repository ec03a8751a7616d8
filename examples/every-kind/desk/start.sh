#!/bin/sh
set -e
MODEL="${MODEL:-microsoft/Phi-3.5-mini-instruct}"
ollama pull qwen2.5-coder:7b
ollama run hf.co/unsloth/gemma-3-12b-it-GGUF:Q4_K_M
llama-server -hf ggml-org/gpt-oss-20b-GGUF --port 8081 &
hf download sentence-transformers/LaBSE
huggingface-cli download --local-dir m jinaai/jina-embeddings-v3
curl -L -o m.gguf https://huggingface.co/TheBloke/Mistral-7B-Instruct-v0.2-GGUF/resolve/main/mistral-7b-instruct-v0.2.Q4_K_M.gguf
git clone https://huggingface.co/vikhyatk/moondream2
modelscope download --model Qwen/Qwen2-Audio-7B-Instruct
docker model pull ai/gemma3:4B-Q4_K_M
python -m sglang.launch_server --model-path XiaomiMiMo/MiMo-7B-RL
vllm serve "$MODEL"
