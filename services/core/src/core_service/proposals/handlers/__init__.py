"""What carries out each kind of proposal."""
