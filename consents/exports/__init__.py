"""Exports of a person's record: one module for each file format. They write what ``record`` reads, nothing else."""
