"""Disclosures read from a queue, NATS JetStream or Kafka, instead of the API."""
