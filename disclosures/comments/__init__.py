"""Comments of colleagues on the fields of a text: written, answered, resolved. For the desk alone."""
