"""Models in files."""

import onnxruntime
from diffusers import DiffusionPipeline
from huggingface_hub import hf_hub_download, snapshot_download
from llama_cpp import Llama
from modelscope import snapshot_download as from_modelscope
from peft import PeftModel
from transformers import AutoModelForCausalLM

chat = Llama.from_pretrained(repo_id="bartowski/Mistral-Nemo-Instruct-2407-GGUF", filename="*Q4_K_M.gguf")
small = Llama(model_path="models/Qwen2.5-3B-Instruct-Q4_K_M.gguf")
boxes = onnxruntime.InferenceSession(hf_hub_download("onnx-community/yolov10n", "onnx/model.onnx"))
folder = snapshot_download("Alibaba-NLP/gte-large-en-v1.5")
ears = from_modelscope("iic/SenseVoiceSmall")
images = DiffusionPipeline.from_pretrained("stabilityai/stable-diffusion-xl-base-1.0")
base = AutoModelForCausalLM.from_pretrained("baffo32/decapoda-research-llama-7B-hf")
tuned = PeftModel.from_pretrained(base, "tloen/alpaca-lora-7b")
