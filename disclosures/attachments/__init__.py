"""Files with requests to the operator and with its answers: taken in, checked, kept, and given out as downloads."""
