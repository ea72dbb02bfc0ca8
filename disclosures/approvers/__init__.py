"""Since when an account may approve what others propose, so that nobody makes their own second person."""
