"""`dragoman db`."""

from pathlib import Path

from settings import Settings
from tests.cli.conftest import Type, environment, typing


def test_upgrade_makes_the_instance_and_the_database(tmp_path: Path) -> None:
    instance = tmp_path / "deep" / "instance"
    type_ = typing({"DRAGOMAN_INSTANCE": str(instance)})
    assert type_("db", "check").exit_code == 1
    assert not instance.exists()
    first = type_("db", "upgrade")
    assert first.exit_code == 0
    assert "is now at" in first.stdout
    again = type_("db", "upgrade")
    assert again.exit_code == 0
    assert "is up to date" in again.stdout
    assert type_("db", "check").exit_code == 0


def test_both_databases_are_found_up_to_date(settings: Settings) -> None:
    type_ = typing(environment(settings))
    assert "is up to date" in type_("db", "check").stdout
    assert "is up to date" in type_("db", "upgrade").stdout


def test_a_database_of_a_later_version_is_left_alone(
    type_: Type, tmp_path: Path
) -> None:
    import sqlite3

    environ = {"DRAGOMAN_INSTANCE": str(tmp_path)}
    later = typing(environ)
    assert later("db", "upgrade").exit_code == 0
    with sqlite3.connect(tmp_path / "dragoman.sqlite3") as connection:
        connection.execute("update alembic_version set version_num = '9999'")
    connection.close()
    stream = tmp_path / "empty.jsonl"
    stream.touch()
    before = (tmp_path / "dragoman.sqlite3").read_bytes()
    for command in (
        ("db", "check"),
        ("db", "upgrade"),
        ("check",),
        ("load", str(stream)),
        ("import", str(stream)),
        ("search", "iran"),
        ("meetings",),
        ("meeting", "tehran"),
        ("brief", "tehran"),
        ("export", "stances"),
        ("reindex",),
        ("serve", "--port", "0"),
    ):
        result = later(*command)
        assert result.exit_code != 0, command
        if "Usage:" not in result.output:
            assert "is at 9999, which a later version of Dragoman made" in result.output
    assert (tmp_path / "dragoman.sqlite3").read_bytes() == before


def test_a_database_of_somebody_else_is_left_as_it_was(tmp_path: Path) -> None:
    import sqlite3

    path = tmp_path / "dragoman.sqlite3"
    with sqlite3.connect(path) as connection:
        connection.execute("create table diary (entry)")
    connection.close()
    before = path.read_bytes()
    type_ = typing({"DRAGOMAN_INSTANCE": str(tmp_path)})
    for command, words in (
        (("db", "upgrade"), "tables that Dragoman did not make"),
        (("serve",), "tables that Dragoman did not make"),
        (("meetings",), "is new"),
        (("reindex",), "is new"),
        (("check",), "is new"),
    ):
        result = type_(*command)
        assert result.exit_code == 1
        assert words in result.output
    assert path.read_bytes() == before
    assert [item.name for item in tmp_path.iterdir()] == ["dragoman.sqlite3"]


def test_a_file_that_is_no_database_is_named(tmp_path: Path) -> None:
    (tmp_path / "dragoman.sqlite3").write_text("Dear diary, " * 100)
    type_ = typing({"DRAGOMAN_INSTANCE": str(tmp_path)})
    for command in (("db", "upgrade"), ("db", "check"), ("meetings",)):
        result = type_(*command)
        assert result.exit_code == 1
        assert "dragoman.sqlite3 is not a SQLite database" in result.stderr


def test_no_password_is_printed() -> None:
    url = "postgresql://me:secret@127.0.0.1:1/x"
    for verb in ("check", "upgrade"):
        result = typing({"DRAGOMAN_DATABASE_URL": url})("db", verb)
        assert result.exit_code == 1
        assert "secret" not in result.output
