"""The forms of the workbench: what each asks, and the records that its answers make.

A form is a table of fields (`fields.py`) and a function from what was typed
(`reading.py`) to changes for `editing.saving`. The pages draw the one and post the
other; they know no rule of the record.
"""

from editing.forms.claims import CLAIMS, claims_of
from editing.forms.fields import Choice, Field, Form
from editing.forms.meetings import MEETING_FORMS
from editing.forms.others import OTHER_FORMS
from editing.forms.places import Place, find_place
from editing.forms.reading import Reading, read_day
from editing.forms.sources import SOURCE, nowhere, source_changes
from editing.forms.stances import (
    CORRECTION,
    STANCE,
    correct,
    evidence_values,
    is_simple,
    values_of,
)

__all__ = [
    "CLAIMS",
    "CORRECTION",
    "Choice",
    "FORMS",
    "Field",
    "Form",
    "Place",
    "Reading",
    "SOURCE",
    "STANCE",
    "claims_of",
    "correct",
    "evidence_values",
    "find_place",
    "is_simple",
    "nowhere",
    "read_day",
    "source_changes",
    "values_of",
]

FORMS: dict[str, Form] = {
    form.name: form for form in (STANCE, *MEETING_FORMS, *OTHER_FORMS, CLAIMS)
}
"""Every form, by the name that its address has."""
