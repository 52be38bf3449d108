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
    for command in (("db", "check"), ("check",), ("load", str(stream))):
        result = later(*command)
        assert result.exit_code == 1
        assert "is at 9999, which a later version of Dragoman made" in result.output
    result = later("db", "upgrade")
    assert result.exit_code == 1
    assert "not made by this version" in result.stderr


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
