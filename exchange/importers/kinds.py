"""The kinds of files that people bring: which are read, and what else is possible."""

from dataclasses import dataclass
from pathlib import PurePath


@dataclass(frozen=True)
class Kind:
    """A kind of file; `instead` says what is possible where there is no reader."""

    name: str
    label: str
    suffixes: tuple[str, ...] = ()
    largest: int = 64_000_000
    """Bytes that such a file may have."""
    version: int = 1
    """Of the reader; a source keeps it."""
    instead: str | None = None

    @property
    def reader(self) -> str:
        """The reader's name and version, as sources keep it."""
        return f"{self.name} {self.version}"


_NO_PROJECT = (
    "other tools' projects cannot be imported yet. Import the documents, and code them "
    "in a dataset (`dragoman template stance`)"
)
_NO_XML = (
    "only documents are imported. Export it as HTML or text, or as JSON Lines for "
    "`dragoman load`"
)

READ = (
    Kind("text", "a plain text", (".txt", ".text", "")),
    Kind("markdown", "a Markdown text", (".md", ".markdown")),
    Kind("html", "a web page", (".html", ".htm", ".xhtml"), largest=5_000_000),
    Kind("pdf", "a PDF", (".pdf",), largest=200_000_000),
    Kind("docx", "a Word document", (".docx", ".docm", ".dotx"), largest=100_000_000),
    Kind("odt", "an OpenDocument text", (".odt", ".ott"), largest=100_000_000),
    Kind("rtf", "a rich text (RTF)", (".rtf",)),
    Kind("eml", "an e-mail", (".eml",)),
    Kind("epub", "an EPUB book", (".epub",), largest=100_000_000),
)

TABLES = (
    Kind("csv", "a table (CSV)", (".csv", ".tsv", ".tab"), largest=4_000_000_000),
    Kind("xlsx", "a spreadsheet", (".xlsx", ".xlsm"), largest=100_000_000),
    Kind("ods", "an OpenDocument spreadsheet", (".ods",), largest=100_000_000),
)
"""What holds rows, each of which becomes a record."""

REFERENCES = (
    Kind("ris", "a list of references (RIS)", (".ris",)),
    Kind("bibtex", "a list of references (BibTeX)", (".bib",)),
    Kind("csl", "a list of references (CSL-JSON)", (".json",)),
)

VOTES = Kind("un-votes", "a table of UN votes", (".csv",), largest=4_000_000_000)

HISTORIAN = Kind("historian", "a list of journeys or visits (Office of the Historian)",
                 (".xml",))  # fmt: skip

POPOLO = Kind("popolo", "people and organizations (Popolo JSON)", (".json",))

RECORDS = (*TABLES, VOTES, *REFERENCES, HISTORIAN, POPOLO)
"""What holds records, read by a module of the kind's name and made by `making`."""

UNREAD = (
    Kind("annotations", "annotations (JSON)", (".json",), instead=_NO_PROJECT),
    Kind("json", "JSON", (".json",), instead="JSON Lines (.jsonl) with records are for "
         "`dragoman load`"),
    Kind("dna", "a database (SQLite, such as a .dna project)", (".dna", ".rqda"),
         instead=_NO_PROJECT),
    Kind("qdpx", "a project of a coding program (REFI-QDA)", (".qdpx", ".qdc"),
         instead=_NO_PROJECT),
    Kind("tei", "XML in TEI (as FRUS)", (".xml",), instead=_NO_XML),
    Kind("xml", "XML", (".xml",), instead=_NO_XML),
    Kind("records", "a stream of records", (".jsonl", ".gz"),
         instead="`dragoman load` takes it"),
    Kind("yaml", "YAML", (".yaml", ".yml"),
         instead="`dragoman load` takes a folder with a dataset.yaml"),
    Kind("doc", "a Word document of before 2007, or one with a password", (".doc",),
         instead="save it as .docx, without a password, and import that"),
    Kind("pptx", "a presentation", (".pptx", ".odp"),
         instead="save it as PDF and import that"),
    Kind("picture", "a picture", (".png", ".jpg", ".jpeg", ".tif", ".tiff", ".gif"),
         instead="it holds no text. OCR makes a PDF with text of it"),
    Kind("mbox", "a mailbox", (".mbox",),
         instead="save the messages as .eml files and import those"),
    Kind("zip", "an archive", (".zip", ".7z", ".tar", ".gz", ".bz2", ".xz", ".rar"),
         instead="unpack it, and import the folder"),
    Kind("code", "a part of a program or of a saved page",
         (".js", ".mjs", ".css", ".py", ".sh", ".c", ".h", ".java", ".rb", ".sql",
          ".ini", ".toml", ".log", ".svg", ".map", ".bat"),
         instead="`--as text` imports it all the same"),
    Kind("binary", "neither a text nor a document of a known kind",
         instead="save it as PDF, DOCX, HTML or plain text"),
)  # fmt: skip

KINDS = {kind.name: kind for kind in (*READ, *RECORDS, *UNREAD)}
READABLE = tuple(kind.name for kind in READ)


def by_suffix(name: str) -> Kind | None:
    """Return the kind that a file's name promises, if any."""
    suffix = PurePath(name).suffix.lower()
    return next((kind for kind in KINDS.values() if suffix in kind.suffixes), None)
