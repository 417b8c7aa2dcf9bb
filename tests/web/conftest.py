"""The page over a rehearsal in memory."""

from __future__ import annotations

import pytest
from fake_stage import furnished
from starlette.testclient import TestClient

from web.app import create_app

CALL = {"origin": "http://testserver", "x-jixiao": "1", "content-type": "application/json"}


@pytest.fixture
def stage(tmp_path):
    return furnished(tmp_path)


@pytest.fixture
def client(stage):
    with TestClient(create_app(stage), raise_server_exceptions=False) as found:
        yield found


@pytest.fixture
def call(client):
    def post(name, body, **headers):
        content = {"json": body} if not isinstance(body, bytes) else {"content": body}
        return client.post(f"/api/{name}", headers={**CALL, **headers}, **content)

    return post


@pytest.fixture
def submit(client):
    def post(name, fields, **headers):
        found = {"origin": "http://testserver", **headers}
        return client.post(f"/do/{name}", data=fields, headers=found, follow_redirects=False)

    return post
