"""One ASGI app: the simulator's page, health."""
