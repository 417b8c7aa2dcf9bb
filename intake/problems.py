"""What is wrong with a workbook, said where it is: sheet, row and column as the official sees them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RowProblem:
    """One mistake. ``row`` is Excel's number, 0 for a whole sheet; ``sheet`` is empty for the whole file."""

    sheet: str
    row: int
    column: str
    text: str

    def __str__(self) -> str:
        """``《项目》第 9 行“年初预算”：不能小于 0。``"""
        if not self.sheet:
            return self.text
        line = f"第 {self.row} 行" if self.row else ""
        column = f"“{self.column}”" if self.column else ""
        return f"《{self.sheet}》{line}{column}：{self.text}"
