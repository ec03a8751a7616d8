"""Calls that name no model."""

from fastembed import TextEmbedding
from transformers import pipeline

vectors = TextEmbedding()
moods = pipeline("sentiment-analysis")
