variable "chat_model" {
  type    = string
  default = "google/gemma-2-9b-it"
}

resource "aws_sagemaker_model" "chat" {
  primary_container {
    environment = {
      HF_MODEL_ID = "ibm-granite/granite-3.1-8b-instruct"
    }
  }
}
