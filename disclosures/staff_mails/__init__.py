"""Mails to staff about what is new at the desk: cases, requests, what is overdue. They name nobody."""
