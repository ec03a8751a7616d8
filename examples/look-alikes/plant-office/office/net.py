"""Networks: WAN, opt, solar, command."""

WAN = "wan"
WAN_PORT = "wan0"
LINK = "wan-2.1-uplink"
OPT = "opt-1"
PANEL = {"model": "solar-330w", "maker": "falcon"}
COMMAND = "command-line"
ROUTES = ["/v1/models", "/api/v2/chat/completions", "/models/gpt-4/usage", "/qwen/health", "api/v1/embed"]
ACCEPT = "application/vnd.openai-like.v2+json"
TYPES = ["audio/x-wav", "image/svg+xml", "text/markdown", "model/gltf-binary", "font/woff2", "video/mp4"]
HOST = "gemma.example.com"
PACKAGE = "google/protobuf/timestamp.proto"
MESSAGE = "google.protobuf.Timestamp"
METHOD = "google.cloud.aiplatform.v1.PredictionService/Predict"
LOCALES = ["zh-Hans-CN", "en-US", "pt-BR", "yi-US"]
ZONES = ["America/New_York", "Europe/Amsterdam", "Asia/Ho_Chi_Minh"]
DATES = ["2024-10-21-preview", "2025-01-01", "v2.5-3", "1.5.0-rc1"]
CELLS = ["n/a", "and/or", "w/o", "10/12", "km/h", "he/she", "I/O-2"]
