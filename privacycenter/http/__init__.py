"""HTTP as several parts speak it: requests of people, cached answers, limits, and calls to addresses of others."""
