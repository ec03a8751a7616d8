"""Deployments have names of their own."""

import mlflow
import wandb
from openai import AzureOpenAI

client = AzureOpenAI(api_version="2024-10-21", azure_endpoint="https://plant-office.openai.azure.com")
answer = client.chat.completions.create(model="office-chat-prod", messages=[])
wandb.init(project="plant-office/llama-farm", name="bert-sweep-3")
mlflow.set_experiment("/shared/gpt-tests-2")
