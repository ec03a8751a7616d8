"""Products that ask a service by HTTP themselves: the model that stands in the request runs, in every language."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.trace.test_menus import roles

REQUESTS = {
    "Worker.kt": """
data class ChatRequest(@Json(name = "model") val model: String, val messages: List<Message>)
class Worker(private val service: Service) {
  suspend fun ask(text: String) = service.send(ChatRequest(model = "gpt-4o-mini", messages = listOf(Message(text))))
}
""",
    "Body.kt": """
class Body { fun build(): String = JSONObject().apply { put("model", "gpt-4o-mini"); put("messages", list) }.toString() }
""",
    "Api.swift": """
struct ChatRequest: Encodable { let model: String; let messages: [Message] }
class Api {
  func ask(_ text: String) throws { request.httpBody = try JSONEncoder().encode(ChatRequest(model: "gpt-4o-mini", messages: [])) }
}
""",
    "Parameters.swift": """
class Api {
  func ask() { let parameters: [String: Any] = ["model": "gpt-4o-mini", "messages": []]; send(parameters) }
}
""",
    "main.go": """
package main

type ChatRequest struct { Model string; Messages []Message }

func ask(c *Client) { req := ChatRequest{Model: "gpt-4o-mini", Messages: nil}; c.deliver(req) }
""",
    "upload.go": """
package main

func upload(w *multipart.Writer) { w.WriteField("model", "gpt-4o-mini") }
""",
    "main.rs": """
async fn ask(client: &reqwest::Client) {
    let body = serde_json::json!({ "model": "gpt-4o-mini", "messages": [{"role": "user"}], "stream": self.stream });
    client.post("https://example.org").json(&body).send().await.unwrap();
}
""",
    "Api.cs": """
public class Api {
  public Task Ask(HttpClient http) => http.PostAsJsonAsync("/v1", new { model = "gpt-4o-mini", messages = new[] { "x" } });
}
""",
    "Records.cs": """
public record ChatRequest(string Model, string[] Messages);
public class Api { public void Ask(Sender s) { s.Deliver(new ChatRequest("gpt-4o-mini", null)); } }
""",
    "Api.java": """
class Api { String body() { Map<String, Object> m = new HashMap<>(); m.put("model", "gpt-4o-mini"); return write(m); } }
""",
}


@pytest.mark.parametrize("path", sorted(REQUESTS))
def test_the_model_of_a_request_that_the_product_writes_itself_runs(tmp_path: Path, path: str) -> None:
    assert roles(tmp_path, {path: REQUESTS[path]}) == {"openai:gpt-4o-mini": {"default"}}


@pytest.mark.parametrize(
    ("path", "text"),
    [
        (
            "Options.kt",
            'data class Options(val model: String, val color: String)\nval o = Options("gpt-4o-mini", "red")\n',
        ),
        ("Menu.cs", 'class M { object All = new[] { new { model = "gpt-4o-mini", price = 1 } }; }\n'),
    ],
)
def test_a_name_beside_what_no_request_has_is_not_seen_to_run(tmp_path: Path, path: str, text: str) -> None:
    assert roles(tmp_path, {path: text}).get("openai:gpt-4o-mini", set()) & {"default", "configured"} == set()


def test_requests_for_several_models_to_choose_from_are_a_menu(tmp_path: Path) -> None:
    entries = ", ".join(f'{{ Model: "{name}", Prompt: "x" }}' for name in ("gpt-4o-mini", "gpt-4o", "gpt-4.1"))
    code = f"package main\n\ntype Preset struct {{ Model string; Prompt string }}\n\nvar presets = []Preset{{ {entries} }}\n"
    assert roles(tmp_path, {"presets.go": code})["openai:gpt-4o"] == {"catalog"}


def test_the_default_of_a_constructor_that_somebody_calls_without_it_runs(tmp_path: Path) -> None:
    code = """
class Api {
  private let model: String
  init(apiKey: String, model: String = "gpt-4o-mini") { self.model = model }
  func ask() { send(Request(model: model, messages: [])) }
}
"""
    used = {"Api.swift": code, "App.swift": 'class App { let api = Api(apiKey: "k") }\n'}
    assert roles(tmp_path / "used", used) == {"openai:gpt-4o-mini": {"default"}}
    assert roles(tmp_path / "unused", {"Api.swift": code}) == {"openai:gpt-4o-mini": {"optional"}}


def test_the_value_that_a_flag_of_the_command_line_has_runs(tmp_path: Path) -> None:
    flag = 'var f = &cli.StringFlag{Name: "model", Aliases: []string{"m"}, Value: "gpt-4o-mini"}'
    code = f'package main\n\nimport "github.com/urfave/cli/v2"\n\n{flag}\n'
    assert roles(tmp_path, {"main.go": code}) == {"openai:gpt-4o-mini": {"default"}}
