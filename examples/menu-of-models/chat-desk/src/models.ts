export interface ModelOption {
  id: string;
  label: string;
  vendor: string;
}

/** What the picker offers. The user's choice is kept in the browser. */
export const MODELS: ModelOption[] = [
  { id: "openai/gpt-5-mini", label: "GPT-5 mini", vendor: "OpenAI" },
  { id: "anthropic/claude-sonnet-4.5", label: "Claude Sonnet 4.5", vendor: "Anthropic" },
  { id: "qwen/qwen3-235b-a22b", label: "Qwen3 235B", vendor: "Alibaba" },
  { id: "deepseek/deepseek-chat-v3.1", label: "DeepSeek V3.1", vendor: "DeepSeek" },
  { id: "mistralai/mistral-medium-3.1", label: "Mistral Medium 3.1", vendor: "Mistral" },
  { id: "moonshotai/kimi-k2", label: "Kimi K2", vendor: "Moonshot AI" },
];

export const DEFAULT_MODEL = "openai/gpt-5-mini";
