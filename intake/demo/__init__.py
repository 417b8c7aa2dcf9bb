"""演示数据：人名、项目均为虚构. A district that tells the story of the办法, and generated ones for rehearsals."""

from intake.demo.districts import district
from intake.demo.office import demo_roster
from intake.demo.second_quarter import demo_q2

__all__ = ["demo_q2", "demo_roster", "district"]
