"""Matters: registers, the one lifecycle, events that cannot be altered, evidence."""
