package desk;

import dev.langchain4j.model.ollama.OllamaChatModel;

class Sorter {
    private final OllamaChatModel model =
            OllamaChatModel.builder().baseUrl("http://localhost:11434").modelName("phi4:14b").build();
}
