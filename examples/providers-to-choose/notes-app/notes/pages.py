"""Summaries of scanned pages: off until somebody turns them on."""

from transformers import pipeline


class PageSummary:
    def __init__(self):
        self.reader = pipeline("image-to-text", model="Qwen/Qwen2.5-VL-3B-Instruct")
