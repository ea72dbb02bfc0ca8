"""What the person is asked and decides: requests, answers, standing rules, and the check that services make."""
