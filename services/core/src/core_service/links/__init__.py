"""Cases that belong together: consolidated, related, appeals, and both ends of a transfer."""
