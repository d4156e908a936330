"""What happened in court: one row per case activity, corrected by new rows only."""
