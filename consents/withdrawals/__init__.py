"""Following up withdrawals until the recipient has deleted the data or said why it keeps it."""
