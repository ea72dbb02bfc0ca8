"""What follows a withdrawal, until the recipient deleted the data or said why not."""
