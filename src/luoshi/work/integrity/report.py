"""What a verification found: every finding counted, the first ones kept."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from luoshi.ledger.checks import Finding

__all__ = ["Report"]


@dataclass(slots=True)
class Report:
    """The outcome of one verification. `counts` counts all findings by kind; `findings` holds the first `limit`."""

    limit: int = 200
    findings: list[Finding] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    matters: int = 0
    events: int = 0
    records: int = 0
    seals: int = 0
    files: int = 0
    seconds: float = 0.0

    @property
    def clean(self) -> bool:
        """Tell whether nothing was found."""
        return not self.counts

    @property
    def total(self) -> int:
        """Return how many findings there are, kept or not."""
        return self.counts.total()

    @property
    def speed(self) -> int:
        """Return how many events a second were checked."""
        return round(self.events / self.seconds) if self.seconds else 0

    def add(self, finding: Finding) -> None:
        """Count a finding, and keep it while there is room."""
        self.counts[finding.kind] += 1
        if len(self.findings) < self.limit:
            self.findings.append(finding)
