"""`make attack`: what a hostile or a careless world does to a served record, bounded.

Everything stays on this machine: a record of 50,000 passages is made, loaded and served
by `dragoman serve` in a folder of its own, and asked from loopback. docs/attack.md says
what counts as a fault.
"""
