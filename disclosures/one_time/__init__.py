"""Pages that open once: for answers and files that neither a mail nor a reference number alone may give away."""
