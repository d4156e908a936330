"""Caseload figures, counted from the ledger of status events and from nothing else."""
