trl sft --model_name_or_path HuggingFaceTB/SmolLM2-360M --dataset_name trl-lib/Capybara
