"""What recipients sign themselves: their keys, and that they received or deleted something."""
