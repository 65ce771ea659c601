"""Evidence: files that prove what was done, kept once and unchanged, shown only as pictures of our own making."""

from luoshi.work.evidence.kinds import LABELS, PREVIEWED, contradicts
from luoshi.work.evidence.names import safe_name
from luoshi.work.evidence.queries import attachments_for, my_evidence
from luoshi.work.evidence.store import LIMIT, opened, path_of, store, sweep

__all__ = [
    "LABELS",
    "LIMIT",
    "PREVIEWED",
    "attachments_for",
    "contradicts",
    "my_evidence",
    "opened",
    "path_of",
    "safe_name",
    "store",
    "sweep",
]
