"""The API as a whole: wiring, description and problems."""
