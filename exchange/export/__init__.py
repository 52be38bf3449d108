"""Data out: the record as it came in, and in the forms of other programs.

`exchange.export.dataset` writes the records themselves and loses nothing; all else
here is a view of them for somebody's tool, and says what it leaves out.
"""
