"""Reading the audit of the registry."""
