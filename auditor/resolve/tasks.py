"""The Hub's task names in our words."""

from __future__ import annotations

_MODALITIES = {
    **dict.fromkeys(("text-generation", "translation", "summarization", "question-answering"), "text"),
    **dict.fromkeys(("text-classification", "token-classification", "zero-shot-classification"), "text"),
    **dict.fromkeys(
        ("image-text-to-text", "video-text-to-text", "visual-question-answering", "image-to-text"), "vision"
    ),
    **dict.fromkeys(("image-classification", "video-classification", "depth-estimation"), "vision"),
    **dict.fromkeys(("feature-extraction", "sentence-similarity", "visual-document-retrieval"), "embedding"),
    **dict.fromkeys(("image-feature-extraction", "zero-shot-image-classification"), "embedding"),
    **dict.fromkeys(("text-to-image", "image-to-image", "image-text-to-image"), "image"),
    **dict.fromkeys(("text-to-video", "image-to-video", "image-text-to-video"), "video"),
    **dict.fromkeys(("object-detection", "image-segmentation", "mask-generation", "keypoint-detection"), "detection"),
    **dict.fromkeys(("text-to-audio", "audio-to-audio", "audio-classification", "audio-text-to-text"), "audio"),
    "any-to-any": "multimodal",
    "automatic-speech-recognition": "speech-to-text",
    "fill-mask": "encoder",
    "image-to-3d": "3d",
    "text-ranking": "reranker",
    "time-series-forecasting": "time-series",
    "zero-shot-object-detection": "detection",
}


def modality_of(task: str) -> str:
    """What a model of that task works on; a task not listed keeps its name."""
    return _MODALITIES.get(task, task)
