"""Rate limits, counted by all processes together in one table.

``limits`` declares and spends them, ``visitors`` says whom a browser's request is counted for, ``shares`` keeps parts
of large limits in memory. ``counting`` is the table, and ``cache`` the same table as Django's cache, in which allauth
counts its own limits.
"""
