"""Changing one field of many entries in one step."""
