import { groq } from "@ai-sdk/groq";
import { generateText } from "ai";

export const quick = (prompt: string) => generateText({ model: groq("llama-3.1-8b-instant"), prompt });
