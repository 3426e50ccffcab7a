"""``jinlin check``: whether log and views are whole, and what was found good already."""
