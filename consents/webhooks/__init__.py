"""Telling services at once: endpoints, signed messages, deliveries."""
