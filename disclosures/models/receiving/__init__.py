"""Who reports disclosures, how reports come in, and how complete they are."""
