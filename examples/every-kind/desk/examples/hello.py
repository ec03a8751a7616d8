from transformers import pipeline

print(pipeline("text-generation", model="EleutherAI/pythia-160m")("Hello"))
