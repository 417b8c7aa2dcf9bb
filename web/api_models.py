"""What the interface takes and gives, as its description shows it. Amounts are text in 万元, never a float."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, FailFast, Field

Amount = str | None
SourceName = Literal["central", "provincial", "municipal", "district", "other"]


class Given(BaseModel):
    """Something another system sends: exactly these fields, of exactly these kinds."""

    model_config = ConfigDict(extra="forbid", strict=True)


class ExecutionRow(Given):
    """一个项目 1 月 1 日起的累计数，单位万元，写成文字。"""

    project: str = Field(description="项目编号或编码，和名册一致", examples=["p001"])
    arrived: str = Field("", description="已到位资金", examples=["256"])
    spent: str = Field("", description="已支出资金", examples=["201.345"])
    spent_by_source: dict[SourceName, str] = Field(
        default_factory=dict, description="分来源的已支出资金；多个来源的重点项目按它带出"
    )


class ExecutionBatch(Given):
    """一批执行数：全部正确才收；同一批次号同样内容再来一次不变。"""

    as_of: date = Field(strict=False, description="数据截至哪天，不晚于季度最后一天", examples=["2026-09-30"])
    system: str = Field(description="数据来自哪个系统，会显示给经办人", examples=["预算管理一体化"])
    #: the first row of a wrong form ends the reading: a million of them would take gigabytes to complain about.
    rows: Annotated[list[ExecutionRow], FailFast()]


class Taken(BaseModel):
    """收下的结果。"""

    batch: str
    rows: int
    fresh: bool = Field(description="false：以前收过同样的一批，没有改变任何内容")


class FaultOut(BaseModel):
    """一处错误。"""

    row: int = Field(description="第几行，从 1 数；0 是这一批本身")
    field: str
    code: str
    message: str


class Refusal(BaseModel):
    """没有收，或没有给。"""

    message: str
    faults: list[FaultOut] = []


class RoundOut(BaseModel):
    """一个监控季度和全区报送情况。"""

    round: str
    label: str
    last_day: date
    time_progress: str
    owed: int = Field(description="应报附表1 的项目数")
    filed: int = Field(description="已报部门的项目数")


class DepartmentOut(BaseModel):
    """一个部门的进度；金额在部门报送财政之后才有。"""

    id: str
    name: str
    owed: int
    filed: int
    report: str = Field(description="附表2、3 的状态")
    report_version: int
    budget: Amount
    arrived: Amount
    spent: Amount
    execution_rate: Amount = Field(description="已支出 ÷ 预算总额，四位小数")


class IndicatorOut(BaseModel):
    """一条三级指标。"""

    level1: str
    level2: str
    name: str
    target: str
    actual: str
    likelihood: str


class ProjectOut(BaseModel):
    """一个项目报送的附表1。"""

    id: str
    code: str
    name: str
    unit: str
    is_key: bool
    version: int
    budget: str
    arrived: Amount
    spent: Amount
    situation: str
    reason: str
    plan: str
    indicators: list[IndicatorOut]


class FindingOut(BaseModel):
    """一条开着的偏离。"""

    project: str
    level: str
    sentence: str
    formula: str
    threshold: str
    reference: str
    article: str


class SaidOut(BaseModel):
    """一格的来历。电话、证件号、账号、邮箱已去掉。"""

    cell: str = Field(description="附表1 的哪一格")
    value: str = Field(description="存的值；金额单位万元")
    how: str = Field(description="发消息、在卡片上填、发表格、系统起草、从财政系统导入、名册导入……")
    said: str = Field(description="这一格的原话")
    at: datetime | None
    platform: str = Field(description="钉钉、企业微信；不是聊天来的为空")
    place: str = Field(description="表格的文件名和单元格，或导入的批次")
    message: str = Field(description="整条消息")


class SourceOut(BaseModel):
    """一个数里来自一个项目（或部门自己）的部分。"""

    unit: str
    project: str = Field(description="空：部门自己填的")
    version: int = Field(description="附表1 的版本；0：部门自己填的")
    filed_at: datetime | None
    stood_in: str = Field(description="预算科代填的原因；空：不是代填")
    cells: list[SaidOut]


class TraceOut(BaseModel):
    """附表2 或附表3 的一个数，追到原话；和别的回答一样不写姓名。"""

    key: str
    form: str
    label: str
    value: str
    formula: str
    sources: list[SourceOut]


class ExecutionOut(BaseModel):
    """系统里现在认的一个项目的执行数。"""

    project: str
    arrived: Amount
    spent: Amount
    batch: str
    as_of: date
    system: str
