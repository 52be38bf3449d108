"""Documents of other programs, read into records: one module per kind of file."""
