"""What really was provided: reports taken in, recorded, flagged, corrected, kept and removed."""
