"""Mail to users: queued in the transaction that causes it, written and sent by a job."""
