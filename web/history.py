"""The history of the record: a list of changes, each with what it did; JSON of both."""

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from queries.changes import CHANGES, RECORDS_PAGE, find_changes, load_change
from web import listing, session, undo
from web.api import answer, next_page, read_options
from web.workbench.shown import author
from web.writers import Role, requires

history = Blueprint("history", __name__)

LEAD = "Every change of the record: who made it, when, and what it did."


@history.get("/changes")
def changes() -> ResponseReturnValue:
    """The list of changes, the last first."""
    if address := listing.tidied(CHANGES.filters, session()):
        return redirect(address)
    asked, controls = listing.read(CHANGES, session())
    found = find_changes(session(), asked)
    return render_template(
        "changes/list.html",
        heading="History",
        lead=LEAD,
        noun="change",
        controls=controls,
        page=found,
        remarks=(),
        offers=[]
        if found.total
        else listing.offers(CHANGES, session(), find_changes, asked),
    )


@history.get("/changes/<number>")
def change(number: str) -> str:
    """One change, record by record and field by field."""
    given = request.args.get("page")
    page = RECORDS_PAGE.check(given) if given else 1
    found = load_change(session(), number, page)
    return render_template("changes/one.html", change=found, basis=found.basis)


@history.post("/changes/<number>/undo")
@requires(Role.EDITOR)
def undo_change(number: str) -> ResponseReturnValue:
    """Undo a change, and show the change that did."""
    found = load_change(session(), number)
    made = undo(found.number, author())
    return redirect(url_for(".change", number=made), 303)


@history.get("/api/v1/changes")
def list_changes() -> Response:
    """The same list as JSON."""
    asked = CHANGES.strictly(request.args.to_dict(flat=False))
    page = find_changes(session(), asked)
    return answer({"items": page.items, "total": page.total, "next": next_page(page)})


@history.get("/api/v1/changes/<number>")
def show_change(number: str) -> Response:
    """The same change as JSON."""
    given = read_options((RECORDS_PAGE,))
    return answer(load_change(session(), number, given.get("page", 1)))
