"""The ways in for services: disclosures sent to the API or in files, and the catalogue of codes that they may use."""
