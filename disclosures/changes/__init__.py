"""The public record of changes: what each publication changed, and why."""
