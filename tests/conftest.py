"""What holds for every test: no network but loopback, and nothing kept outside the session's own folder."""

from __future__ import annotations

import os
import socket
import sys
from collections.abc import Iterator
from typing import Any

import pytest

_LOOPBACK = ("127.", "::1", "localhost")


@pytest.fixture(scope="session", autouse=True)
def cache_of_the_session(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Programs that a test starts inherit it too."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", os.fspath(tmp_path_factory.mktemp("cache")))
        yield


def _refuse(event: str, args: tuple[Any, ...]) -> None:
    if event == "socket.connect":
        connection, address = args
        if connection.family in (socket.AF_INET, socket.AF_INET6) and not str(address[0]).startswith(_LOOPBACK):
            raise RuntimeError(f"a test reached for the network: {address!r}")
    elif event == "socket.getaddrinfo" and not str(args[0] or "localhost").startswith(_LOOPBACK):
        raise RuntimeError(f"a test asked for the address of {args[0]!r}")


sys.addaudithook(_refuse)
