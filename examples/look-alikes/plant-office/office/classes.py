"""Classes, parsers and formats that are named after models."""

import chat_formats
from transformers import AutoConfig, LlamaForCausalLM, Qwen2Config
from transformers.models.qwen2 import modeling_qwen2

CLASS = "LlamaForCausalLM"
ARCHITECTURE = "Qwen2ForCausalLM"
MODEL_TYPE = "qwen2_moe"
PARSER = "deepseek_r1"
TOOLS = "hermes"
FORMAT = "chatml"
TEMPLATE = "mistral-instruct"
CONFIG = Qwen2Config(hidden_size=128)
scratch = LlamaForCausalLM(AutoConfig.for_model("llama"))
chat_formats.register("functionary-v2")
LABEL = "gpt_bigcode"
TOKENS = "cl100k_base"
MODULE = "sentence_transformers/models"
