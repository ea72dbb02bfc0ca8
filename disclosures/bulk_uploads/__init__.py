"""Uploads of many disclosures: a file sent in parts, recorded by the worker, with a result for each line."""
