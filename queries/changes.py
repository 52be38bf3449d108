"""The history: who changed what in the record, when and why, from the journal.

A state in the journal holds no words of any text. Where a change concerns a piece of
evidence, its words are cut from the text as it is stored today, and are missing while
the text is withheld.
"""

from collections.abc import Iterable, Sequence
from datetime import UTC

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session

from errors import NotFound
from models import Change, ChangeRecord, Source, SourceText
from models.enums import ChangeAction, RecordKind
from models.slugs import LONGEST_SLUG, is_slug
from models.titles import SLUGS
from queries.change_shapes import (
    ActionCount,
    ChangeDetail,
    ChangeItem,
    FieldChange,
    RecordChange,
    RecordRef,
)
from queries.differences import Difference, Span, differences
from queries.evidence import basis_of
from queries.filters import (
    Condition,
    Filter,
    Listing,
    ListOf,
    Rows,
    any_of,
    by_code,
    run,
)
from queries.parameters import Takes, page, text, whole_number
from queries.shapes import Page, address, field_values
from wording import quoted

SHORT_LIST = 5
"""How many of its records a change shows in a list."""
RECORDS_ON_A_PAGE = 50
LONGEST_QUOTE = 300
MOST_DIFFERENCES = 200
"""How many differing fields of a record are shown; a list may have thousands."""
MOST_QUOTES = 30
"""How many pieces of evidence are shown with their words on a page."""
LARGEST_NUMBER = 999_999_999


# The select and its filters


def _record(text: str) -> tuple[RecordKind, str]:
    kind, _, slug = text.partition("/")
    if not is_slug(slug):
        raise ValueError
    return RecordKind(kind), slug


A_RECORD = Takes(
    expected="a kind and a slug such as actor/iran",
    read=_record,
    schema={
        "type": "string",
        "maxLength": LONGEST_SLUG + 12,
        "pattern": f"^({'|'.join(RecordKind)})/[a-z0-9]+(-[a-z0-9]+)*$",
    },
    typed=False,
)


def _touches(*conditions: Condition) -> Condition:
    return exists().where(ChangeRecord.change_id == Change.id, *conditions)


def _touches_record(record: tuple[RecordKind, str]) -> Condition:
    kind, slug = record
    return _touches(ChangeRecord.kind == kind, ChangeRecord.slug == slug)


CHANGES = ListOf(
    noun="changes",
    filters=(
        Filter(
            name="record",
            help="Only changes of this record.",
            takes=A_RECORD,
            where=any_of(_touches_record),
        ),
        by_code(
            "kind",
            RecordKind,
            "Only changes of records of this kind.",
            where=lambda kind: _touches(ChangeRecord.kind == kind),
        ),
        by_code(
            "action",
            ChangeAction,
            "Only changes that did this to a record.",
            where=lambda action: _touches(ChangeRecord.action == action),
        ),
        Filter(
            name="author",
            help="Only changes by who is named so.",
            takes=text(),
            where=any_of(lambda name: Change.author == name),
        ),
        Filter(
            name="run",
            help="Only the changes of this run.",
            takes=whole_number(LARGEST_NUMBER),
            where=any_of(lambda run: Change.run_id == run),
        ),
    ),
    sorts={"number": (Change.id,)},
    default_sort="-number",
    tie=Change.id,
)

RECORDS_PAGE = page("Which page of the records, from 1.")


# Loading


def find_changes(session: Session, listing: Listing | None = None) -> Page[ChangeItem]:
    """Load one page of the changes, the last first."""
    return run(session, CHANGES, select(Change), listing or Listing(), load_items)


def load_items(session: Session, statement: Rows) -> tuple[ChangeItem, ...]:
    """Load the changes that a select finds, in its order."""
    found: list[Change] = list(session.scalars(statement))
    numbers = [change.id for change in found]
    actions: dict[int, list[ActionCount]] = {number: [] for number in numbers}
    for number, action, records in session.execute(
        select(ChangeRecord.change_id, ChangeRecord.action, func.count())
        .where(ChangeRecord.change_id.in_(numbers))
        .group_by(ChangeRecord.change_id, ChangeRecord.action)
        .order_by(ChangeRecord.change_id, func.count().desc(), ChangeRecord.action)
    ):
        actions[number].append(ActionCount(action=action, records=records))
    first = _first_records(session, numbers)
    return tuple(
        ChangeItem(
            number=change.id,
            at=change.at if change.at.tzinfo else change.at.replace(tzinfo=UTC),
            author=change.author,
            account=change.account_id,
            verb=change.verb,
            message=change.message,
            run=change.run_id,
            name=change.run.name,
            actions=tuple(actions[change.id]),
            records=first.get(change.id, ()),
        )
        for change in found
    )


def _first_records(
    session: Session, numbers: Sequence[int]
) -> dict[int, tuple[RecordRef, ...]]:
    """Of each change its first records; a load has thousands."""
    first = (
        select(func.min(ChangeRecord.id))
        .where(ChangeRecord.change_id.in_(numbers))
        .group_by(ChangeRecord.change_id)
    )
    # Those of a change were written together, so their ids follow each other.
    ids = [id_ + n for id_ in session.scalars(first) for n in range(SHORT_LIST)]
    records = session.scalars(
        select(ChangeRecord)
        .where(ChangeRecord.id.in_(ids), ChangeRecord.change_id.in_(numbers))
        .order_by(ChangeRecord.id)
    ).all()
    there = _there(session, records)
    found: dict[int, tuple[RecordRef, ...]] = {}
    for row in records:
        before = found.get(row.change_id, ())
        found[row.change_id] = (*before, _ref(row, there))
    return found


Key = tuple[str, str]


def _there(session: Session, rows: Iterable[ChangeRecord]) -> set[Key]:
    """Return those of the records that have a page now."""
    wanted: dict[str, set[str]] = {}
    for row in rows:
        wanted.setdefault(row.kind.value, set()).add(row.slug)
    return {
        (kind, slug)
        for kind, slugs in wanted.items()
        if kind in SLUGS
        for slug in session.scalars(
            select(SLUGS[kind]).where(SLUGS[kind].in_(sorted(slugs)))
        )
    }


def _ref(row: ChangeRecord, there: set[Key]) -> RecordRef:
    key = (row.kind.value, row.slug)
    url = address(*key) if key in there else None
    return RecordRef(kind=key[0], slug=row.slug, action=row.action, url=url)


def load_change(session: Session, number: str, page: int = 1) -> ChangeDetail:
    """Load a change with what it did to each record, fifty records to a page.

    Raises:
        NotFound: there is no such change.
    """
    digits = number.isascii() and number.isdigit() and len(number) <= 9
    (item,) = (
        load_items(session, select(Change).where(Change.id == int(number)))
        if digits
        else ()
    ) or (None,)
    if item is None:
        raise NotFound(f"There is no change {quoted(number)}.")
    of_change = ChangeRecord.change_id == item.number
    rows = session.scalars(
        select(ChangeRecord)
        .where(of_change)
        .order_by(ChangeRecord.id)
        .limit(RECORDS_ON_A_PAGE)
        .offset((page - 1) * RECORDS_ON_A_PAGE)
    ).all()
    changed = Page(
        items=_changed(session, rows),
        total=item.total,
        page=page,
        limit=RECORDS_ON_A_PAGE,
    )
    return ChangeDetail(
        **field_values(item), changed=changed, basis=basis_of(session, ())
    )


def load_record_changes(
    session: Session, kind: str, slug: str, numbers: Sequence[int]
) -> dict[int, RecordChange]:
    """Load what some changes did to one record, by the numbers of the changes."""
    rows = session.scalars(
        select(ChangeRecord).where(
            ChangeRecord.kind == RecordKind(kind),
            ChangeRecord.slug == slug,
            ChangeRecord.change_id.in_(numbers),
        )
    ).all()
    changed = _changed(session, rows)
    return {row.change_id: each for row, each in zip(rows, changed, strict=True)}


def _changed(
    session: Session, rows: Sequence[ChangeRecord]
) -> tuple[RecordChange, ...]:
    there = _there(session, rows)
    compared = [_compared(row) for row in rows]
    shown = [found[:MOST_DIFFERENCES] for found in compared]
    quotes = _quotes(session, [each.span for found in shown for each in found])
    return tuple(
        RecordChange(
            **field_values(_ref(row, there)),
            fields=tuple(
                FieldChange(
                    **field_values(each),
                    quote=quotes.get(each.span) if each.span else None,
                )
                for each in some
            ),
            more=len(found) - len(some),
        )
        for row, found, some in zip(rows, compared, shown, strict=True)
    )


def _compared(row: ChangeRecord) -> tuple[Difference, ...]:
    if row.action is ChangeAction.WITHDRAWN:
        return ()  # all of it is withdrawn, and stays in the history as it was
    return differences(row.before, row.after)


def _quotes(session: Session, spans: Iterable[Span | None]) -> dict[Span, str]:
    """Cut the words of spans from the texts that are stored today."""
    wanted = {span for span in spans if span is not None}
    quotes: dict[Span, str] = {}
    for span in sorted(wanted, key=lambda span: (span.source, span.start))[
        :MOST_QUOTES
    ]:
        length = min(span.end - span.start, LONGEST_QUOTE)
        words = session.scalar(
            select(func.substr(SourceText.text, span.start + 1, length))
            .join(Source)
            .where(Source.slug == span.source, SourceText.version == span.version)
        )
        if words is not None:
            cut = span.end - span.start > LONGEST_QUOTE
            quotes[span] = words + ("…" if cut else "")
    return quotes
