"""``jinlin check``: whether log, views and what spans streams are whole, and what was found good already."""
