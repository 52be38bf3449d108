"""`dragoman account`: who may sign in, and what each may do."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

import click
from sqlalchemy.orm import Session

from accounts.passwords import LONGEST, SHORTEST, check_password
from accounts.people import (
    add_account,
    check_name,
    every_account,
    get_account,
    set_disabled,
    set_password,
    set_role,
)
from accounts.sessions import (
    LONGEST_TOKEN_DAYS,
    make_token,
    sign_ins_of,
    tokens_of,
)
from cli.speech import Failure, say
from cli.tables import say_table
from models import open_session
from models.enums import AccountRole
from settings import load_settings

_ROLE = click.Choice([role.value for role in AccountRole])


@click.group()
def account() -> None:
    """Say who may sign in, and what each may do.

    Once there is an account, nobody writes without one. Passwords are asked for, or
    read from the first line of standard input; they are never an argument.
    """


@account.command()
@click.argument("name")
@click.option(
    "--role", type=_ROLE, default="editor", show_default=True, help="What it may do."
)
def add(name: str, role: str) -> None:
    """Add the account NAME."""
    with _writing() as session:
        name = check_name(session, name)
    password = _ask_password(name)
    with _writing() as session:
        made = add_account(session, name, AccountRole(role), password)
        session.commit()
        say(f"{made.name} may sign in, as {made.role.label}.")


@account.command(name="list")
def list_() -> None:
    """List the accounts, with how many browsers and tokens each has in use."""
    with open_session(load_settings().database_url) as session:
        found = every_account(session)
        if not found:
            say("There is no account. `dragoman account add NAME` makes one.")
            return
        say_table(
            ("Name", "Role", "State", "Signed in with", "Tokens"),
            [
                (
                    one.name,
                    one.role.label,
                    "disabled" if one.disabled else "",
                    len(sign_ins_of(session, one)),
                    len(tokens_of(session, one)),
                )
                for one in found
            ],
        )


@account.command()
@click.argument("name")
@click.argument("role", type=_ROLE, metavar="ROLE")
def role(name: str, role: str) -> None:
    """Give the account NAME the role ROLE; a lower one ends its sign-ins and tokens."""
    with _writing() as session:
        found = get_account(session, name)
        set_role(found, AccountRole(role))
        session.commit()
        say(f"{found.name} has the role {found.role.label}.")


@account.command()
@click.argument("name")
@click.option("--undo", is_flag=True, help="Let it sign in again.")
def disable(name: str, undo: bool) -> None:
    """Keep the account NAME from signing in, and end its sign-ins and tokens."""
    with _writing() as session:
        found = get_account(session, name)
        set_disabled(found, not undo)
        session.commit()
        say(f"{found.name} {'may sign in again' if undo else 'is disabled'}.")


@account.command()
@click.argument("name")
def password(name: str) -> None:
    """Give the account NAME another password, which ends its sign-ins and tokens."""
    with _writing() as session:
        name = get_account(session, name).name
    given = _ask_password(name)
    with _writing() as session:
        set_password(get_account(session, name), given)
        session.commit()
    say(f"{name} has another password, and is signed out everywhere.")


@account.command()
@click.argument("name")
@click.option("--for", "label", required=True, help="What the token is for.")
@click.option(
    "--role", type=_ROLE, help="What it may do; by default what its owner may."
)
@click.option(
    "--days",
    type=click.IntRange(1, LONGEST_TOKEN_DAYS),
    default=90,
    show_default=True,
    help="How long it is good.",
)
def token(name: str, label: str, role: str | None, days: int) -> None:
    """Make a token, with which a program acts for the account NAME; shown once."""
    with _writing() as session:
        found = get_account(session, name)
        if found.disabled:
            raise Failure(f"{found.name} is disabled: a token would do nothing.")
        given = AccountRole(role) if role else found.role
        made = make_token(session, found, label, given, days)
        session.commit()
    say(made)


@contextmanager
def _writing() -> Iterator[Session]:
    with open_session(load_settings().database_url, write=True) as session:
        yield session


def _ask_password(name: str) -> str:
    """Ask at the terminal, twice; or read a line of what is piped in."""
    if sys.stdin.isatty():
        given: str = click.prompt(
            f"Password of {name} ({SHORTEST} characters or more)",
            hide_input=True,
            confirmation_prompt=True,
        )
    else:
        given = sys.stdin.readline(LONGEST + 3).removesuffix("\n").removesuffix("\r")
    check_password(given, name)
    return given
