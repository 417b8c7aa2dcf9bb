"""The JSON interface for other systems: read the results of a round, bring in execution figures (A01, N-rules).

Mounted below /api when tokens are configured. Its own documentation page is off: nothing is loaded from elsewhere;
``jixiao api schema`` writes the description."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Annotated, Any, Protocol

from fastapi import Depends, FastAPI, Header, HTTPException, Path, Query, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import ValidationError
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException as Unanswered
from starlette.requests import ClientDisconnect

from regulation.basis import Basis
from regulation.execution import Batch, Execution, Fault
from regulation.filing import Filing, FilingState
from regulation.folding import clean_text
from regulation.rates import plain
from regulation.reporting import BEFORE_FINANCE, Report
from regulation.roster import Department
from regulation.rounds import MonitoringRound, parse_round
from regulation.tracing import Traced
from web import api_answers as answers
from web import api_models as models
from web.api_answers import DONE
from web.ports import Refused
from web.strict import parse_json
from web.tokens import WRITE, Token, holder

MOST_BYTES = 4 * 1024 * 1024
#: a body that has not come in by then is not waited for (M05).
BODY_SECONDS = 60
#: what the framework says in English: of an address it does not know, and of a method it does not take there.
_UNANSWERED = {
    404: "没有这个地址。有哪些见接口说明：jixiao api schema。",
    405: "这个地址不能用这种方法：读用 GET，导入执行数用 PUT。",
}


class Owed(Protocol):
    """One form of a round."""

    @property
    def department_id(self) -> str: ...
    @property
    def filing(self) -> Filing: ...


class ApiRecords(Protocol):
    """The questions the interface asks of what is stored."""

    def departments(self) -> Sequence[Department]: ...
    def duties(self, round: MonitoringRound) -> Sequence[Owed]: ...
    def reports(self, round: MonitoringRound) -> Sequence[Report]: ...
    def basis(self, department_id: str, round: MonitoringRound) -> Basis: ...
    def findings(
        self, round: MonitoringRound, *, department_id: str | None = None
    ) -> Sequence[answers.Found]: ...
    def round_execution(self, round: MonitoringRound) -> Mapping[str, Execution]: ...


class TakenBatch(Protocol):
    """What became of a batch."""

    @property
    def rows(self) -> int: ...
    @property
    def fresh(self) -> bool: ...
    @property
    def faults(self) -> tuple[Fault, ...]: ...


#: a department's figures of that name in that round, each with what it rests on.
Trace = Callable[[Any, MonitoringRound, str, str], Sequence[tuple[Traced, Sequence[answers.Follow]]]]


@dataclass(frozen=True, slots=True)
class Behind:
    """What stands behind the interface: how to read, how to take a batch, how to leave a row of who read what (the
    token's name, the path), whose tokens count."""

    read: Callable[[], AbstractContextManager[ApiRecords]]
    take: Callable[[Batch, str], TakenBatch]
    note: Callable[[str, str], None]
    tokens: tuple[Token, ...]
    trace: Trace


def create_api(behind: Behind) -> FastAPI:
    """The application."""
    api = FastAPI(
        title="绩监通接口",
        version="1",
        description="读取监控季度的结果，导入执行数。金额是文字，单位万元；每次都要带令牌。",
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
    )
    api.add_exception_handler(Unanswered, _refused)
    api.add_exception_handler(RequestValidationError, _unreadable)
    api.add_exception_handler(Exception, _broken)
    _Routes(behind).add_to(api)
    return api


def describe() -> dict[str, Any]:
    """The OpenAPI description."""
    return create_api(Behind(_nothing, _nothing, _nothing, (), _nothing)).openapi()


def _nothing(*_: object) -> Any:
    raise LookupError("only described, not served")


async def _refused(_: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, Unanswered)  # noqa: S101 — registered for nothing else
    said = _UNANSWERED.get(error.status_code) if not isinstance(error, HTTPException) else None
    return _answer(error.status_code, said or str(error.detail), headers=error.headers)


async def _unreadable(_: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)  # noqa: S101 — registered for nothing else
    faults = [answers.wrong_of(each) for each in error.errors()]
    return _answer(422, "这次请求写得不对：" + "".join(each.message for each in faults), faults)


async def _broken(_: Request, __: Exception) -> JSONResponse:
    """Ours to mend, and logged by the server; nothing of a batch was kept."""
    return _answer(500, "系统出了点问题，没有收下任何内容。请稍后用同一个批次号再送一次。")


def _answer(
    status: int,
    message: str,
    faults: Sequence[models.FaultOut] = (),
    headers: Mapping[str, str] | None = None,
) -> JSONResponse:
    body = models.Refusal(message=message, faults=list(faults)).model_dump()
    return JSONResponse(body, status, headers=dict(headers or {}))


RoundCode = Annotated[str, Path(pattern=r"^20\d\d[Qq][23]$", description="季度，如 2026Q3")]
DepartmentId = Annotated[str, Path(max_length=64)]
FigureName = Annotated[
    str, Query(max_length=60, description="哪个数：执行率、到位率、改进计划……；空就是全部")
]
BatchId = Annotated[str, Path(max_length=64, description="批次号，对方自己的；重发用同一个")]


class _Routes:
    """The calls, each a bound method, so that what stands behind is theirs and nobody else's."""

    def __init__(self, behind: Behind) -> None:
        self.behind = behind

    def add_to(self, api: FastAPI) -> None:
        """One line per call."""
        reader, writer = Depends(self.noted), Depends(self.may_write)
        denied: dict[int | str, dict[str, Any]] = {
            code: {"model": models.Refusal} for code in (401, 403, 404, 422)
        }
        for path, call, model in (
            ("", self.round, models.RoundOut),
            ("/departments", self.departments, list[models.DepartmentOut]),
            ("/departments/{department}/projects", self.projects, list[models.ProjectOut]),
            ("/departments/{department}/findings", self.findings, list[models.FindingOut]),
            ("/departments/{department}/trace", self.trace, list[models.TraceOut]),
            ("/execution", self.known, list[models.ExecutionOut]),
        ):
            api.get(
                f"/v1/rounds/{{code}}{path}",
                response_model=model,
                dependencies=[reader],
                responses=denied,
                operation_id=call.__name__,
                summary=(call.__doc__ or "").split("。")[0],
            )(call)
        api.put(
            "/v1/rounds/{code}/execution/{batch}",
            response_model=models.Taken,
            dependencies=[writer],
            responses={
                **denied,
                201: {"model": models.Taken, "description": "第一次收下"},
                408: {"model": models.Refusal, "description": "没有传完"},
                409: {"model": models.Refusal, "description": "批次号用过，内容不同"},
                413: {"model": models.Refusal, "description": "太大"},
            },
            operation_id="take",
            summary="导入一批执行数",
            openapi_extra={
                "requestBody": {
                    "required": True,
                    "content": {"application/json": {"schema": _inlined(models.ExecutionBatch)}},
                }
            },
        )(self.take)

    # -- who may
    def noted(self, request: Request, authorization: Annotated[str, Header()] = "") -> None:
        """Whoever may read leaves a row of what was asked for, answered or not."""
        token = self.may_read(authorization)
        path = request.url.path.partition("/v1/rounds/")[2]
        self.behind.note(
            f"api:{token.name}", clean_text("/".join([path, *request.query_params.values()]))[:200]
        )

    def may_read(self, authorization: Annotated[str, Header()] = "") -> Token:
        """Any known token."""
        token = holder(self.behind.tokens, authorization)
        if token is None:
            raise HTTPException(401, "没有令牌，或令牌不对。", {"WWW-Authenticate": "Bearer"})
        return token

    def may_write(self, authorization: Annotated[str, Header()] = "") -> Token:
        """A token that may import."""
        token = self.may_read(authorization)
        if token.scope != WRITE:
            raise HTTPException(403, "这个令牌只能读，不能导入。")
        return token

    # -- reading
    def round(self, code: RoundCode) -> models.RoundOut:
        """一个季度的进度。"""
        round = _round(code)
        with self.behind.read() as tx:
            states = [duty.filing.state for duty in tx.duties(round)]
        return models.RoundOut(
            round=round.code,
            label=round.label,
            last_day=round.last_day,
            time_progress=plain(round.time_progress),
            owed=len(states),
            filed=sum(state in DONE for state in states),
        )

    def departments(self, code: RoundCode) -> list[models.DepartmentOut]:
        """各部门的进度和金额。"""
        round = _round(code)
        with self.behind.read() as tx:
            reports = {report.department_id: report for report in tx.reports(round)}
            owed: dict[str, list[FilingState]] = {}
            for duty in tx.duties(round):
                owed.setdefault(duty.department_id, []).append(duty.filing.state)
            return [
                answers.department_of(each, round, reports.get(each.id), owed.get(each.id, []), tx.basis)
                for each in tx.departments()
            ]

    def projects(self, code: RoundCode, department: DepartmentId) -> list[models.ProjectOut]:
        """一个部门的项目。部门报送财政之后才有。"""
        round = _round(code)
        with self.behind.read() as tx:
            self._visible(tx, round, department)
            return [answers.project_of(form) for form in tx.basis(department, round).forms]

    def findings(self, code: RoundCode, department: DepartmentId) -> list[models.FindingOut]:
        """一个部门开着的偏离。部门报送财政之后才有。"""
        round = _round(code)
        with self.behind.read() as tx:
            self._visible(tx, round, department)
            return [answers.finding_of(each) for each in tx.findings(round, department_id=department)]

    def trace(
        self, code: RoundCode, department: DepartmentId, figure: FigureName = ""
    ) -> list[models.TraceOut]:
        """附表2、附表3 的一个数从哪来，追到原话。部门报送财政之后才有。"""
        round = _round(code)
        with self.behind.read() as tx:
            self._visible(tx, round, department)
            return [answers.trace_of(*each) for each in self.behind.trace(tx, round, department, figure)]

    def known(self, code: RoundCode) -> list[models.ExecutionOut]:
        """现在认的执行数。"""
        round = _round(code)
        with self.behind.read() as tx:
            return [answers.execution_of(each) for each in tx.round_execution(round).values()]

    def _visible(self, tx: ApiRecords, round: MonitoringRound, department: str) -> None:
        if not any(each.id == department for each in tx.departments()):
            raise HTTPException(404, "没有这个部门。")
        states = {report.department_id: report.state for report in tx.reports(round)}
        if states.get(department) not in BEFORE_FINANCE:
            raise HTTPException(403, "这个部门还没有报送财政，现在只能看到报了几个。")

    # -- importing
    async def take(self, code: RoundCode, batch: BatchId, request: Request) -> JSONResponse:
        """全部正确才收。"""
        round = _round(code)
        token = holder(self.behind.tokens, request.headers.get("authorization", ""))
        try:
            async with asyncio.timeout(BODY_SECONDS):
                body = await _body(request)
        except (ClientDisconnect, TimeoutError):
            return _answer(408, "内容没有传完，没有收下。请用同一个批次号再送一次。")
        if body is None:
            return _answer(413, "内容太大，最多 4 MB。请分成几批。")
        return await run_in_threadpool(self._take, round, batch, body, token.name if token else "")

    def _take(self, round: MonitoringRound, batch: str, body: bytes, name: str) -> JSONResponse:
        try:
            given = models.ExecutionBatch.model_validate(parse_json(body))
        except Refused:
            return _answer(422, "看不懂内容：要是一个 JSON 对象，不能有重复的键、NaN 或太深的层次。")
        except ValidationError as error:
            return _answer(422, "没有收：格式不对。", [answers.mistake_of(each) for each in error.errors()])
        lines = tuple(answers.line_of(number, row) for number, row in enumerate(given.rows, 1))
        taken = self.behind.take(Batch(batch, round, given.as_of, given.system, lines), f"api:{name}")
        if taken.faults:
            changed = any(fault.problem.code == "execution.changed" for fault in taken.faults)
            said = f"没有收：{len(taken.faults)} 处错误。"
            return _answer(409 if changed else 422, said, [answers.fault_of(each) for each in taken.faults])
        made = models.Taken(batch=batch, rows=taken.rows, fresh=taken.fresh)
        return JSONResponse(made.model_dump(), 201 if taken.fresh else 200)


def _inlined(model: type[models.ExecutionBatch]) -> dict[str, Any]:
    """The model's schema whole, its parts in place of references."""
    schema = model.model_json_schema()
    parts = schema.pop("$defs", {})
    schema["properties"]["rows"]["items"] = parts["ExecutionRow"]
    return schema


def _round(code: str) -> MonitoringRound:
    try:
        return parse_round(code)
    except ValueError as error:
        raise HTTPException(404, str(error)) from error


async def _body(request: Request) -> bytes | None:
    """The whole body, None when it is too large."""
    found = bytearray()
    async for chunk in request.stream():
        found += chunk
        if len(found) > MOST_BYTES:
            return None
    return bytes(found)
