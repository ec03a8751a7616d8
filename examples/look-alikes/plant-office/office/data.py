"""Data sets of organisations that publish models, too."""

from datasets import load_dataset
from huggingface_hub import HfApi, snapshot_download

grades = load_dataset("openai/gsm8k", "main")
web = load_dataset("HuggingFaceFW/fineweb-edu", split="train", streaming=True)
talks = load_dataset(path="teknium/OpenHermes-2.5")
corpus = snapshot_download("allenai/c4", repo_type="dataset")
page = "https://huggingface.co/datasets/nvidia/HelpSteer2"
space = "https://huggingface.co/spaces/Qwen/Qwen2.5-Turbo-1M-Demo"
collection = "https://huggingface.co/collections/Qwen/qwen3-67dd247413f0e2e4f653967f"
paper = "https://huggingface.co/papers/2505.09388"
docs = "https://huggingface.co/docs/transformers/model_doc/qwen2"
blog = "https://huggingface.co/blog/gemma3"
HfApi().upload_folder(repo_id="plant-office/seed-counts", folder_path="out", repo_type="dataset")
