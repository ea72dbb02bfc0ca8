"""What a text can link to and show, to be searched and put into it."""
