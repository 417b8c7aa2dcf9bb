"""Which row of the annexes an indicator belongs to, from the words offices write for 一级、二级指标 (DOMAIN §3.2)."""

from __future__ import annotations

from enum import Enum
from functools import lru_cache


class Dimension(Enum):
    """The aspects of 第十条(二), in the order the annexes print them: (printed 二级指标, whether 产出)."""

    QUANTITY = ("产出数量", True)
    QUALITY = ("产出质量", True)
    TIMELINESS = ("产出时效", True)
    COST = ("产出成本", True)
    OTHER_OUTPUT = ("其他产出", True)
    ECONOMIC = ("经济效益", False)
    SOCIAL = ("社会效益", False)
    ECOLOGICAL = ("生态效益", False)
    SUSTAINABILITY = ("可持续影响", False)
    SATISFACTION = ("满意度", False)
    OTHER_OUTCOME = ("其他效果", False)

    @property
    def label(self) -> str:
        """As printed in the 二级指标 column."""
        return self.value[0]

    @property
    def is_output(self) -> bool:
        """Whether it stands under 产出 (the only block of 附表1), otherwise under 效果."""
        return self.value[1]

    @property
    def level1(self) -> str:
        """产出 or 效果, as printed in the 一级指标 column."""
        return "产出" if self.is_output else "效果"

    @property
    def order(self) -> int:
        """Its place in the printed order."""
        return _ORDER[self]


_ORDER = {dimension: place for place, dimension in enumerate(Dimension)}
#: word -> dimension, the first that occurs wins. 满意 stands before 社会 for 社会公众满意度.
_OUTPUT_WORDS = (
    ("数量", Dimension.QUANTITY),
    ("质量", Dimension.QUALITY),
    ("时效", Dimension.TIMELINESS),
    ("成本", Dimension.COST),
)
_OUTCOME_WORDS = (
    ("满意", Dimension.SATISFACTION),
    ("可持续", Dimension.SUSTAINABILITY),
    ("生态", Dimension.ECOLOGICAL),
    ("环境", Dimension.ECOLOGICAL),
    ("经济", Dimension.ECONOMIC),
    ("社会", Dimension.SOCIAL),
)


@lru_cache(maxsize=4096)
def dimension_of(level1: str, level2: str) -> Dimension:
    """The dimension of an indicator. 成本 of any kind (经济成本, 社会成本) is 产出成本; words nobody knows stay visible
    as 其他产出, or as 其他效果 when 一级指标 says 效益、效果 or 满意度."""
    if "成本" in level1 or "成本" in level2:
        return Dimension.COST
    if any(word in level1 for word in ("效益", "效果", "满意")):
        return _first(level2 + level1, _OUTCOME_WORDS) or Dimension.OTHER_OUTCOME
    if any(word in level1 for word in ("产出", "完成")):
        return _first(level2, _OUTPUT_WORDS) or Dimension.OTHER_OUTPUT
    return _first(level2 + level1, (*_OUTPUT_WORDS, *_OUTCOME_WORDS)) or Dimension.OTHER_OUTPUT


def _first(text: str, words: tuple[tuple[str, Dimension], ...]) -> Dimension | None:
    return next((dimension for word, dimension in words if word in text), None)
