"""Moves a case's file to another court, balanced on both sides of the ledger."""
