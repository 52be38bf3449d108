"""From what a file of records holds to records: one module per kind of file."""
