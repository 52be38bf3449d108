"""Signing in is slowed by name and address, for all processes, in bounded space."""

import time
from concurrent.futures import ThreadPoolExecutor

import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from accounts.attempts import (
    LONG,
    MOST_FOR_ADDRESS,
    MOST_FOR_BOTH,
    MOST_FOR_NAME,
    MOST_KEPT,
    SHORT,
    TooOften,
    _network,
    begin_attempt,
    succeed,
)
from accounts.people import add_account
from accounts.sessions import begin_sign_in
from models import SignInAttempt, open_session
from models.enums import AccountRole

KEY = b"a key"
PASSWORD = "seven lamps of the harbour"


def attempt(session, name="Ada", address="192.0.2.1") -> bool:
    """Try once, and say whether it was taken."""
    try:
        begin_attempt(session, name, address, KEY)
    except TooOften:
        return False
    return True


def later(session, seconds: int) -> None:
    """Let time pass."""
    session.execute(sa.update(SignInAttempt).values(at=SignInAttempt.at - seconds))


def test_a_name_from_one_address_is_tried_five_times_and_then_not_for_a_while(
    session,
) -> None:
    taken = [attempt(session) for _ in range(MOST_FOR_BOTH + 3)]
    assert taken == [True] * MOST_FOR_BOTH + [False] * 3
    assert not attempt(session, "ADA "), "however it is written"
    assert attempt(session, address="192.0.2.2"), "elsewhere it can be tried"
    later(session, SHORT + 1)
    assert attempt(session)


def test_a_thousand_wrong_passwords_cost_seconds(database_url: str) -> None:
    """Of all of them five are looked at, which takes a tenth of a second each."""
    began = time.process_time()
    taken = 0
    for _ in range(1_000):
        with open_session(database_url, write=True) as session:
            taken += attempt(session)
            session.commit()
    assert taken == MOST_FOR_BOTH
    assert time.process_time() - began < 20


def test_an_address_is_counted_whatever_names_it_tries(session) -> None:
    taken = [attempt(session, f"name {n}") for n in range(MOST_FOR_ADDRESS + 5)]
    assert taken == [True] * MOST_FOR_ADDRESS + [False] * 5


def test_all_addresses_of_one_customer_are_one(session) -> None:
    taken = [attempt(session, address=f"2001:db8::{n:x}") for n in range(1, 9)]
    assert taken.count(True) == MOST_FOR_BOTH


def test_a_name_is_counted_from_everywhere_for_a_day(session) -> None:
    for number in range(MOST_FOR_NAME):
        assert attempt(session, address=f"192.0.{number}.1")
    assert not attempt(session, address="198.51.100.1")
    later(session, SHORT + 1)
    assert not attempt(session, address="198.51.100.1")
    later(session, LONG)
    assert attempt(session, address="198.51.100.1")


def test_nobody_is_shut_out_by_others_where_they_have_signed_in_before(session) -> None:
    account = add_account(session, "Ada", AccountRole.EDITOR, PASSWORD)
    begin_sign_in(session, account, "198.51.100.1", "", 1)
    for number in range(MOST_FOR_NAME):
        attempt(session, address=f"192.0.{number}.1")
    assert not attempt(session, address="203.0.113.1")
    assert attempt(session, address="198.51.100.1")


def test_a_sign_in_forgets_what_was_mistyped_before_it(session) -> None:
    account = add_account(session, "Ada", AccountRole.EDITOR, PASSWORD)
    for _ in range(MOST_FOR_BOTH - 1):
        assert attempt(session)
    number = begin_attempt(session, "Ada", "192.0.2.1", KEY)
    succeed(session, account, number, "192.0.2.1", PASSWORD)
    assert [attempt(session) for _ in range(MOST_FOR_BOTH)] == [True] * MOST_FOR_BOTH


def test_many_at_once_are_counted_too(database_url: str) -> None:
    def one(_: int) -> bool:
        with open_session(database_url, write=True) as session:
            taken = attempt(session)
            session.commit()
            return taken

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(one, range(24))) == MOST_FOR_BOTH


def test_what_is_kept_of_attempts_is_bounded_and_holds_no_name(session) -> None:
    now = int(time.time())
    session.execute(
        sa.insert(SignInAttempt),
        [{"name": "x", "address": f"a{n}", "at": now} for n in range(MOST_KEPT + 50)],
    )
    assert attempt(session, "my password by mistake")
    kept = session.scalars(sa.select(SignInAttempt)).all()
    assert len(kept) <= MOST_KEPT + 1
    assert "mistake" not in "".join(row.name for row in kept)
    later(session, LONG + 1)
    assert attempt(session, "Grace")
    assert session.scalar(sa.select(sa.func.count()).select_from(SignInAttempt)) == 1


@given(st.text(max_size=80) | st.ip_addresses().map(str))
def test_any_address_is_counted_as_something_short(address: str) -> None:
    assert len(_network(address)) <= 60
