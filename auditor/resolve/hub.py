"""The live Hub, asked through its own client: the one door to the network.

Behaviour of client and server as of huggingface_hub 2.4.0 (its sources) and hub-docs, docs/hub/rate-limits.md.
"""

from __future__ import annotations

import json
import os
import re
import time
from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

from auditor import __version__

if TYPE_CHECKING:
    import httpx2

OFFICIAL = "https://huggingface.co"
MODEL_ID = re.compile(r"[A-Za-z0-9][\w.\-]{0,95}(?:/[\w.\-]{1,96})?", re.ASCII)  # longer ones do not exist

_SECONDS = 10.0  # of silence in one request
_WHOLE = 30.0  # seconds for one answer, however it trickles
_BYTES = 4_000_000  # of one answer
_PATIENCE = 60.0  # seconds; who would have to wait longer is told so instead
_TRIES = 4
_GIVE_UP = 3  # names in a row that could not be answered
_AGAIN = frozenset({408, 429, 500, 502, 503, 504})
_EXPAND = ("baseModels", "cardData", "config", "disabled", "gated", "pipeline_tag", "siblings", "tags")
_LISTED = ("baseModels", "downloads", "pipeline_tag", "tags")
_OFFLINE = ("HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE")
_OF_THE_BODY = frozenset({"content-encoding", "content-length", "transfer-encoding"})  # as sent, not as read
_QUIET = ("HF_HUB_DISABLE_TELEMETRY", "HF_HUB_DISABLE_UPDATE_CHECK", "HF_HUB_DISABLE_PROGRESS_BARS")
_TRUE = frozenset({"1", "on", "yes", "true"})
_FILES = re.compile(r"/resolve/main/|/api/resolve-cache/models/")
_WINDOW = re.compile(r";\s*r=(\d+)\s*;\s*t=(\d+)")  # RateLimit: "api";r=0;t=55


class HubError(Exception):
    """The Hub gave no answer, and what is known of why. Never to be taken for "there is no such model"."""


class Hub:
    """Answers of one endpoint. `ask` sends one request a name, more only when the Hub is busy; one thread at a time.

    The token goes to the official host over https and nowhere else; a redirect that leaves the endpoint is refused.
    """

    def __init__(
        self,
        environ: Mapping[str, str],
        *,
        sleep: Callable[[float], object] = time.sleep,
        now: Callable[[], float] = time.monotonic,
        patience: float = _PATIENCE,
    ) -> None:
        self.endpoint = (environ.get("HF_ENDPOINT") or OFFICIAL).rstrip("/")
        self._offline = any(environ.get(name, "").lower() in _TRUE for name in _OFFLINE)
        self._environ = environ
        self._sleep = sleep
        self._now = now
        self._patience = patience
        self._not_before = 0.0
        self._failed = 0
        self._headers: dict[str, str] | None = None

    def ask(self, name: str) -> Mapping[str, Any] | None:
        """What the Hub says of a model; None when it knows none of that id, or none that may be seen. *Raises*: HubError."""
        if not MODEL_ID.fullmatch(name):
            return None
        found, _ = self._patiently(name, f"{self.endpoint}/api/models/{name}", {"expand": list(_EXPAND)})
        if found is None or isinstance(found, dict):
            return found
        raise HubError(f"{name}: the Hub's answer is not about a model")

    def file(self, name: str, path: str) -> object:
        """What a JSON file of a model holds; None when it is not there. *Raises*: HubError."""
        found, _ = self._patiently(f"{path} of {name}", f"{self.endpoint}/{name}/resolve/main/{path}", {})
        return found

    def page(self, cursor: str, size: int) -> tuple[list[Any], str]:
        """One page of all models, newest first, and the cursor of the next ("" after the last). *Raises*: HubError."""
        url = cursor or f"{self.endpoint}/api/models"
        asked = {} if cursor else {"limit": str(size), "sort": "createdAt", "expand": list(_LISTED)}
        found, following = self._patiently("the list of models", url, asked)
        if isinstance(found, list):
            return found, following
        raise HubError("the list of models: the Hub's answer is no list")

    def _patiently(self, what: str, url: str, asked: Mapping[str, Any]) -> tuple[Any, str]:
        """The answer (None: not there) and the link to what follows, asked for again while the Hub says it may come."""
        import httpx2

        session = self._session()
        trouble = ""
        for attempt in range(_TRIES):
            self._wait(what, trouble)
            try:
                response = session.get(url, params=asked or None, headers=self._headers)
                status, headers = response.status_code, response.headers
                if status == httpx2.codes.OK:
                    found = json.loads(response.content)
                    self._spent(headers)
                    self._failed = 0
                    return found, str(response.links.get("next", {}).get("url", ""))
            except _Elsewhere as error:
                raise HubError(f"{what}: {error}") from error
            except (httpx2.TransportError, httpx2.TooManyRedirects, ValueError, RecursionError, _Cut) as error:
                trouble = _sentence(error)
                self._not_before = self._now() + 2.0**attempt
                continue
            if self._missing(status, headers):
                self._failed = 0
                return None, ""
            if status not in _AGAIN:
                raise HubError(f"{what}: {self._refusal(status, headers)}")
            trouble = f"the Hub answers {status}"
            self._not_before = self._now() + 2.0**attempt
            self._spent(headers)
            if (after := headers.get("retry-after", "")).isdigit():
                self._not_before = max(self._not_before, self._now() + int(after[:6]) + 1)
        self._failed += 1
        raise HubError(f"{what}: {trouble}, {_TRIES} times in a row")

    def _session(self) -> httpx2.Client:
        """The client, made when it is first needed: its import is slow. *Raises*: HubError."""
        if self._offline:
            raise HubError("HF_HUB_OFFLINE is set, so the Hub was not asked")
        if self._failed >= _GIVE_UP:
            raise HubError(f"the Hub gave no answer {_GIVE_UP} times in a row and is not asked again")
        for name in _QUIET:
            os.environ.setdefault(name, "1")
        import httpx2
        from huggingface_hub import get_session, get_token, set_client_factory

        if self._headers is None:
            try:
                where = httpx2.URL(self.endpoint)
            except httpx2.InvalidURL:
                where = httpx2.URL("")
            if where.scheme not in ("http", "https") or not where.host:
                raise HubError("HF_ENDPOINT is no address")
            self._headers = headers_of(self.endpoint, token_of(self._environ, get_token))
            set_client_factory(partial(_bounded, where))
        return get_session()

    def _wait(self, what: str, trouble: str) -> None:
        seconds = self._not_before - self._now()
        if seconds > self._patience:
            told = trouble or "the Hub asks to wait"
            raise HubError(f"{what}: {told} and says to come back in {seconds:.0f} seconds")
        if seconds > 0:
            self._sleep(seconds)

    def _spent(self, headers: Mapping[str, str]) -> None:
        """Be silent until the window of an exhausted rate limit ends."""
        window = _WINDOW.search(headers.get("ratelimit", ""))
        if window and int(window[1]) == 0:
            self._not_before = max(self._not_before, self._now() + int(window[2]) + 1)

    def _missing(self, status: int, headers: Mapping[str, str]) -> bool:
        """No such model or file, or a private one. Without a token the Hub says 401 of these; with one, 401 is about it."""
        code = headers.get("x-error-code", "")
        if status == 401:
            return not self._authorised and code != "GatedRepo"
        return status == 404 and code in ("", "RepoNotFound", "EntryNotFound")

    def _refusal(self, status: int, headers: Mapping[str, str]) -> str:
        if status == 401:
            return "the Hub refuses the token of HF_TOKEN (401)"
        if headers.get("x-error-code") == "GatedRepo":
            return f"access has to be asked for on the Hub ({status}, gated)"
        said = headers.get("x-error-message", "")[:200]
        return f"the Hub answers {status}" + (f": {said}" if said else "")

    @property
    def _authorised(self) -> bool:
        return self._headers is not None and "authorization" in self._headers


def token_of(environ: Mapping[str, str], stored: Callable[[], str | None]) -> str:
    """The token of the environment, else the one that the user's login keeps; "" for who wants none sent unasked."""
    if environ.get("HF_HUB_DISABLE_IMPLICIT_TOKEN", "").lower() in _TRUE:
        return ""
    return environ.get("HF_TOKEN") or stored() or ""


def headers_of(endpoint: str, token: str) -> dict[str, str]:
    """What every request carries: the token only to the official host, and only over https."""
    headers = {"user-agent": f"auditor/{__version__}"}
    if token and endpoint.lower() == OFFICIAL:
        headers["authorization"] = f"Bearer {token}"
    return headers


class _Cut(Exception):
    """An answer that was too long or too slow to be read to its end."""


class _Elsewhere(Exception):
    """A redirect that leaves the endpoint."""


def _bounded(where: httpx2.URL) -> httpx2.Client:
    """A client that speaks to one origin and reads no more, and no longer, than an answer may be."""
    import httpx2

    def stay(request: httpx2.Request) -> None:
        origin = (request.url.scheme, request.url.host, request.url.port)
        ours = "/api/models" in request.url.path or _FILES.search(request.url.path)
        if origin != (where.scheme, where.host, where.port) or not ours:
            raise _Elsewhere("the Hub sends the request elsewhere, which is not followed")

    class Bounded(httpx2.Client):
        def send(self, request: httpx2.Request, **options: Any) -> httpx2.Response:
            response = super().send(request, **{**options, "stream": True})
            until = time.monotonic() + _WHOLE
            read = bytearray()
            try:
                for part in response.iter_bytes():
                    read += part
                    if len(read) > _BYTES or time.monotonic() > until:
                        raise _Cut("the answer is too long or too slow to be read")
            finally:
                response.close()
            kept = [(k, v) for k, v in response.headers.multi_items() if k.lower() not in _OF_THE_BODY]
            return httpx2.Response(response.status_code, headers=kept, content=bytes(read), request=response.request)

    return Bounded(event_hooks={"request": [stay]}, follow_redirects=True, max_redirects=5, timeout=_SECONDS)


def _sentence(error: Exception) -> str:
    if isinstance(error, ValueError | RecursionError):
        return "the Hub's answer cannot be read"
    return str(error)[:200] or type(error).__name__
