"""The database's clock in SQL, which in a sandbox is as far ahead as the sandbox's."""

from typing import Any

from django.conf import settings
from django.db.models import functions

AHEAD = "(SELECT coalesce(max(ahead_seconds), 0) FROM privacycenter_clockmove)"


class Now(functions.Now):
    """As Django's; in a sandbox with what the clock is ahead added. Take it instead of Django's."""

    def as_postgresql(self, compiler: Any, connection: Any, **more: Any) -> Any:
        if not settings.SANDBOX:
            return super().as_postgresql(compiler, connection, **more)
        template = f"(STATEMENT_TIMESTAMP() + {AHEAD} * interval '1 second')"
        return self.as_sql(compiler, connection, template=template, **more)

    def as_sqlite(self, compiler: Any, connection: Any, **more: Any) -> Any:
        if not settings.SANDBOX:
            return super().as_sqlite(compiler, connection, **more)
        template = f"STRFTIME('%%%%Y-%%%%m-%%%%d %%%%H:%%%%M:%%%%f', 'NOW', {AHEAD} || ' seconds')"
        return self.as_sql(compiler, connection, template=template, **more)
