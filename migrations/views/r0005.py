"""The plural views as of revision 0005.

Changed since 0004: `passages` and `citations` have the pages of the document.
"""

from migrations.views import r0003, r0004

_POSITION = "(SELECT p.position FROM passage AS p"
_PAGE = "(SELECT p.page FROM passage AS p"


def views(dialect: str) -> dict[str, str]:
    """Return name and SELECT of every view, for ``sqlite`` or ``postgresql``."""
    found = r0004.views(dialect)
    found["passages"] = r0003.replace(
        found["passages"], (" AS text\n", " AS text, p.page\n")
    )
    citations = found["citations"]
    begin = citations.index(_POSITION)
    end = citations.index("AS last_passage")
    pages = (
        citations[begin:end].replace(_POSITION, _PAGE).replace("AS passage", "AS page")
    )
    found["citations"] = r0003.replace(
        citations, ("AS last_passage", f"AS last_passage,\n{pages}AS last_page")
    )
    return found
