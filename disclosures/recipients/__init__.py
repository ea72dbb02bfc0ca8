"""Recipients in thousands: proposed by services over the API, and taken in and out at the desk as CSV files."""
