from transformers import pipeline

def half(:
    return pipeline("text-generation", model="Qwen/Qwen3-8B"
