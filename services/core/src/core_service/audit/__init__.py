"""Core's own audit: who changed what, and which administrator read what is sealed."""
