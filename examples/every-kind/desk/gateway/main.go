package main

import (
	"context"

	"github.com/ollama/ollama/api"
)

const defaultModel = "llama3.2:3b"

func main() {
	client, _ := api.ClientFromEnvironment()
	request := &api.GenerateRequest{Model: defaultModel, Prompt: "Dear"}
	client.Generate(context.Background(), request, nil)
}
