"""Verifying again what was asked, decided and followed up. Reads only, in bounded memory."""
