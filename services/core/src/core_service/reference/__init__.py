"""Reference data: courts, judges, case types, activity types, outcomes, reasons."""
