import { pipeline } from "@huggingface/transformers";

export const embed = await pipeline("feature-extraction", "Xenova/bge-base-en-v1.5");
