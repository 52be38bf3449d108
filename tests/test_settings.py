"""The settings table, its errors and the page that is written from it."""

import dataclasses
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from errors import DragomanError, Fault, InputFaults
from models import make_engine
from models.database import sqlite_path
from settings import CHECKOUT, SETTINGS, Setting, Settings, load_settings


def test_with_nothing_set_everything_lies_in_the_checkouts_instance() -> None:
    settings = load_settings({})
    assert settings.instance == CHECKOUT / "instance"
    assert settings.database_url == f"sqlite:///{CHECKOUT}/instance/dragoman.sqlite3"
    assert settings.index_dir == CHECKOUT / "instance" / "index"
    assert (settings.host, settings.port) == ("127.0.0.1", 5000)


def test_the_database_follows_the_instance(tmp_path: Path) -> None:
    settings = load_settings({"DRAGOMAN_INSTANCE": str(tmp_path)})
    assert settings.database_url == f"sqlite:///{tmp_path}/dragoman.sqlite3"


def test_the_table_and_the_class_name_the_same_settings() -> None:
    fields = {field.name for field in dataclasses.fields(Settings)}
    assert {setting.name for setting in SETTINGS} == fields


@pytest.mark.parametrize("below", ["", "/instance", "/a/b"])
def test_an_instance_where_a_file_is_in_the_way_is_refused(
    tmp_path: Path, below: str
) -> None:
    path = tmp_path / "file"
    load_settings({"DRAGOMAN_INSTANCE": f"{path}{below}"})
    path.touch()
    with pytest.raises(DragomanError) as error:
        load_settings({"DRAGOMAN_INSTANCE": f"{path}{below}"})
    assert error.value.detail.startswith('DRAGOMAN_INSTANCE is "/')
    assert "no file in the way" in error.value.detail


def test_an_empty_variable_counts_as_not_set() -> None:
    empty = dict.fromkeys((setting.variable for setting in SETTINGS), "")
    assert load_settings(empty) == load_settings({})


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("DRAGOMAN_DATABASE_URL", "mysql://localhost/dragoman"),
        ("DRAGOMAN_DATABASE_URL", "dragoman.sqlite3"),
        ("DRAGOMAN_HOSTS", "https://dragoman.example"),
        ("DRAGOMAN_HOSTS", "dragoman.example:80"),
        ("DRAGOMAN_PREFIX", "dragoman"),
        ("DRAGOMAN_PREFIX", "//evil.example"),
        ("DRAGOMAN_PREFIX", "/a b"),
        ("DRAGOMAN_PROXIES", "proxy.example"),
        ("DRAGOMAN_PROXIES", "10.0.0.1/8"),
        ("DRAGOMAN_INSTANCE", "~nobody-of-this-name/x"),
        ("DRAGOMAN_PORT", "65536"),
        ("DRAGOMAN_PORT", "http"),
        ("DRAGOMAN_SEARCH_ENGINE", "grep"),
        ("DRAGOMAN_SQL_BYTES", "0"),
        ("DRAGOMAN_SQL_CONSOLE", "maybe"),
        ("DRAGOMAN_SQL_ROWS", "-1"),
        ("DRAGOMAN_SQL_SECONDS", "nan"),
        ("DRAGOMAN_SQL_URL", "sqlite:///dragoman.sqlite3"),
    ],
)
def test_a_bad_value_is_an_error_that_names_variable_value_and_remedy(
    variable: str, value: str
) -> None:
    setting = next(s for s in SETTINGS if s.variable == variable)
    with pytest.raises(DragomanError) as error:
        load_settings({variable: value})
    assert (
        error.value.detail == f'{variable} is "{value}", expected {setting.expected}.'
    )


def test_passwords_are_shown_neither_in_errors_nor_in_logs() -> None:
    with pytest.raises(DragomanError) as error:
        load_settings({"DRAGOMAN_DATABASE_URL": "oracle://anna:se@cret@db/x"})
    assert "cret" not in error.value.detail
    good = "postgresql://anna:secret@db/x"
    settings = load_settings({"DRAGOMAN_DATABASE_URL": good, "DRAGOMAN_SQL_URL": good})
    assert "secret" not in repr(settings)


def test_a_fault_is_one_line_whatever_its_value() -> None:
    fault = Fault("stances.yaml", 12, "polarity", "3\n\x1b[31m" + "x" * 200, "-2 to 2")
    line = str(fault)
    assert line.startswith('stances.yaml, line 12: polarity: "3\\n\\x1b[31mxxx')
    assert line.endswith('…": expected -2 to 2')
    assert len(line) < 160
    assert InputFaults([fault, fault]).detail == f"{line}\n{line}"


def test_the_settings_page_is_written_from_the_table(
    document: Callable[[str, str], None],
) -> None:
    document("docs/settings.md", settings_page())


def settings_page() -> str:
    """Return `docs/settings.md`."""
    return _HEAD + "".join(map(_section, SETTINGS))


_HEAD = """\
# Settings

*Written from the table in `settings.py` by `make docs`.*

Settings are read from the environment when a command starts. An empty variable counts
as not set; a value that cannot be used stops the command with a sentence that names it.
"""


def _section(setting: Setting) -> str:
    default = setting.default.replace(str(CHECKOUT), "<checkout>")
    default = default.replace("{instance}", "<instance>")
    return f"""
## `{setting.variable}`

{setting.help}

- Takes {setting.expected}.
- By default {f"`{default}`" if default else "not set"}.
"""


@given(st.text(alphabet="ab ?#%&@:+='\"é\\20;", min_size=1, max_size=12))
def test_whatever_the_instance_is_called_the_database_lies_in_it(name: str) -> None:
    with TemporaryDirectory() as folder:
        instance = Path(folder) / f"{name}x"
        settings = load_settings({"DRAGOMAN_INSTANCE": str(instance)})
        assert sqlite_path(make_engine(settings.database_url)) == (
            instance / "dragoman.sqlite3"
        )


def test_an_instance_whose_name_is_no_text_is_refused() -> None:
    with pytest.raises(DragomanError, match="DRAGOMAN_INSTANCE is .* name is text"):
        load_settings({"DRAGOMAN_INSTANCE": "/tmp/a\udcffb"})


@pytest.mark.parametrize("variable", ["DRAGOMAN_DATABASE_URL", "DRAGOMAN_SQL_URL"])
@pytest.mark.parametrize("port", ["port", "54x2", "5432abc"])
def test_a_port_that_is_no_number_is_refused_without_the_password(
    variable: str, port: str
) -> None:
    address = f"postgresql://me:secret@host:{port}/db"
    with pytest.raises(DragomanError, match=f"{variable} is") as caught:
        load_settings({variable: address})
    assert "secret" not in caught.value.detail
    with pytest.raises(DragomanError) as caught:
        make_engine(address)
    assert "secret" not in caught.value.detail


@pytest.mark.parametrize(
    "address",
    [
        "postgresql://me:a:b@host/db",
        "postgresql://host:5432/db",
        "postgresql://[::1]:5432/db",
        "postgresql:///db?host=/tmp/a:b",
    ],
)
def test_what_is_no_port_is_left_alone(address: str) -> None:
    assert load_settings({"DRAGOMAN_SQL_URL": address}).sql_url == address
