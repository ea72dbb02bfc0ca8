"""Pictures and documents of the site: cleaned as they come in, kept under their hash, public once published."""
