from openai import OpenAI


class OpenAISpeech:
    def say(self, text):
        return OpenAI().audio.speech.create(model="gpt-4o-mini-tts", voice="alloy", input=text)
