"""What the name of an indicator says about it, word by word: good or bad, a rate, a stock (DOMAIN §3.2–3.5)."""

from __future__ import annotations

import re
from functools import lru_cache

#: A look-behind stands after its word: in front it would keep re from looking for the first letters only.

#: Where a name ends: at its end, before brackets, or before the words found around the number.
END = r"(?=[|(]|$)"

#: Things of which less is better, unless the name is about dealing with them (投诉办结率).
LOWER = re.compile(
    "投诉|事故|逾期|超支|变质|受害|结余率|结转率|发生数|发生率|发案|死亡|差错|失误|违规|违纪|违法|拖欠|流失|失业|返贫|辍学|空置"
    "|闲置|浪费|超标|偏差|误差|不满意|返工|故障|缺陷|延误|延期|损失|损耗|退件|上访|信访量|火灾|负担率|漏报|误报|复发|不合格|不良|劣|零就业"
)
RELIEF = re.compile(
    "处理|办结|处置|化解|解决|回应|回复|答复|整改|修复|排除|控制|下降|降低|减少|压降|防控|预防|防范|救助|帮扶|治理|消除|覆盖|及时"
    "|合格(?<!不合格)|达标|完成|成活|满意(?<!不满意)|回访|受理|侦破|查处|清理|排查|演练|培训|宣传|挽回|补偿|检测|监测|动态|清偿|就业(?<!零就业)"
    "|遏制|响应|抢修|应急|恢复|应答|报修|保险|补贴|补助|赔付|鉴定|调查|救援|帮教|预警|预报|评估|巡查|检查|抽查|普查|教育|研究|报告"
    "|治疗|诊断|管控|拆除|打击|执法|立案|结案|整治|收缴|没收|追缴|清缴|清收|催收|追回|盘活|利用|改造|改建|修缮|维修|控辍|案例|处罚|回收"
    "|减排|达峰|调解|仲裁|防治|随访|复耕|复垦|安置|抓获|破案|管理|资助"
)
#: Bad when the name ends in them: 管网漏损率 is bad, 漏损管网改造里程 is not.
_BAD = (
    "近视|肥胖|患病|发病|病死|死亡|受伤|伤亡|感染|漏损|漏失|漏水|渗漏|泄漏|贫困|负债|债务|坏账|欠费|欠缴|欠薪|拖欠|赤字|报废|超时|超限|超载"
    "|逾期|丢包|时延|缺勤|旷课|迟到|退学|失学|辍学|脱管|漏管|漏检|漏保|错保|漏发|错发|错误|差错|犯罪|再犯|复吸|发案|群体性|负面舆情|撂荒|抛荒"
    "|过期|拥堵|离职|失业|违章|违约|违规|违法|违纪|排放|能耗|水耗|电耗|耗[水电能]|噪声|噪音|污染|候诊|等候|等待|停机|宕机|中断|停电|停水|破损"
    "|损坏|损毁|损耗|丢失|退货|退件|拒收|拒付|拒检|积压|滞留|积水|内涝|冒领|纠纷|警情|盗窃|诈骗|侵权|偏离|偏差|误差|投诉|上访|信访|事故|故障|火灾"
    "|溺水|牺牲|致贫|逃学|败诉|隐患|扣分|超采|直排|误操作|成灾|受灾|受害|空置|闲置|超支|不良|不合格|不满意|返修|返工|缺陷|延误|延期|流失|浪费|超标|误报|漏报|失联|断网|掉线|淘汰|吸毒|肇事"
)
_MEASURED = (
    "停车|发生|事件|案件|人员|总|量|率|比例|占比|比重|数量?|件数|人数|次数|起数|户数|宗数|天数|面积|金额|件|点|处"
    "|时间|时长|指数|浓度|强度|程度|度|值|水平"
)
BAD_END = re.compile(rf"(?:{_BAD})(?:{_MEASURED}){{0,3}}{END}")
#: What somebody does about a bad thing named after it: 减少碳排放量, 查处违法案件, 追回拖欠工资.
ACTION = re.compile(
    "处理|处置|化解|解决|整改|修复|排除|控制|下降|降低|减少|压降|缩短|防控|预防|防范|治理|消除|受理|侦破|查处|清理|排查|挽回|遏制|打击"
    "|整治|追缴|清缴|清收|催收|追回|盘活|避免|防止|调解|回收|清偿|审理|办理|检测|监测|处罚|查获|劝返|救治"
)
#: 安全无事故天数: the bad thing did not happen.
FREE = re.compile(
    "(?:无|零|未发生)[^|]{0,4}?(?:事故|投诉|违规|违纪|违法|差错|故障|延误|上访|案件|超标|死亡|火灾|污染)"
)

RATE = re.compile(rf"(?<![频功效])(?:率|比例|占比|比重|满意度|满意程度|知晓度|认可度){END}")
#: Rates nobody wants low and that cannot exceed 100%.
HIGHER = re.compile(
    "满意(?<!不满意)|合格率(?<!不合格率)|达标率|覆盖率|及时率|准确率|成活率|到位率|知晓率|入学率|发放率|接种率|优良率|完好率|在线率|就业率|保障率"
    "|完成率|参保率|验收率|执行率|管理率|办结率|公开率|正常率|普及率|参与率|开工率|完工率|竣工率|处理率"
)
#: Rates that may be small and still good, and grow beyond 100%.
GROWTH = re.compile("增长|增幅|增速|提高|提升|增加|产值|超额|收益|利用率|使用率|负荷|回报|比上年")
#: Percentages that are small by nature although more is better.
SMALL = re.compile("节|降|减|缩短|压缩|抽|占比|比例|比重|改善|优化|转化|贡献|增|提高|提升|收益|回报")

#: Stocks are there or kept up, not produced month by month.
STOCK = re.compile(
    r"覆盖|保有|在册|在编|编制|存量|总数|总量|标准(?=[(|]|$)|在[校岗职园院读网]|现有|常住|配备|容量|床位|户籍|参保|保洁|养护|管护|巡护|管养"
    "|运维|托管|维护"
)
#: 新增养老床位, 新建农村公路: the part of a stock that is made this year.
MADE = re.compile("新增|新建|扩建|改建|改造|建设|购置|采购|增加")
#: Properties read off a thing.
PROPERTY = re.compile(
    "宽度|高度|厚度|深度|直径|射程|浓度|强度|速度|温度|湿度|密度|精度|跨度|间距|半径|净空|距离|带宽|容积|功率"
)
#: Numbers read off a scale: 空气质量综合指数, 信用评分.
INDEX = re.compile(rf"(?:指数|系数|得分|评分|分值|[pP][hH]值){END}")
#: Names whose 级, 类, 名 are places on a scale, best first or best last.
RANK = re.compile("排名|名次|位次|位列|水质|等级|级别|等保|状况|[^数]质量|类别|等次")
STANDARD = re.compile("补助|补贴|标准|待遇|工资|津贴")
#: Money per thing, said in the name instead of the unit: 单间改造成本 ≤6.5万元 is a price, not a purse.
EACH = re.compile(
    "单[价位间台套件个项次户人床座只辆班所村亩]|每[间台套件个项次户人床座只辆班所村亩]|[人户亩]均|均价|平均"
)
SAVING = re.compile("节约|节支|降低|压减|下降")
SPENDING = re.compile("投资|成本|费用|支出|经费|预算|价格|单价|投入|[^收免]费|租金|造价")

LASTING = re.compile("有效|维持|保障|服务|持续|使用|运行|寿命|质保|保修|年限|期限")
#: Times of which more is better although nothing lasts: 视频保存时间, 公示时间, 培训时长.
LONGER = re.compile(
    "开放|保存|存储|留存|续航|公示|培训|学习|天数|供[水电气暖]|值班|值守|营业|播出|运营|养护|无事故"
)
#: Money that comes in or is not spent; more of it is better whatever else the name says.
INCOME = re.compile("收入|节约|节支|增收|利润|产值|税收|收益|争取|引进|吸引|带动|撬动")
#: Outside 数量指标 a count is known as good by one of these; 软弱涣散党组织 ≥3个 is not.
GAIN = re.compile(
    "受益|惠及|惠民|覆盖|服务|带动|接待|增|就业(?<!零就业)|创业|培训|培育|培养|参与|参加|优良|优秀|达标|合格|创建|获|奖|引进|吸引|转化|授权|专利|成果|论文"
    "|下载|浏览|访问|点击|关注|阅读|借阅|观众|读者|游客|产量|产出|完成|建成|建设|修复|恢复|保护|补水|绿化|造林|种植|放流|演出|活动|开放"
    "|宣传|报道|采纳|应用|推广|免费|志愿|救助|帮扶|资助|脱贫|安全运行|无|节|减|降"
)
#: 等待时间缩短 ≥5分钟: the longer the saving, the better.
SHORTER = re.compile("缩短|压缩|提前|减少|节省")
SWIFT = re.compile("响应|处置|处理|办理|办结|修复|到达|时限|工期|耗时|等待|抢修|恢复|审批|及时|候诊|受理")

#: Rates that grow with the year although they look like levels.
PACED = re.compile("执行率|支出率|支付率|拨付率|进度|完成率|完工率|竣工率|开工率")
ON_TIME = re.compile("及时|按时|按期|准时")
COUNTED = re.compile(rf"(?:数|数量|次数|人数|户数|个数|面积|长度|里程|总投资|金额){END}")
#: A number with its unit inside the name (村组干部230人, 达标率100%); ages and years are not targets.
NUMBER_INSIDE = re.compile(
    r"[0-9]+(?:\.[0-9]+)?\s*(?!\s*(?:岁|周岁|年|月|日|周|号|级|类|期|[-—~至]|\.|[0-9]))[%\u4e00-\u9fff]"
)


@lru_cache(maxsize=4096)
def wants_less(name: str) -> bool:
    """Whether less is better of what the folded name speaks of: 投诉率 and 漏损率, not 投诉办结率 nor 无事故天数."""
    if FREE.search(name):
        return False
    if LOWER.search(name) and not RELIEF.search(name):
        return True
    return bool(BAD_END.search(name)) and not ACTION.search(name)


def lasts(name: str) -> bool:
    """Whether a time by this name is wanted long: 质保期, 视频保存时间."""
    return bool(LASTING.search(name) or LONGER.search(name))
