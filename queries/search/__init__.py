"""The search service: what is asked for, what answers, what the page shows.

`from queries import search` is the function of `arguments.py`: it has the name of this
folder, whose modules are imported by their own names.
"""
