"""A Hub on a loopback socket: the answers of huggingface.co/api/models as its client meets them, and its faults."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

Answer = Callable[["Handler"], None]

_RESOLVE = "/resolve/main/"
_CACHED = "/api/resolve-cache/models/"


@dataclass(slots=True)
class Asked:
    """One request as the server saw it."""

    path: str
    expand: tuple[str, ...]
    authorization: str


@dataclass(slots=True)
class FakeHub:
    """`models` are answered as the Hub answers; `faults` come first, in order, for the id that they are kept under."""

    models: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    renamed: dict[str, str] = field(default_factory=dict)
    faults: dict[str, list[Answer]] = field(default_factory=dict)
    files: dict[str, bytes] = field(default_factory=dict)  # by id/path
    asked: list[Asked] = field(default_factory=list)
    url: str = ""

    def add(self, id: str, *parents: str, relation: str = "finetune", **more: Any) -> None:
        bases = {"baseModels": {"relation": relation, "models": [{"_id": "0", "id": p} for p in parents]}}
        card = {"license": "apache-2.0", **({"base_model": list(parents)} if parents else {})}
        tags = [f"base_model:{relation}:{p}" for p in parents]
        self.models[id] = {"_id": "0", "id": id, "cardData": card, "tags": tags, **(bases if parents else {}), **more}

    def put(self, id: str, path: str, content: Any) -> None:
        """A file of a model that is there already, listed on its page."""
        self.files[f"{id}/{path}"] = content if isinstance(content, bytes) else json.dumps(content).encode()
        page = self.models[id]
        self.models[id] = {**page, "siblings": [*page.get("siblings", []), {"rfilename": path}]}

    @property
    def read(self) -> list[str]:
        """The files asked for, as id/path; the redirect that follows each is not counted."""
        return [unquote(a.path)[1:].replace(_RESOLVE, "/") for a in self.asked if _RESOLVE in a.path]

    @property
    def paths(self) -> list[str]:
        pages = [asked.path for asked in self.asked if asked.path.startswith("/api/models")]
        return [unquote(path).removeprefix("/api/models/") for path in pages]


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    hub: FakeHub

    def do_GET(self) -> None:
        where = urlsplit(self.path)
        expand = tuple(
            value for key, values in parse_qs(where.query).items() if key.startswith("expand") for value in values
        )
        self.hub.asked.append(Asked(where.path, expand, self.headers.get("Authorization", "")))
        name = unquote(where.path).removeprefix("/api/models/")
        if _RESOLVE in name:
            name = name[1:].replace(_RESOLVE, "/")
        if self.hub.faults.get(name):
            self.hub.faults[name].pop(0)(self)
        elif _RESOLVE in where.path:
            self.file(name)
        elif where.path.startswith(_CACHED):
            self.send(200, self.hub.files[unquote(where.path).removeprefix(_CACHED)], Content_Type="text/plain")
        elif where.path == "/api/models":
            listing(self, parse_qs(where.query))
        elif name in self.hub.renamed:
            self.send(307, b"", Location=f"/api/models/{self.hub.renamed[name]}?{where.query}")
        elif (found := self.hub.models.get(name)) is not None:
            asked = {"_id", "id", *expand}
            self.send(200, json.dumps({k: v for k, v in found.items() if k in asked}).encode())
        else:
            absent(self)

    def file(self, name: str) -> None:
        if name in self.hub.files:
            self.send(307, b"", Location=f"{_CACHED}{name}")
        else:
            self.send(404, b"Entry not found", X_Error_Code="EntryNotFound")

    def send(self, status: int, body: bytes, **headers: str) -> None:
        self.send_response(status)
        for key, value in {"Content-Type": "application/json", **headers}.items():
            self.send_header(key.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""


def listing(handler: Handler, query: Mapping[str, list[str]]) -> None:
    """All models by pages, with the link to the next one."""
    size, start = int(query["limit"][0]), int(query.get("cursor", ["0"])[0])
    ids = list(handler.hub.models)
    body = json.dumps([handler.hub.models[name] for name in ids[start : start + size]]).encode()
    more = start + size < len(ids)
    link = f'<{handler.hub.url}/api/models?limit={size}&cursor={start + size}>; rel="next"'
    handler.send(200, body, **({"Link": link} if more else {}))


def absent(handler: Handler) -> None:
    """Missing, or private: the Hub says 401 to who gives no token, 404 to who does."""
    if handler.headers.get("Authorization"):
        handler.send(404, b'{"error":"Repository not found"}', X_Error_Code="RepoNotFound")
    else:
        handler.send(401, b'{"error":"Invalid username or password."}')


def status(code: int, **headers: str) -> Answer:
    return lambda handler: handler.send(code, b'{"error":"so it is"}', **headers)


def elsewhere(url: str) -> Answer:
    return lambda handler: handler.send(307, b"", Location=url)


def garbage(handler: Handler) -> None:
    handler.send(200, b"<html>maintenance</html>")


def truncated(handler: Handler) -> None:
    handler.send_response(200)
    handler.send_header("Content-Length", "5000")
    handler.end_headers()
    handler.wfile.write(b'{"id": "some')
    handler.close_connection = True


def endless(handler: Handler) -> None:
    handler.send_response(200)
    handler.send_header("Transfer-Encoding", "chunked")
    handler.end_headers()
    block = b"10000\r\n" + b"[" * 0x10000 + b"\r\n"
    try:
        for _ in range(200):
            handler.wfile.write(block)
    except OSError:
        handler.close_connection = True


def silent(seconds: float) -> Answer:
    def answer(handler: Handler) -> None:
        time.sleep(seconds)
        handler.close_connection = True

    return answer


@contextmanager
def running(hub: FakeHub) -> Iterator[FakeHub]:
    """The Hub while it can be reached."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Bound", (Handler,), {"hub": hub}))
    server.daemon_threads = True
    hub.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield hub
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
