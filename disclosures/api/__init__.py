"""The API for services: reporting and the catalogue."""
