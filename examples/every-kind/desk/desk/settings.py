"""Settings of the service."""

import os
from dataclasses import dataclass
from enum import Enum

from pydantic_settings import BaseSettings

TRANSLATOR = "facebook/nllb-200-distilled-600M"


@dataclass
class Index:
    encoder: str = "intfloat/multilingual-e5-large"
    batch: int = 32


class Service(BaseSettings):
    eyes: str = "OpenGVLab/InternVL3-8B"
    port: int = 8000


class Speech(str, Enum):
    VOICE = "hexgrad/Kokoro-82M"


READERS = {
    "plain": "microsoft/layoutlmv3-base",
    "forms": "naver-clova-ix/donut-base",
    "maths": "facebook/nougat-base",
}

NER = os.getenv("NER", "urchade/gliner_medium-v2.1")
