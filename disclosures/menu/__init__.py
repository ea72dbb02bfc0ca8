"""The menu and the footer at the desk."""
