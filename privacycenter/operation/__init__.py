"""Running the site: environment, logs, metrics and health."""
