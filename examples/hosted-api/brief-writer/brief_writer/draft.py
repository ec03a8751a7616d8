"""First drafts."""

from openai import OpenAI

client = OpenAI()


def draft(facts: str) -> str:
    return client.responses.create(model="gpt-4.1", input=f"Draft a brief from these facts:\n{facts}").output_text
