import httpx

from notes.llms.base import BaseLlm


class DeepSeekLlm(BaseLlm):
    def complete(self, prompt):
        payload = {"model": self.model or "deepseek-chat", "messages": [{"role": "user", "content": prompt}]}
        return httpx.post("https://api.deepseek.com/chat/completions", json=payload).json()
