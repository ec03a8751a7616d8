export const classes = ["text-sm/6", "bg-black/50", "w-1/2", "aspect-16/9", "md:grid-cols-3", "group/item-2"];
export const icons = ["mdi:robot-2", "logos/openai-icon", "@iconify/gpt-4.svg"];
export const keys = ["qwen.title", "models.gpt-4.label", "page/gemma-2/title"];
export const imports = ["@/components/phi-3", "~/lib/mistral-7", "next/font/google", "react-dom/client"];
