"""Proving again what was asked, answered and followed. Reads only, bounded memory."""
