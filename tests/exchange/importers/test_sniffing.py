"""What a file is, told by what it holds."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exchange.importers.charsets import decode
from exchange.importers.document import Unreadable
from exchange.importers.kinds import KINDS
from exchange.importers.sniffing import sniff
from tests.exchange.importers import files

_MADE = [
    ("pdf", files.pdf_of([["A line."]])),
    ("docx", files.docx_of(["A line."])),
    ("odt", files.odt_of(["A line."])),
    ("epub", files.epub_of(["A line."])),
    ("rtf", files.rtf_of(["A line."])),
    ("html", files.html_of(["A line."])),
    ("eml", files.eml_of(["A line."])),
    ("xlsx", files.archive({"xl/workbook.xml": "<x/>"})),
    ("zip", files.archive({"a.txt": "text"})),
    ("doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600),
    ("dna", b"SQLite format 3\0" + b"\0" * 90),
    ("picture", b"\x89PNG\r\n\x1a\n\0\0"),
    ("binary", bytes(range(256))),
    ("ris", b"TY  - NEWS\nTI  - A report\nER  - \n"),
    ("bibtex", b"@misc{a, title={A}}\n"),
    ("csl", b'[{"id": "a", "type": "article", "title": "A"}]'),
    ("popolo", b'{"persons": [], "organizations": []}'),
    ("annotations", b'{"total": 0, "rows": []}'),
    ("tei", b'<TEI xmlns="http://www.tei-c.org/ns/1.0"><text/></TEI>'),
    ("xml", b'<?xml version="1.0"?><visits/>'),
    ("un-votes", b"undl_id,ms_code,ms_name\n1,NRL,NORLAND\n"),
    ("text", "Сообщение".encode("utf-16")),
    ("text", "Сообщение о встрече".encode("cp1251")),
]


@pytest.mark.parametrize(("kind", "content"), _MADE)
@pytest.mark.parametrize("name", ["file", "file.txt", "file.pdf", "file.docx"])
def test_a_file_is_what_it_holds_and_not_what_it_is_called(
    kind: str, content: bytes, name: str
) -> None:
    assert sniff(content, name) is KINDS[kind]


@pytest.mark.parametrize(
    ("name", "kind"),
    [("a.md", "markdown"), ("a.csv", "csv"), ("a.jsonl", "records"), ("a.py", "code"),
     ("a.yaml", "yaml"), ("a.pdf", "text"), ("a", "text")],
)  # fmt: skip
def test_a_name_decides_between_kinds_of_text(name: str, kind: str) -> None:
    assert sniff(b"a,b\n1,2\n", name) is KINDS[kind]


@given(st.binary(max_size=300), st.sampled_from(["a", "a.txt", "a.docx", "a.md"]))
def test_any_bytes_are_of_some_kind_or_refused_in_a_sentence(
    content: bytes, name: str
) -> None:
    try:
        assert sniff(content, name).name in KINDS
    except Unreadable as error:
        assert str(error)


@given(
    st.text("Стороны встретились в Осло abc.\n", min_size=1),
    st.sampled_from(["utf-8-sig", "utf-16", "utf-32"]),
)
def test_a_mark_says_the_encoding(text: str, encoding: str) -> None:
    assert decode(text.encode(encoding)) == (text, None)


@pytest.mark.parametrize(
    ("text", "encoding", "name"),
    [
        ("Совместное заявление\n\nСтороны встретились.", "cp1251", "windows-1251"),
        ("Communiqué final\n\nIls ont négocié “longuement”.", "cp1252", "windows-1252"),
        ("بيان مشترك\n\nاجتمع الوزراء.", "cp1256", "windows-1256"),
    ],
)
def test_a_guess_is_shown_and_taken_only_when_confirmed(
    text: str, encoding: str, name: str
) -> None:
    content = text.encode(encoding)
    with pytest.raises(Unreadable, match=f"`--encoding {name}` confirms") as refused:
        decode(content)
    assert next(word for word in text.split() if not word.isascii()) in str(refused)
    assert decode(content, name) == (text, None)
    guessed, remark = decode(content, "guess")
    assert guessed == text
    assert remark is not None and name in remark
    assert decode(text.encode(), name) == (text, None)  # UTF-8 stays UTF-8


@pytest.mark.parametrize("encoding", ["no-such", "hex", "ascii", "rot13"])
def test_a_wrong_encoding_is_refused_in_a_sentence(encoding: str) -> None:
    with pytest.raises(Unreadable):
        decode("Совместное".encode("cp1251"), encoding)


def test_a_file_that_mixes_encodings_is_refused_with_the_line() -> None:
    content = "Déjà vu, voilà.\nDéjà ".encode() + "à".encode("cp1252")
    with pytest.raises(Unreadable, match="in line 2 some is not: the file mixes"):
        decode(content, None)
