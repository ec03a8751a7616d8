"""What the application does when nobody says otherwise."""

import os

from pydantic import BaseModel


class LlmConfig(BaseModel):
    provider: str = "openai"


class EmbedderConfig(BaseModel):
    provider: str = "local"


class SpeechConfig(BaseModel):
    provider: str = os.getenv("TTS_PROVIDER", "browser")


class Config(BaseModel):
    llm: LlmConfig = LlmConfig()
    embedder: EmbedderConfig = EmbedderConfig()
    speech: SpeechConfig = SpeechConfig()
    summarise_pages: bool = False
