"""Write the evidence of claims, and its attribution.

Evidence is added; a span never moves. What a record no longer names is removed from
meetings, tenures and memberships, and counted; a stance keeps its evidence for ever.
"""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from exchange.checks import Batch, Finding
from exchange.reading import Located
from exchange.records import EvidenceItem
from exchange.report import Report
from exchange.texts import context, locate
from exchange.yaml12 import Keys
from models import Attribution, Evidence, Source, SourceText
from models.enums import Certainty, Verb

Link = tuple[int | None, int | None, Verb, Certainty]
"""Actor id, source id, verb and certainty of one speaker."""


class ClaimWriter:
    """Brings the evidence of claims up to date."""

    def __init__(
        self,
        session: Session,
        batch: Batch,
        report: Report,
        findings: list[Finding],
    ) -> None:
        self.session = session
        self.batch = batch
        self.report = report
        self.findings = findings
        self._text_ids: dict[tuple[str, int | None], int] = {}

    def sync(
        self,
        claim: str,
        owner: Any,
        located: Located,
        path: Keys,
        items: Sequence[EvidenceItem],
    ) -> bool:
        """Make the evidence of `owner` what `items` say.

        Tells whether that of a stance was added, or is read otherwise.

        `claim` is the relationship of `Evidence` that points to the owner.
        """
        free = list(owner.evidence)
        added = False
        for i, item in enumerate(items):
            here = (*path, i)
            evidence = self._match(free, item)
            if evidence is None:
                owner.evidence.append(self._made(item))
                self.report.evidence_added += 1
                added = True
                continue
            free.remove(evidence)
            if claim == "stance":
                added |= evidence.note != item.note
                self._compare(evidence, item, located, here)
            else:
                evidence.note = item.note
                self._rechain(evidence, item)
        if claim == "stance":
            self.report.evidence_kept += len(free)
        elif free:
            self._drop(owner, free)
        return added

    def _match(self, free: list[Evidence], item: EvidenceItem) -> Evidence | None:
        """Find the stored evidence that an item means.

        It is the one with the same span; else, after the text has changed, the one with
        the same quote in an earlier version: the claim still stands on what was read.
        """
        text_id, span = self._span(item)
        for evidence in free:
            if (
                evidence.source_text_id == text_id
                and (evidence.start_char, evidence.end_char) == span
                and evidence.role is item.role
            ):
                return evidence
        for evidence in free:
            if (
                evidence.source_text_id != text_id
                and evidence.source_text.source.slug == item.source
                and evidence.role is item.role
                and item.quote is not None
                and evidence.quote == item.quote
            ):
                return evidence
        return None

    def _span(self, item: EvidenceItem) -> tuple[int, tuple[int, int]]:
        text = self.batch.text(item.source, item.version)
        if text is None:
            raise LookupError(f"source {item.source} has no text")
        key = (item.source, item.version)
        if key not in self._text_ids:
            self._text_ids[key] = self.session.scalars(
                sa.select(SourceText.id)
                .join(Source)
                .where(Source.slug == item.source, SourceText.sha256 == text.sha256)
            ).one()
        return self._text_ids[key], locate(text, item)

    def _made(self, item: EvidenceItem) -> Evidence:
        text_id, span = self._span(item)
        evidence = Evidence(
            source_text_id=text_id,
            start_char=span[0],
            end_char=span[1],
            role=item.role,
            note=item.note,
        )
        text = self.batch.text(item.source, item.version)
        if text is not None and text.text is not None:
            evidence.quote, evidence.prefix, evidence.suffix = context(text.text, span)
        evidence.attributions = self._links(self._chain(item))
        return evidence

    def _chain(self, item: EvidenceItem) -> list[Link]:
        """Return the speakers, nearest the claim first; the source comes last."""
        stored = self.batch.stored
        source = stored.id("source", item.source)
        chain: list[Link] = [
            (
                stored.id("actor", link.speaker),
                source if link.source else None,
                link.verb,
                link.certainty,
            )
            for link in item.said_by
        ]
        if not item.said_by or item.said_by[-1].source is None:
            chain.append((None, source, Verb.ACCORDING_TO, Certainty.CERTAIN))
        return chain

    @staticmethod
    def _links(chain: Sequence[Link]) -> list[Attribution]:
        return [
            Attribution(
                depth=depth,
                actor_id=actor,
                source_id=source,
                verb=verb,
                certainty=certainty,
            )
            for depth, (actor, source, verb, certainty) in enumerate(chain)
        ]

    @staticmethod
    def _stored_chain(evidence: Evidence) -> list[Link]:
        return [
            (link.actor_id, link.source_id, link.verb, link.certainty)
            for link in evidence.attributions
        ]

    def _compare(
        self, evidence: Evidence, item: EvidenceItem, located: Located, path: Keys
    ) -> None:
        """Refuse another reading of evidence on which a recorded stance stands."""
        if self._stored_chain(evidence) != self._chain(item):
            expected = (
                f"the chain as recorded, or a new stance that supersedes {located.slug}"
            )
            fault = located.fault((*path, "said_by"), None, expected)
            self.findings.append(Finding(located, fault))
        evidence.note = item.note

    def _rechain(self, evidence: Evidence, item: EvidenceItem) -> None:
        chain = self._chain(item)
        if self._stored_chain(evidence) == chain:
            return
        for link in reversed(list(evidence.attributions)):  # deepest first: no gaps
            self.session.execute(
                sa.delete(Attribution).where(Attribution.id == link.id)
            )
            self.session.expunge(link)
        self.session.expire(evidence, ["attributions"])
        evidence.attributions.extend(self._links(chain))

    def _drop(self, owner: Any, evidence: Sequence[Evidence]) -> None:
        for each in evidence:
            delete_row(self.session, each)
        self.session.expire(owner, ["evidence"])
        self.report.evidence_removed += len(evidence)


def delete_row(session: Session, row: Any) -> None:
    """Delete a row with what hangs on it, by the database's own cascades.

    The ORM's would delete a chain of speakers link by link from its near end, and leave
    a gap, which the database refuses.
    """
    session.flush()
    model = type(row)
    session.execute(sa.delete(model).where(model.id == row.id))
    session.expunge(row)
