"""gongwen."""
