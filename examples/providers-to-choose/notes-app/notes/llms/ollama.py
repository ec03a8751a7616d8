import ollama

from notes.llms.base import BaseLlm


class OllamaLlm(BaseLlm):
    def complete(self, prompt):
        return ollama.chat(model=self.model or "qwen3:8b", messages=[{"role": "user", "content": prompt}])
