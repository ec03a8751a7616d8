"""Answers with the model that the environment names."""

import os

from transformers import pipeline

answer = pipeline("text-generation", model=os.environ["ANSWER_MODEL"])
