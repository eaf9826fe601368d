"""The arithmetic of fitting, which knows nothing of children: numbers in standard units, outputs in tolerances."""
