"""Office files are archives of XML: opened with bounds.

What an archive says of its own sizes is looked at before anything is unpacked, and
what is unpacked is counted all the same: the stated sizes may lie.
"""

import io
import zipfile
import zlib

from exchange.importers.document import Unreadable
from wording import quoted

MOST_MEMBERS = 10_000
LARGEST = 100_000_000
"""Bytes that all the parts that are read may unpack to."""


class Archive:
    """A zip archive held in memory, from which parts are read by name."""

    def __init__(self, content: bytes) -> None:
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(content))
        except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
            raise Unreadable(
                "a whole file (it begins like an Office document or archive, and is "
                "broken: fetch or save it again)"
            ) from error
        members = self._zip.infolist()
        if len(members) > MOST_MEMBERS:
            raise Unreadable(
                f"an archive of at most {MOST_MEMBERS:,} files "
                f"(it has {len(members):,})"
            )
        self.names = {member.filename: member for member in members}
        if out := next(filter(_leads_out, self.names), None):
            raise Unreadable(
                "an archive whose parts stay inside it (its part "
                f"{quoted(out)} leads out of it)"
            )
        self._left = LARGEST

    def __contains__(self, name: str) -> bool:
        return name in self.names

    def read(self, name: str) -> bytes:
        """Return a part, unpacked.

        Raises:
            Unreadable: it is missing, broken, encrypted or too large.
        """
        member = self.names.get(name)
        if member is None:
            raise Unreadable(f"a whole file (its part {name} is missing)")
        if member.flag_bits & 1:
            raise Unreadable(
                "a file without a password (save it without one, then import it)"
            )
        if member.file_size > self._left:
            raise Unreadable(
                f"a file that unpacks to at most {LARGEST:,} bytes "
                f"(its part {name} has {member.file_size:,})"
            )
        try:
            with self._zip.open(member) as part:
                content = part.read(self._left + 1)
        except (
            zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError,
            RuntimeError, OSError,
        ) as error:  # fmt: skip
            raise Unreadable(
                f"a whole file (its part {name} is broken: save it again)"
            ) from error
        if len(content) > self._left:
            raise Unreadable(f"a file that unpacks to at most {LARGEST:,} bytes")
        self._left -= len(content)
        return content


def _leads_out(name: str) -> bool:
    """Tell whether a part would be unpacked outside of its folder.

    Nothing is ever unpacked to the disk here; but who makes such a part means harm.
    """
    parts = name.replace("\\", "/").split("/")
    return ".." in parts or parts[0] == "" or ":" in parts[0]
