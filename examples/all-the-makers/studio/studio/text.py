"""Writers: each task has the model that was best at it."""

from transformers import AutoModelForCausalLM, AutoTokenizer, pipeline
from vllm import LLM

OUTLINE_MODEL = "zai-org/GLM-4.5-Air"
PLANNER_MODEL = "moonshotai/Kimi-K2-Instruct"


def outline(brief: str) -> str:
    return LLM(OUTLINE_MODEL, tensor_parallel_size=4).generate(brief)[0].outputs[0].text


def plan(outline: str) -> str:
    return LLM(model=PLANNER_MODEL, tensor_parallel_size=16).generate(outline)[0].outputs[0].text


def draft(outline: str) -> str:
    writer = pipeline("text-generation", model="Qwen/Qwen3-8B")
    return writer(outline, max_new_tokens=2048)[0]["generated_text"]


def reason(question: str) -> str:
    tokenizer = AutoTokenizer.from_pretrained("deepseek-ai/DeepSeek-V3.1")
    model = AutoModelForCausalLM.from_pretrained("deepseek-ai/DeepSeek-V3.1", device_map="auto")
    inputs = tokenizer(question, return_tensors="pt").to(model.device)
    return tokenizer.decode(model.generate(**inputs, max_new_tokens=4096)[0])


def shorten(text: str) -> str:
    return pipeline("text-generation", model="mistralai/Mistral-7B-Instruct-v0.3")(text)[0]["generated_text"]


def translate(text: str) -> str:
    return pipeline("text-generation", model="tencent/Hunyuan-A13B-Instruct")(text)[0]["generated_text"]


def rhyme(text: str) -> str:
    return pipeline("text-generation", model="01-ai/Yi-1.5-9B-Chat")(text)[0]["generated_text"]


def explain(text: str) -> str:
    return pipeline("text-generation", model="internlm/internlm3-8b-instruct")(text)[0]["generated_text"]


def check(text: str) -> str:
    return pipeline("text-generation", model="XiaomiMiMo/MiMo-7B-RL")(text)[0]["generated_text"]


def title(text: str) -> str:
    return pipeline("text-generation", model="google/gemma-3-4b-it")(text)[0]["generated_text"]
