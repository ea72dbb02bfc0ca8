"""Where files are kept that people send and take home: in the database, or in an S3-compatible store."""
