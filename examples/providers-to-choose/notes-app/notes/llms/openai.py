from openai import OpenAI

from notes.llms.base import BaseLlm


class OpenAILlm(BaseLlm):
    def __init__(self, model=None):
        super().__init__(model or "gpt-5-mini")
        self.client = OpenAI()

    def complete(self, prompt):
        return self.client.chat.completions.create(
            model=self.model or "gpt-5-mini", messages=[{"role": "user", "content": prompt}]
        )
