"""The append-only ledger of status events, the only input to every figure."""
