"""The one place that listens: the app behind uvicorn."""

from __future__ import annotations

import uvicorn
from starlette.applications import Starlette

#: An open stream of changes must not keep the program from ending.
FAREWELL_SECONDS = 2


def serve(app: Starlette, host: str, port: int) -> None:
    """Serve until interrupted; a taken port ends the program with uvicorn's own message."""
    server(app, host, port).run()


def server(app: Starlette, host: str, port: int) -> uvicorn.Server:
    """The same, for a caller that runs it in its own loop."""
    config = uvicorn.Config(
        app,
        host=host,
        port=port,
        log_level="warning",
        server_header=False,
        timeout_graceful_shutdown=FAREWELL_SECONDS,
        timeout_keep_alive=30,
    )
    return uvicorn.Server(config)
