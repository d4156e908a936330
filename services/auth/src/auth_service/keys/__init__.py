"""The keys that tokens are signed with."""
