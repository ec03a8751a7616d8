import { createOpenRouter } from "@openrouter/ai-sdk-provider";
import { streamText, type ModelMessage } from "ai";

import { DEFAULT_MODEL } from "./models";

const openrouter = createOpenRouter({ apiKey: process.env.OPENROUTER_API_KEY });

export function reply(messages: ModelMessage[], model: string = DEFAULT_MODEL) {
  return streamText({ model: openrouter(model), messages });
}
