import { pipeline } from "@huggingface/transformers";

const transcriber = await pipeline("automatic-speech-recognition", "onnx-community/whisper-base");
const writer = await pipeline("text-generation", "onnx-community/Qwen2.5-0.5B-Instruct", { dtype: "q4" });

export async function captions(audio: Float32Array): Promise<string> {
  const heard = await transcriber(audio, { return_timestamps: true });
  const [tidy] = await writer(`Punctuate: ${heard.text}`, { max_new_tokens: 256 });
  return tidy.generated_text;
}
