"""第六条  绩效监控的主要依据：（一）国家相关法律、法规和规章制度；（二）重大决策部署，经济社会发展目标；
（三）行业政策、行业标准及专业技术规范；（四）预算管理和绩效管理制度及办法，项目及资金管理办法、财务和会计资料；
（五）项目设立的政策依据和目标等相关材料；（六）其他相关资料。

本页核对：系统说的每一句判断、算的每一个数，都说得出依据在哪里。数据为虚构。
"""

import re

import pytest

from regulation.annexes import compose
from regulation.deadlines import Annex, deadline
from regulation.parameters import read
from regulation.rounds import parse_round
from regulation.thresholds import parse_thresholds
from regulation.workdays import parse_workdays
from tests.regulation.sample_department import tables
from tests.regulation.sample_projects import FINE, Q3, SCHOOL, figures, judged

RULES = parse_thresholds(read("thresholds.toml"))


def test_every_deviation_names_its_article_and_its_rule():
    """第一、四项：每条偏离写明依据哪一条、哪条界线、界线从哪天起、出自哪里。"""
    found = judged(SCHOOL, figures("256", "120", {**FINE, 1: "10", 7: "80"}))
    assert len(found) > 2
    for finding in found:
        assert re.match(r"第[一二三四五六七八九十]+条", finding.article)
        assert finding.reference
        assert re.fullmatch(r"20\d\d-\d\d-\d\d", finding.version)


@pytest.mark.parametrize("name", ["pace", "floor", "arrival", "quantity", "level", "cap", "adjustment"])
def test_every_line_between_yellow_and_red_has_a_reference(name):
    """第一、三项：办法没有规定数字，界线写在参数文件里，没有出处的读不进来。"""
    assert all(getattr(rules, name).reference.strip() for rules in RULES)


def test_a_deadline_explains_itself_by_the_article():
    """第一项：期限的每一句解释都从条文说起。"""
    workdays = parse_workdays(read("workdays.toml"))
    for annex, article in ((Annex.UNIT, "第十二条"), (Annex.DEPARTMENT, "第十三条")):
        assert article in deadline(parse_round("2026Q3"), annex, workdays).explanation[0]


def test_the_goals_the_project_was_set_up_with_are_printed_as_they_are():
    """第五项：年度目标一字不改。"""
    rows = compose(SCHOOL, "新桥小学", Q3, {}).rows
    assert [row.target for row in rows] == [i.target_text for i in SCHOOL.indicators[:5]]


def test_a_key_project_carries_its_basis():
    """第二、五项：重点项目写明依据，附表3 带着它。"""
    assert [annex3.basis.value for annex3 in tables().annex3 if annex3.basis] == ["重大决策部署"]


def test_every_computed_figure_names_the_material_it_rests_on():
    """第四项，财务和会计资料：率和合计数说得出是哪个单位、哪个项目、哪一格、第几版、哪条消息。"""
    made = tables()
    for row in made.annex2.execution:
        assert row.formula
        assert row.sources
        for source in row.sources:
            assert source.unit
            assert source.cell
            assert source.version or source.key.startswith("budget_")
            assert source.message or source.key.startswith("budget_")
