from openai import OpenAI

JUDGE = "gpt-4-turbo"
verdict = OpenAI().chat.completions.create(model=JUDGE, messages=[])
