"""The public site as files that any web server or CDN serves: byte for byte what the application answers."""
