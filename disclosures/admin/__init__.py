"""The editors' desk: Django's admin, with publishing."""

from disclosures.admin import content, publications, recipients, reporters

__all__ = ["content", "publications", "recipients", "reporters"]
