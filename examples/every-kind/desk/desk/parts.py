"""Puts the parts together."""

from gliner import GLiNER
from kokoro import KPipeline
from sentence_transformers import SentenceTransformer
from transformers import AutoModel, AutoModelForSeq2SeqLM, AutoTokenizer, VisionEncoderDecoderModel, pipeline

from desk import settings
from desk.settings import TRANSLATOR, Index, Service, Speech

index = Index()
service = Service()

encoder = SentenceTransformer(index.encoder)
eyes = pipeline("image-text-to-text", model=service.eyes)
voice = KPipeline(lang_code="a", repo_id=Speech.VOICE.value)
reader = VisionEncoderDecoderModel.from_pretrained(settings.READERS["forms"])
names = GLiNER.from_pretrained(settings.NER)
translator = AutoModelForSeq2SeqLM.from_pretrained(TRANSLATOR)
counter = AutoTokenizer.from_pretrained("deepseek-ai/DeepSeek-V3")


def picture(name: str = "google/siglip-base-patch16-224"):
    return AutoModel.from_pretrained(name)


pictures = picture()
