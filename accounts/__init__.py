"""Accounts: who may sign in, with what, and how often it may be tried.

Functions over a session of the database; whoever calls them commits. The web asks them
with each request, the command line changes what they find. Cookies, forms and pages are
the business of `web/`.
"""
