"""Documents out: plain rows become office files in the layout of Chinese official documents.

::

    from luoshi.gongwen import CellValue, Column, Sheet, write_docx_table, write_xlsx

    columns = [Column("number", "序号", 6, align="center", low_marks=False), Column("task", "工作任务", 40)]
    sheet = Sheet("任务分解表", columns, [[1, CellValue("清查校舍", low=True, note="原文未写明")]], title="任务分解表")
    write_xlsx([sheet], Path("任务分解表.xlsx"))
    write_docx_table(sheet, Path("任务分解表.docx"))
"""

from luoshi.gongwen.docx import write_docx_table
from luoshi.gongwen.notice import NoticeText, write_docx_notice
from luoshi.gongwen.table import Align, Cell, CellValue, Column, Sheet, Value
from luoshi.gongwen.xlsx import write_xlsx

__all__ = [
    "Align",
    "Cell",
    "CellValue",
    "Column",
    "NoticeText",
    "Sheet",
    "Value",
    "write_docx_notice",
    "write_docx_table",
    "write_xlsx",
]
