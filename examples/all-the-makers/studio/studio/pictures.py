"""Pictures: seen, made, and set in motion."""

import torch
from diffusers import CogVideoXPipeline, WanPipeline
from paddleocr import PaddleOCR
from transformers import AutoModel, AutoModelForImageTextToText, AutoProcessor

CAPTION_MODEL = "Qwen/Qwen2.5-VL-7B-Instruct"


def caption(image) -> str:
    processor = AutoProcessor.from_pretrained(CAPTION_MODEL)
    model = AutoModelForImageTextToText.from_pretrained(CAPTION_MODEL, torch_dtype="auto")
    inputs = processor(images=image, text="Describe.", return_tensors="pt")
    return processor.batch_decode(model.generate(**inputs))[0]


def compare(first, second) -> str:
    model = AutoModel.from_pretrained("openbmb/MiniCPM-V-4_5", trust_remote_code=True)
    return model.chat(msgs=[{"role": "user", "content": [first, second, "What differs?"]}])


def read(page: str) -> list[str]:
    return PaddleOCR(lang="en").predict(page)[0]["rec_texts"]


def formula(page):
    return AutoModel.from_pretrained("stepfun-ai/GOT-OCR2_0", trust_remote_code=True).chat(page, ocr_type="format")


def clip(prompt: str):
    pipe = WanPipeline.from_pretrained("Wan-AI/Wan2.2-TI2V-5B-Diffusers", torch_dtype=torch.bfloat16)
    return pipe(prompt=prompt).frames[0]


def loop(prompt: str):
    return CogVideoXPipeline.from_pretrained("zai-org/CogVideoX-5b")(prompt=prompt).frames[0]
