from anthropic import Anthropic

from notes.llms.base import BaseLlm


class AnthropicLlm(BaseLlm):
    def complete(self, prompt):
        client = Anthropic()
        return client.messages.create(
            model=self.model or "claude-sonnet-4-5",
            max_tokens=1000,
            messages=[{"role": "user", "content": prompt}],
        )
