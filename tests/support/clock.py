"""Another time than now, for what must have happened then."""

from consents.demo.clock import clock_at

__all__ = ["clock_at"]
