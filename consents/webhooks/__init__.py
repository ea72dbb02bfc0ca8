"""Webhooks: endpoints, signed messages and deliveries."""
