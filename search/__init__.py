"""Search: the query language, the analyzer, the engines, keeping the index true."""
