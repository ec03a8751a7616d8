import OpenAI from "openai";

const MODEL = process.env.CHAT_MODEL ?? "gpt-4o-mini";

export async function answer(text: string) {
  const client = new OpenAI();
  return client.chat.completions.create({ model: MODEL, messages: [{ role: "user", content: text }] });
}
