"""What a text may hold in any format."""

import re

_CONTROL = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


def clean(text: str) -> str:
    """Leave out control characters and lone surrogates.

    XML, HTML and iCalendar cannot hold them, and some steer a terminal. Tabs and line
    ends stay.
    """
    return _CONTROL.sub("", text)
