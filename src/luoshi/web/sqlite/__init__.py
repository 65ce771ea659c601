"""SQLite as the product uses it: one writer at a time, each in turn."""
