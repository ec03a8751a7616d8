from notes.config import Config
from notes.embedders.local import LocalEmbedder
from notes.embedders.ollama import OllamaEmbedder
from notes.embedders.openai import OpenAIEmbedder
from notes.llms.anthropic import AnthropicLlm
from notes.llms.deepseek import DeepSeekLlm
from notes.llms.ollama import OllamaLlm
from notes.llms.openai import OpenAILlm
from notes.pages import PageSummary
from notes.speech.openai import OpenAISpeech

LLMS = {"openai": OpenAILlm, "anthropic": AnthropicLlm, "ollama": OllamaLlm, "deepseek": DeepSeekLlm}


def llm(config: Config):
    return LLMS[config.llm.provider]()


def embedder(config: Config):
    if config.embedder.provider == "local":
        return LocalEmbedder()
    elif config.embedder.provider == "openai":
        return OpenAIEmbedder()
    elif config.embedder.provider == "ollama":
        return OllamaEmbedder()


def speech(config: Config):
    if config.speech.provider == "openai":
        return OpenAISpeech()
    return None


def page_summary(config: Config):
    if config.summarise_pages:
        return PageSummary()
    return None
