"""`dragoman account`: who may sign in, said on the command line."""

import pytest

from accounts.people import get_account
from accounts.sessions import begin_sign_in, find_sign_in, find_token
from models import open_session
from tests.cli.conftest import Type

PASSWORD = "seven lamps of the harbour"
OTHER = "eleven boats in a bay"


@pytest.fixture
def ada(type_: Type) -> Type:
    """Type a command, where Ada is an editor."""
    result = type_("account", "add", "Ada", stdin=f"{PASSWORD}\n")
    assert result.exit_code == 0, result.stderr
    assert result.stdout == "Ada may sign in, as editor.\n"
    return type_


def test_an_account_is_added_listed_and_changed(ada: Type) -> None:
    assert ada("account", "add", "Grace", "--role", "admin", stdin=OTHER).exit_code == 0
    listed = ada("account", "list").stdout
    assert "Ada" in listed and "editor" in listed and "admin" in listed
    assert ada("account", "role", "ada", "coder").stdout == "Ada has the role coder.\n"
    assert ada("account", "disable", "ADA").stdout == "Ada is disabled.\n"
    assert "disabled" in ada("account", "list").stdout
    refused = ada("account", "token", "Ada", "--for", "x")
    assert (refused.exit_code, "disabled" in refused.stderr) == (1, True)
    assert "may sign in again" in ada("account", "disable", "Ada", "--undo").stdout


def test_where_there_is_none_the_list_says_how_to_make_one(type_: Type) -> None:
    assert "dragoman account add" in type_("account", "list").stdout


@pytest.mark.parametrize(
    ("name", "given", "why"),
    [
        ("Grace", "short\n", "needs 15 or more"),
        ("Grace", "", "needs 15 or more"),
        ("Grace", "x" * 100_000, "at most 128"),
        ("ADA", f"{PASSWORD}\n", "already"),
        ("", f"{PASSWORD}\n", "no name"),
        ("local user", f"{PASSWORD}\n", "somebody else"),
    ],
)
def test_what_cannot_be_an_account_is_a_sentence(
    ada: Type, name: str, given: str, why: str
) -> None:
    result = ada("account", "add", name, stdin=given)
    assert result.exit_code == 1
    assert why in result.stderr
    assert len(result.stderr.splitlines()) == 1
    assert "Grace" not in ada("account", "list").stdout


@pytest.mark.parametrize(
    "command",
    [
        ["role", "Nobody", "coder"],
        ["disable", "Nobody"],
        ["password", "Nobody"],
        ["token", "Nobody", "--for", "x"],
    ],
    ids=lambda command: command[0],
)
def test_an_account_that_is_not_there_is_a_sentence(ada: Type, command) -> None:
    result = ada("account", *command, stdin=f"{OTHER}\n")
    assert result.exit_code == 1
    assert 'No account is called "Nobody".' in result.stderr


def test_no_command_takes_a_password_as_an_argument(ada: Type) -> None:
    for arguments in (["add", "Grace", PASSWORD], ["password", "Ada", OTHER]):
        assert ada("account", *arguments, stdin=f"{OTHER}\n").exit_code == 2
    assert "--password" not in ada("account", "add", "--help").stdout


def test_a_token_is_printed_alone_and_another_password_ends_it(
    ada: Type, environ: dict[str, str]
) -> None:
    url = environ["DRAGOMAN_DATABASE_URL"]
    token = ada("account", "token", "Ada", "--for", "a script").stdout.strip()
    with open_session(url, write=True) as session:
        cookie = begin_sign_in(session, get_account(session, "Ada"), "", "", 1)
        session.commit()
        assert find_token(session, token) and find_sign_in(session, cookie)
    assert ada("account", "password", "Ada", stdin=f"{OTHER}\r\n").exit_code == 0
    with open_session(url) as session:
        assert not find_token(session, token)
        assert not find_sign_in(session, cookie)


def test_a_token_may_no_more_than_its_owner(ada: Type) -> None:
    result = ada("account", "token", "Ada", "--for", "x", "--role", "admin")
    assert result.exit_code == 1
    assert "no more than its owner" in result.stderr
