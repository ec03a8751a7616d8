import OpenAI from "openai";

const client = new OpenAI();

export async function summary(text: string): Promise<string> {
  const reply = await client.responses.create({
    model: "gpt-4.1-mini",
    instructions: "Three sentences at most.",
    input: text,
  });
  return reply.output_text;
}
