"""Whose data went where: counts at once, and lists that are made once, streamed, and shown to everybody on them."""
