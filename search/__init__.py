"""Search: the query language, the analyser, the engines, keeping the index true."""
