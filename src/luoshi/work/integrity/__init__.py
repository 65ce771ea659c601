"""Proof that nothing was touched: daily seals, verification of everything stored, and an export that others can check.

`seal` closes days, `verify` compares what is stored with what was written, `export_record` writes the file that
`luoshi/auditor.py` checks without Luoshi. What each covers, and what none of them can see, stands in docs/integrity.md.
"""

from luoshi.work.integrity.export import Exported, export_record
from luoshi.work.integrity.report import Report
from luoshi.work.integrity.sealing import next_day, seal
from luoshi.work.integrity.verify import Progress, verify

__all__ = ["Exported", "Progress", "Report", "export_record", "next_day", "seal", "verify"]
