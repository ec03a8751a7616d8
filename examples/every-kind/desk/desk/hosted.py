"""Models that others run."""

import boto3
import dashscope
import fal_client
import litellm
import ollama
import replicate
import vertexai
from vertexai.generative_models import GenerativeModel
from openai import OpenAI


def plan(text: str):
    return OpenAI().chat.completions.create(model="gpt-4.1-mini", messages=[{"role": "user", "content": text}])


def classify(text: str):
    client = boto3.client("bedrock-runtime")
    return client.converse(modelId="us.anthropic.claude-sonnet-4-20250514-v1:0", messages=[])


def see(text: str):
    vertexai.init()
    return GenerativeModel("gemini-2.5-pro").generate_content(text)


def translate(text: str):
    return dashscope.Generation.call(model="qwen-max", prompt=text)


def draw(text: str):
    return fal_client.subscribe("fal-ai/flux/schnell", arguments={"prompt": text})


def label(text: str):
    return replicate.run("meta/meta-llama-3-70b-instruct", input={"prompt": text})


def title(text: str):
    return litellm.completion(model="openrouter/z-ai/glm-4.6:free", messages=[])


def chat(text: str):
    return ollama.chat(model="gemma3:4b", messages=[])
