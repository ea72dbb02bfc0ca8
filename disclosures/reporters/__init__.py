"""The machines of services: their credentials and tokens, who calls, and the shapes that all their calls share."""
