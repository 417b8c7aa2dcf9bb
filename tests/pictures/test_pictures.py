"""The pictures of the manual can be taken again: the story still plays, the page still draws, the file is one."""

from __future__ import annotations

import asyncio
import struct
import zlib
from pathlib import Path

import pytest

from rehearsal import story
from rehearsal.chat import play
from rehearsal.live.dingtalk import rehearsal_world
from rehearsal.local import local_roster
from rehearsal.stage import Stage
from sandbox.dingtalk import serving
from tests.pictures import camera, places
from tests.pictures.palette import SIGNATURE, small
from tests.pictures.shots import FOLDER, PARTS, STORY, Shot, shot_of, shots

SAID = [
    ("拍 wecom-form 张敏", Shot("wecom-form", "张敏")),
    ("拍 wecom-echo 张敏 2张", Shot("wecom-echo", "张敏", 2)),
    ("拍 dingtalk-page 张敏 整页", Shot("dingtalk-page", "张敏", page=True)),
    ("拍 dingtalk-form 张敏 填 256 36", Shot("dingtalk-form", "张敏", typed=("256", "36"))),
    ("只是一句话", None),
]


@pytest.mark.parametrize(("comment", "shot"), SAID)
def test_a_line_says_what_is_photographed(comment: str, shot: Shot | None) -> None:
    assert shot_of(comment) == shot


def test_every_picture_is_taken_once_and_kept() -> None:
    taken = [*(shot.name for shot in shots()), *PARTS]
    assert sorted(taken) == sorted(path.stem for path in FOLDER.iterdir())
    assert {shot.place for shot in shots()} == set(places.PLACES)


def test_the_story_still_plays_and_everybody_has_something_on_the_phone(tmp_path: Path) -> None:
    stage = Stage(tmp_path / "stage")
    asyncio.run(stage.set_clock(story.START))
    users, seen = places.users("simulator"), []

    async def hear(comment: str) -> None:
        if shot := shot_of(comment):
            cards = [each for each in stage.phones.messages(users[shot.person]) if each.card]
            assert len(cards) >= shot.cards
            seen.append(shot)

    asyncio.run(play(STORY, lambda: stage, hear))
    assert seen == shots()


@pytest.mark.browser
@pytest.mark.enable_socket
def test_the_page_of_templates_is_photographed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if not camera.CHROMIUM:
        pytest.skip("Chromium is not installed")
    monkeypatch.setattr(places, "FOLDER", tmp_path)

    async def go() -> None:
        async with (
            serving(rehearsal_world(local_roster(), story.START)) as base,
            camera.opened(f"{base}/sandbox/") as page,
        ):
            await places.templates(page)

    asyncio.run(go())
    assert sorted(path.stem for path in tmp_path.iterdir()) == sorted(PARTS)
    for path in tmp_path.iterdir():
        assert shape(path.read_bytes()) == shape((FOLDER / path.name).read_bytes())


def shape(png: bytes) -> tuple[int, ...]:
    """Width and height."""
    return struct.unpack(">II", png[16:24])


def test_a_picture_of_few_colours_keeps_them_all() -> None:
    rows = [[(255, 0, 0), (0, 0, 0)], [(255, 255, 255), (0, 0, 0)]]
    png = small(_png(rows, up=True))
    assert png.startswith(SIGNATURE)
    assert png[24:26] == b"\4\3"  # four bits a dot, each the number of a colour
    assert png[41:50] == bytes((0, 0, 0, 255, 0, 0, 255, 255, 255))


def _png(rows: list[list[tuple[int, int, int]]], *, up: bool) -> bytes:
    """As Chromium writes one; ``up``: rows below the first are differences."""
    raw, above = b"", bytes(len(rows[0]) * 3)
    for number, row in enumerate(rows):
        flat = bytes(part for dot in row for part in dot)
        less = bytes((a - b) & 255 for a, b in zip(flat, above, strict=True))
        raw += b"\2" + less if up and number else b"\0" + flat
        above = flat
    head = struct.pack(">IIBBBBB", len(rows[0]), len(rows), 8, 2, 0, 0, 0)
    parts = ((b"IHDR", head), (b"IDAT", zlib.compress(raw)), (b"IEND", b""))
    return SIGNATURE + b"".join(
        struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
        for name, body in parts
    )
