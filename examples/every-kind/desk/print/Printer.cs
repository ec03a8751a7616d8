using OpenAI.Chat;

class Printer
{
    private readonly ChatClient client = new ChatClient(model: "gpt-5-nano", apiKey: Keys.Get());
}
