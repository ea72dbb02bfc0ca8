"""What the log seals of requests, answers, rules and what followed withdrawals."""
