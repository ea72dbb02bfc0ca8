"""Work left for followers inside a transaction, and done after its commit."""
