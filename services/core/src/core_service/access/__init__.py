"""Who may see and do what: the one place that filters by court."""
