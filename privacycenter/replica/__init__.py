"""Reads from a copy of the database that PostgreSQL streams to another machine: which, when, and what if it is away."""
