"""Speech to text, and names that are short."""

import clip
import whisper
from faster_whisper import WhisperModel
from sentence_transformers import SentenceTransformer

quick = WhisperModel("large-v3", device="cpu")
careful = whisper.load_model("medium")
sentences = SentenceTransformer("all-MiniLM-L6-v2")
eye, prepare = clip.load("ViT-L/14")
