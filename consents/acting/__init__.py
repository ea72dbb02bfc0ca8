"""Acting for somebody: that a row of a person was made by who represents them."""
