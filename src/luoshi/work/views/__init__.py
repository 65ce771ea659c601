"""Pages of matters: what needs me, lists, one matter, its acts, opening, files."""
