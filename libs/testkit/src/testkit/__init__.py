"""What tests and benchmarks share; never deployed."""
