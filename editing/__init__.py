"""What the workbench and the write API do: records as they are written by people.

Everything that is written becomes dataset records and goes the one way in,
`exchange.load.write_records`. Nothing here knows of requests or pages.
"""
