"""The organisation: units, people, posts and groups, and who may do and see what."""
