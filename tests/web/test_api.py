"""The interface for other systems: who may, what may be seen, batches whole or not at all, its description."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from bot.settings import Settings, SettingsError, load_settings
from bot.wiring import interface
from rehearsal.stage import Stage
from tests.bot.office import FINE, Q3, Office, moment
from tests.reports.test_department_attachments import department_of, file_report
from web.api import describe
from web.service import Vitals, create_service
from web.tokens import Token, holder, mint, parse_tokens

HERE = Path(__file__).parent
SECRETS = {"read": "secret-of-a-screen", "write": "secret-of-the-treasury"}
TOKENS = ";".join(
    Token(name, scope, sha256(SECRETS[scope].encode()).hexdigest()).text
    for name, scope in (("screen", "read"), ("yitihua", "write"))
)
ROUND = "/api/v1/rounds/2026Q3"
NOW = moment("10-12 10:00")


@pytest.fixture
def office(open_story: Callable[[], Stage]) -> Iterator[Office]:
    opened = Office(open_story())
    opened.file("zhangmin", FINE)
    yield opened
    opened.close()


@pytest.fixture
def client(office: Office) -> Iterator[TestClient]:
    settings = Settings(api_tokens=TOKENS, _env_file=None)  # type: ignore[call-arg]
    mounts = interface(settings, office.stage.store, lambda: NOW)
    service = create_service(Vitals(lambda: NOW, lambda: NOW, dict), mounts)
    with TestClient(service, raise_server_exceptions=False) as opened:
        yield opened


def bearer(scope: str = "read") -> dict[str, str]:
    return {"Authorization": f"Bearer {SECRETS[scope]}"}


def put(client: TestClient, content: Any, batch: str = "T1", scope: str = "write") -> Any:
    body = content if isinstance(content, bytes) else json.dumps(content).encode()
    return client.put(f"{ROUND}/execution/{batch}", content=body, headers=bearer(scope))


GOOD = {
    "as_of": "2026-09-30",
    "system": "预算管理一体化",
    "rows": [{"project": "p001", "arrived": "256", "spent": "201.345"}, {"project": "p002", "arrived": "1"}],
}

# -- who may

GETS = ["", "/departments", "/departments/d01/projects", "/departments/d01/findings", "/execution"]
GETS += ["/departments/d01/trace"]


@pytest.mark.parametrize("path", GETS)
@pytest.mark.parametrize(
    "header", ["", "Bearer", "Bearer wrong", "Basic c2VjcmV0", f"Token {SECRETS['read']}"]
)
def test_a01_without_a_known_token_nothing_is_said(client: TestClient, path: str, header: str) -> None:
    answer = client.get(f"{ROUND}{path}", headers={"Authorization": header} if header else {})
    assert answer.status_code == 401
    assert answer.json() == {"message": "没有令牌，或令牌不对。", "faults": []}
    assert answer.headers["www-authenticate"] == "Bearer"


def test_a_reading_token_imports_nothing(client: TestClient, office: Office) -> None:
    answer = put(client, GOOD, scope="read")
    assert (answer.status_code, answer.json()["message"]) == (403, "这个令牌只能读，不能导入。")
    with office.stage.store.read() as tx:
        assert tx.round_execution(Q3) == {}


def test_without_tokens_there_is_no_interface(office: Office) -> None:
    assert interface(Settings(_env_file=None), office.stage.store) == {}  # type: ignore[call-arg]


@pytest.mark.parametrize("text", ["x", "a:read:12", f"a:admin:{'0' * 64}", f"a b:read:{'0' * 64}"])
def test_a_wrong_setting_is_named(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JIXIAO_API_TOKENS", text)
    with pytest.raises(SettingsError, match="JIXIAO_API_TOKENS"):
        load_settings()


def test_a_name_used_twice_is_refused(office: Office) -> None:
    twice = ";".join([Token("a", "read", "0" * 64).text, Token("a", "write", "1" * 64).text])
    with pytest.raises(SettingsError, match="名称不能重复"):
        interface(Settings(api_tokens=twice, _env_file=None), office.stage.store)  # type: ignore[call-arg]


def test_tokens_are_known_by_their_hash_only() -> None:
    secret = mint()
    tokens = parse_tokens(Token("x", "write", sha256(secret.encode()).hexdigest()).text)
    assert secret not in tokens[0].text
    assert holder(tokens, f"Bearer {secret}") == tokens[0]
    assert holder(tokens, f"bearer {secret} ") == tokens[0]
    assert holder(tokens, f"Bearer {secret}x") is None
    assert mint() != secret


# -- reading


def get(client: TestClient, path: str) -> Any:
    answer = client.get(f"{ROUND}{path}", headers=bearer())
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_the_round_is_counted(client: TestClient) -> None:
    seen = get(client, "")
    assert (seen["round"], seen["label"], seen["time_progress"]) == ("2026Q3", "2026年三季度", "0.75")
    assert (seen["filed"], seen["last_day"]) == (1, "2026-09-30")
    assert seen["owed"] > 1


def test_figures_are_there_only_after_the_department_filed(client: TestClient, office: Office) -> None:
    department = department_of(office)
    before = {each["id"]: each for each in get(client, "/departments")}[department]
    assert (before["filed"], before["spent"], before["budget"], before["report"]) == (1, None, None, "待汇总")
    for path in ("projects", "findings", "trace"):
        answer = client.get(f"{ROUND}/departments/{department}/{path}", headers=bearer())
        assert (answer.status_code, answer.json()["message"]) == (
            403,
            "这个部门还没有报送财政，现在只能看到报了几个。",
        )
    file_report(office.stage, department)
    after = {each["id"]: each for each in get(client, "/departments")}[department]
    assert (after["spent"], after["report"]) == ("240", "已报送财政")
    (project,) = get(client, f"/departments/{department}/projects")
    assert (project["id"], project["budget"], project["spent"], project["version"]) == (
        "p001",
        "320",
        "240",
        1,
    )
    assert project["indicators"][0] == {
        "level1": project["indicators"][0]["level1"],
        "level2": project["indicators"][0]["level2"],
        "name": "改造教室数量",
        "target": "48间",
        "actual": "46间",
        "likelihood": "确定能",
    }
    assert isinstance(get(client, f"/departments/{department}/findings"), list)


def test_a_figure_is_followed_to_the_words_it_came_from(client: TestClient, office: Office) -> None:
    file_report(office.stage, department_of(office))
    (figure, *_) = get(client, f"/departments/{department_of(office)}/trace?figure=执行率")
    assert (figure["key"], figure["form"], figure["label"]) == ("2.execution", "附表2", "预算执行率")
    (source,) = figure["sources"]
    assert (source["unit"], source["project"], source["version"]) == ("新桥小学", "新桥小学校舍安全改造", 1)
    spent, budget = source["cells"]
    assert (spent["cell"], spent["value"], spent["platform"], spent["how"]) == (
        "已支出资金",
        "240",
        "模拟器",
        "发消息",
    )
    assert spent["said"] == "240"
    assert spent["message"] == FINE
    assert (budget["value"], budget["how"], budget["message"]) == ("320", "名册导入", "")
    assert get(client, f"/departments/{department_of(office)}/trace?figure=没有的数") == []


def test_nobody_is_named(client: TestClient, office: Office) -> None:
    department = department_of(office)
    file_report(office.stage, department)
    with office.stage.store.read() as tx:
        names = [person.name for person in tx.roster().people]
    said = "".join(
        client.get(f"{ROUND}{path}", headers=bearer()).text
        for path in (
            "",
            "/departments",
            f"/departments/{department}/projects",
            "/execution",
            f"/departments/{department}/trace",
        )
    )
    assert [name for name in names if name in said] == []


@pytest.mark.parametrize(
    "path", ["/api/v1/rounds/2026Q1", "/api/v1/rounds/x", "/api/v1/rounds/2026Q3/departments/no/projects"]
)
def test_what_there_is_not_is_a_sentence(client: TestClient, path: str) -> None:
    answer = client.get(path, headers=bearer())
    assert answer.status_code in (404, 422)
    assert answer.json()["message"].endswith(("。", "”"))


# -- importing


def test_a_batch_comes_in_once(client: TestClient, office: Office) -> None:
    first, again = put(client, GOOD), put(client, GOOD)
    assert (first.status_code, first.json()) == (201, {"batch": "T1", "rows": 2, "fresh": True})
    assert (again.status_code, again.json()) == (200, {"batch": "T1", "rows": 2, "fresh": False})
    assert {each["project"]: each["spent"] for each in get(client, "/execution")} == {
        "p001": "201.345",
        "p002": None,
    }
    with office.stage.store.read() as tx:
        rows = [row.by for row in tx.audit_rows(50) if row.action == "execution.imported"]
    assert rows == ["api:yitihua"]


def test_another_content_under_the_same_name_is_a_conflict(client: TestClient) -> None:
    put(client, GOOD)
    answer = put(client, GOOD | {"rows": GOOD["rows"][:1]})
    assert answer.status_code == 409
    assert [fault["code"] for fault in answer.json()["faults"]] == ["execution.changed"]


def test_every_wrong_row_is_named_and_nothing_is_kept(client: TestClient, office: Office) -> None:
    rows = [
        {"project": "p001", "spent": "1"},
        {"project": "nobody", "spent": "1"},
        {"project": "p002", "spent": "1万"},
    ]
    answer = put(client, GOOD | {"rows": rows})
    assert answer.status_code == 422
    assert [(fault["row"], fault["field"], fault["message"]) for fault in answer.json()["faults"]] == [
        (2, "project", "名册里没有编号或编码为“nobody”的2026年项目。"),
        (3, "spent", "“1万”不是可以用的万元数。请写成 201.35 这样：整数最多 9 位，小数最多 6 位，不写单位。"),
    ]
    with office.stage.store.read() as tx:
        assert tx.round_execution(Q3) == {}


@pytest.mark.parametrize(
    ("row", "field", "words"),
    [
        ({"project": "p001", "spent": 201.345}, "spent", "带引号"),
        ({"project": "p001", "spent": None}, "spent", "带引号"),
        ({"spent": "1"}, "project", "缺少"),
        ({"project": "p001", "spent": "1", "phone": "1"}, "phone", "没有这一项"),
        (
            {"project": "p001", "spent_by_source": {"lottery": "1"}},
            "spent_by_source.lottery.[key]",
            "来源只有",
        ),
        (["p001"], "", "格式不对"),
    ],
)
def test_a_row_of_the_wrong_form_says_what_is_wrong(
    client: TestClient, row: object, field: str, words: str
) -> None:
    answer = put(client, GOOD | {"rows": [{"project": "p002", "arrived": "1"}, row]})
    (fault,) = answer.json()["faults"]
    assert (answer.status_code, fault["row"], fault["field"]) == (422, 2, field)
    assert words in fault["message"]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"null",
        b"{",
        b"\xff\xfe",
        b'{"as_of": "2026-09-30", "as_of": "2026-09-29"}',
        b'{"rows": NaN}',
        b"[" * 10_000,
        b'{"system": "\\ud800"}',
    ],
)
def test_m01_hostile_bodies_get_a_sentence(client: TestClient, body: bytes) -> None:
    answer = put(client, body)
    assert answer.status_code == 422
    assert answer.json()["message"].startswith("看不懂内容")


def test_m05_a_body_over_the_limit_is_refused(client: TestClient) -> None:
    answer = put(client, b'{"system": "' + b"x" * (4 * 1024 * 1024) + b'"}')
    assert (answer.status_code, answer.json()["message"]) == (413, "内容太大，最多 4 MB。请分成几批。")


ROWS = b'{"as_of": "2026-09-30", "system": "x", "rows": [%s]}'


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (ROWS % b",".join([b"1"] * 1_000_000), "没有收：格式不对。"),
        (ROWS % b",".join([b"{}"] * 1_000_000), "没有收：格式不对。"),
        (ROWS % b",".join(b'{"%d":1}' % n for n in range(200_000)), "没有收：格式不对。"),
        (ROWS % b"{%s}" % b",".join(b'"%d":1' % n for n in range(300_000)), "看不懂内容"),
        (b"{%s}" % b",".join(b'"%d":1' % n for n in range(300_000)), "看不懂内容"),
    ],
)
def test_m05_a_batch_wrong_throughout_is_answered_shortly(
    client: TestClient, body: bytes, message: str
) -> None:
    """A fault for every one of a million rows took two gigabytes and held everybody up."""
    answer = put(client, body)
    assert (answer.status_code, answer.json()["message"].startswith(message)) == (422, True)
    assert len(answer.json()["faults"]) < 10


@pytest.mark.parametrize("then", [{"type": "http.disconnect"}, None])
def test_m05_a_body_that_does_not_come_is_not_waited_for(
    office: Office, monkeypatch: pytest.MonkeyPatch, then: dict[str, str] | None
) -> None:
    monkeypatch.setattr("web.api.BODY_SECONDS", 0.05)
    settings = Settings(api_tokens=TOKENS, _env_file=None)  # type: ignore[call-arg]
    service = interface(settings, office.stage.store, lambda: NOW)["/api"]
    coming: list[Any] = [{"type": "http.request", "body": b"{", "more_body": True}, then]
    said: list[Any] = []

    async def receive() -> Any:
        return coming.pop(0) or await asyncio.Event().wait()

    async def send(message: Any) -> None:
        said.append(message)

    headers = [(b"authorization", bearer("write")["Authorization"].encode())]
    scope = {"type": "http", "method": "PUT", "path": "/v1/rounds/2026Q3/execution/T1", "headers": headers}
    asyncio.run(service(scope | {"query_string": b"", "root_path": ""}, receive, send))
    assert said[0]["status"] == 408


def test_what_was_imported_is_in_the_form(client: TestClient, office: Office) -> None:
    """办法第十条(一)：经办人打开第二张表，到位数已经在里面。"""
    put(client, GOOD)
    with office.stage.store.read() as tx:
        filler = tx.project("p002").filler_id  # type: ignore[union-attr]
        user = dict(tx.person(filler).identities)["simulator"]  # type: ignore[union-attr]
    (card,) = office.say(user, "填报 操场")
    assert "来自预算管理一体化 截至9月30日 批次 T1" in json.dumps(dict(card.card), ensure_ascii=False)


def test_a_failure_of_ours_keeps_nothing_and_asks_to_send_again(client: TestClient, office: Office) -> None:
    office.stage.store.close()
    path = office.stage.store.path
    assert path is not None
    path.rename(path.with_suffix(".gone"))
    answer = put(client, GOOD)
    path.unlink(missing_ok=True)
    path.with_suffix(".gone").rename(path)
    assert answer.status_code == 500
    assert answer.json()["message"].endswith("请稍后用同一个批次号再送一次。")
    assert "Traceback" not in answer.text


def test_m07_the_row_of_who_read_what_holds_nothing_unseen(client: TestClient, office: Office) -> None:
    """A NUL is refused by PostgreSQL, and an override of direction would make the row read otherwise."""
    answer = client.get(f"{ROUND}/departments/d01/trace?figure=%00%E2%80%AEx", headers=bearer())
    with office.stage.store.read() as tx:
        subject = tx.audit_rows(1)[0].subject
    assert (answer.status_code, subject) == (403, "2026Q3/departments/d01/trace/x")


# -- the description


def test_the_description_is_the_golden_one(golden: Callable[[Path, str], None]) -> None:
    golden(
        HERE / "golden" / "openapi.json",
        json.dumps(describe(), ensure_ascii=False, indent=1, sort_keys=True) + "\n",
    )


def test_l04_the_documentation_page_is_off(client: TestClient) -> None:
    for path in ("/api/docs", "/api/redoc", "/api/openapi.json"):
        assert client.get(path, headers=bearer()).status_code == 404


def test_no_amount_is_a_number() -> None:
    said = json.dumps(describe())
    assert '"number"' not in said


# -- what is not there, and what is left behind
NOT_THERE = [
    ("GET", "/api/v1/nothing", 404, "没有这个地址。"),
    ("GET", "/api", 404, "没有这个地址。"),
    ("POST", ROUND, 405, "这个地址不能用这种方法："),
    ("GET", "/api/v1/rounds/2026Q4", 422, "这次请求写得不对：季度要写成 2026Q3"),
    ("GET", f"{ROUND}/departments/{'d' * 65}/projects", 422, "这次请求写得不对：部门编码最多 64 个字。"),
]


@pytest.mark.parametrize(("method", "path", "status", "words"), NOT_THERE)
def test_what_is_not_there_is_said_in_chinese(
    client: TestClient, method: str, path: str, status: int, words: str
) -> None:
    answer = client.request(method, path, headers=bearer())
    assert (answer.status_code, answer.json()["message"].startswith(words)) == (status, True), answer.text


def test_every_read_leaves_one_row_of_who_asked_for_what(office: Office, client: TestClient) -> None:
    for path in ("", "/departments", "/departments/d01/projects", "/departments/d01/trace", "/execution"):
        client.get(f"{ROUND}{path}", headers=bearer())
    client.get(ROUND)
    client.get(ROUND, headers={"Authorization": "Bearer wrong"})
    with office.stage.store.read() as tx:
        rows = [row for row in reversed(tx.audit_rows(100)) if row.action == "api.read"]
    assert [(row.by, row.subject, row.at) for row in rows] == [
        ("api:screen", f"2026Q3{path}", NOW)
        for path in ("", "/departments", "/departments/d01/projects", "/departments/d01/trace", "/execution")
    ]
