"""What we do not run ourselves."""

from google import genai
from openai import OpenAI


def headline(text: str) -> str:
    return OpenAI().responses.create(model="gpt-5-mini", input=f"A headline for:\n{text}").output_text


def alt_text(image: bytes) -> str:
    reply = genai.Client().models.generate_content(model="gemini-2.5-flash", contents=[image, "Alternative text."])
    return reply.text
