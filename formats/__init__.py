"""What answers look like outside a page: text, paper, calendars, feeds, tables, graphs.

A format turns what `analysis` and `queries` have loaded into text, bytes or shapes. It
reads no database and knows no request; the libraries that some formats need are loaded
when somebody asks for one.
"""
