"""What a station reports of a month, what it has published, and what was known later."""
