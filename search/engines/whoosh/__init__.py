"""The embedded engine, whose index is a folder: `engine` is its door."""
