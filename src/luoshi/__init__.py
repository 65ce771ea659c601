"""Luoshi (落实): from what was decided to what was done."""

__version__ = "0.1.0"
