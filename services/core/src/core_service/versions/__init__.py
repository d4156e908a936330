"""Who changed what of a case, when, and from which file and row."""
