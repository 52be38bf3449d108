"""The engine on a server, whose index is in the database: `engine` is its door."""
