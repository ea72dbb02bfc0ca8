"""How many made-up examples a test tries."""

from django.db import connection


def examples(count: int) -> int:
    """``count`` on SQLite, a quarter of it on PostgreSQL: what is made up tries the logic, which both share."""
    return count if connection.vendor == "sqlite" else max(2, count // 4)
