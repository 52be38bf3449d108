"""Analyses of many records: timeline, matrix, networks, contested claims, readouts.

Each module answers one question. Its functions take an open session, run a constant
number of SQL statements and return documented, frozen dataclasses; pages, the JSON API
and scripts only render them. Definitions that come from elsewhere name their source.

What all of them keep: an empty place is "no record" and never "neutral"; no comment,
does not know and denies stay apart; a stance of a person counts for a
state only for a reason that the record holds (`analysis.statements.Fold`).
"""
