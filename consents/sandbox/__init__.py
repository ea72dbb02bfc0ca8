"""The sandbox for services: its clock and its made-up people by the API, and how a browser logs in as one of them."""
