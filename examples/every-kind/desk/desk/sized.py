"""A model whose size the caller decides."""

from transformers import AutoModelForCausalLM


def load(size: str = "1.7B"):
    return AutoModelForCausalLM.from_pretrained(f"Qwen/Qwen3-{size}")


model = load()
