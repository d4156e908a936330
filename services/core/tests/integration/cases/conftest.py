"""Lets the tests of plans fill a database with the benchmark's generator."""

import sys
from pathlib import Path

# The benchmarks are no package that is installed; they are run from the top of the tree.
sys.path.append(str(Path(__file__).parents[5]))
