"""Writing core's audit: who changed what, and which administrator read a sealed case."""
