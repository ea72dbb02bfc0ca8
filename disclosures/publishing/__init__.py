"""Publishing: all that waits, a change set, or an earlier state again."""
