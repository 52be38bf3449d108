"""The workbench: pages on which the record is written.

A route reads what was typed, asks `editing` for the changes that it means, and saves
them through the application's services. What a page shows of a form is made in
`shown.py`; the rules of the record are in `editing` and below.
"""

from web.workbench.corrections import corrections
from web.workbench.routes import workbench
from web.workbench.sources import new_sources

BLUEPRINTS = (workbench, new_sources, corrections)

__all__ = ["BLUEPRINTS"]
