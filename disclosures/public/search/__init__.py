"""Search in all that one publication shows, in one language. Pure: no SQL."""
