"""Running the site: environment, logs, metrics, health."""
