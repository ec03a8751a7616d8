/** US dollars for a million tokens, in and out. */
export const PRICES: Record<string, { input: number; output: number }> = {
  "openai/gpt-5-mini": { input: 0.25, output: 2 },
  "anthropic/claude-sonnet-4.5": { input: 3, output: 15 },
  "qwen/qwen3-235b-a22b": { input: 0.18, output: 0.54 },
  "deepseek/deepseek-chat-v3.1": { input: 0.2, output: 0.8 },
  "mistralai/mistral-medium-3.1": { input: 0.4, output: 2 },
  "moonshotai/kimi-k2": { input: 0.5, output: 2.4 },
  "z-ai/glm-4.6": { input: 0.6, output: 2.2 },
};

export function cost(model: string, input: number, output: number): number {
  const price = PRICES[model];
  return price ? (input * price.input + output * price.output) / 1_000_000 : 0;
}
