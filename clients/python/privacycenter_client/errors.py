"""What can go wrong."""

from typing import Any


class ClientError(Exception):
    """The base of them all."""


class ServiceError(ClientError):
    """The service refused: ``problem`` says why (RFC 9457). Repeating the same call does not help."""

    def __init__(self, status: int, problem: dict[str, Any]) -> None:
        super().__init__(f"{status} {problem.get('title', '')}: {problem.get('detail', '')}")
        self.status, self.problem = status, problem

    @property
    def name(self) -> str:
        """The name of the problem: what docs/api.md lists, such as ``unknown-code``."""
        return str(self.problem.get("type", "")).rpartition(":")[2]


class NoAnswer(ClientError):
    """The service did not answer, or could not, for as long as we tried."""


class ProofError(ClientError):
    """What the service shows of a report is no proof that it kept it."""


class WebhookError(ClientError):
    """The message does not come from the service, or is not of now. Answer it with 400 and believe nothing of it."""
