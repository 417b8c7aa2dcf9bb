"""The one place that listens: the app behind uvicorn."""

from __future__ import annotations

import socket

import uvicorn
from starlette.applications import Starlette

#: An open stream of changes must not keep the program from ending.
FAREWELL_SECONDS = 2


class AddressRefused(Exception):
    """Nothing can listen there; the text says where and what to do."""


def check_address(host: str, port: int) -> None:
    """Said before anything starts, in words: a port that is taken, or an address that is not this machine's."""
    try:
        socket.create_server((host, port)).close()
    except OSError as error:
        raise AddressRefused(
            f"不能在 {host}:{port} 上听（{error.strerror}）。端口被别的程序占用了，或者这台机器没有这个地址；"
            "停掉那个程序，或换一个端口。"
        ) from error


def serve(app: Starlette, host: str, port: int) -> None:
    """Serve until interrupted; see :func:`check_address`."""
    server(app, host, port).run()


def server(app: Starlette, host: str, port: int) -> uvicorn.Server:
    """The same, for a caller that runs it in its own loop."""
    config = uvicorn.Config(
        app,
        host=host,
        port=port,
        log_level="warning",
        log_config=None,  # the process decides what becomes of a traceback (bot.logs)
        ws="none",
        server_header=False,
        timeout_graceful_shutdown=FAREWELL_SECONDS,
        timeout_keep_alive=30,
    )
    return uvicorn.Server(config)
