"""What was given out ends when it must, and nothing kept opens anything."""

import pytest
import sqlalchemy as sa

from accounts.people import (
    add_account,
    check_name,
    find_account,
    has_accounts,
    set_disabled,
    set_password,
    set_role,
)
from accounts.sessions import (
    MOST_SIGN_INS,
    MOST_TOKENS,
    begin_sign_in,
    end_sign_in,
    end_token,
    find_sign_in,
    find_token,
    make_token,
    sign_ins_of,
    tokens_of,
)
from errors import BadRequest, Conflict, NotFound, Refused
from models import Account, ApiToken, SignIn
from models.enums import AccountRole as Role

PASSWORD = "seven lamps of the harbour"


@pytest.fixture
def ada(session) -> Account:
    return add_account(session, "Ada", Role.EDITOR, PASSWORD)


def given(session, account) -> tuple[str, str]:
    """A sign-in and a token."""
    return (
        begin_sign_in(session, account, "192.0.2.1", "a browser", 12),
        make_token(session, account, "a program", Role.CODER, 30),
    )


def stand(session, pair) -> tuple[bool, bool]:
    return (
        find_sign_in(session, pair[0]) is not None,
        find_token(session, pair[1]) is not None,
    )


@pytest.mark.parametrize(
    ("change", "ends"),
    [
        (lambda account: set_disabled(account, True), True),
        (lambda account: set_disabled(account, False), False),
        (lambda account: set_password(account, PASSWORD[::-1]), True),
        (lambda account: set_role(account, Role.CODER), True),
        (lambda account: set_role(account, Role.EDITOR), False),
        (lambda account: set_role(account, Role.ADMIN), False),
    ],
    ids=["disabled", "enabled", "password", "demoted", "same role", "promoted"],
)
def test_disabling_demoting_and_a_new_password_end_all_at_once(
    session, ada, change, ends
) -> None:
    pair = given(session, ada)
    assert stand(session, pair) == (True, True)
    change(ada)
    assert stand(session, pair) == (not ends, not ends)
    assert bool(sign_ins_of(session, ada)) == (not ends)
    assert bool(tokens_of(session, ada)) == (not ends)
    set_disabled(ada, False)
    set_role(ada, Role.ADMIN)
    assert stand(session, pair) == (not ends, not ends), "nothing comes back"


def test_time_ends_them(session, ada) -> None:
    pair = given(session, ada)
    session.execute(sa.update(SignIn).values(ends=SignIn.ends - 12 * 3600))
    session.execute(sa.update(ApiToken).values(ends=ApiToken.began))
    session.expire_all()
    assert stand(session, pair) == (False, False)
    assert not sign_ins_of(session, ada) and not tokens_of(session, ada)


def test_each_is_ended_by_its_owner_alone(session, ada) -> None:
    pair = given(session, ada)
    grace = add_account(session, "Grace", Role.ADMIN, PASSWORD)
    [sign_in], [token] = sign_ins_of(session, ada), tokens_of(session, ada)
    for end, row in ((end_sign_in, sign_in), (end_token, token)):
        with pytest.raises(NotFound):
            end(session, grace.id, row.id)
    assert stand(session, pair) == (True, True)
    end_sign_in(session, ada.id, sign_in.id)
    end_token(session, ada.id, token.id)
    session.flush()
    assert stand(session, pair) == (False, False)


def test_nothing_that_is_kept_opens_anything(session, ada) -> None:
    pair = given(session, ada)
    kept = [
        str(value)
        for table in (Account, SignIn, ApiToken)
        for row in session.execute(sa.select(table.__table__))
        for value in row
    ]
    assert not [value for value in kept for secret in pair if secret in value]
    assert not [value for value in kept if PASSWORD in value]
    for value in kept:
        assert stand(session, (value, value)) == (False, False)


def test_they_are_bounded(session, ada) -> None:
    first = begin_sign_in(session, ada, "", "", 1)
    for _ in range(MOST_SIGN_INS):
        begin_sign_in(session, ada, "", "x" * 5_000, 1)
    assert len(sign_ins_of(session, ada)) == MOST_SIGN_INS
    assert find_sign_in(session, first) is None
    assert len(sign_ins_of(session, ada)[0].agent) == 200
    for _ in range(MOST_TOKENS):
        make_token(session, ada, "x", Role.READER, 1)
    with pytest.raises(Refused, match="End one first"):
        make_token(session, ada, "x", Role.READER, 1)


def test_a_token_may_no_more_than_its_owner(session, ada) -> None:
    for role in Role:
        if ada.role.includes(role):
            make_token(session, ada, "x", role, 1)
        else:
            with pytest.raises(Refused, match="no more than its owner"):
                make_token(session, ada, "x", role, 1)


@pytest.mark.parametrize("label", ["", " ", "x" * 81, "a\0b", "a\u202eb"])
def test_a_token_says_what_it_is_for(session, ada, label) -> None:
    with pytest.raises(BadRequest, match="label"):
        make_token(session, ada, label, Role.READER, 1)


@pytest.mark.parametrize("days", [0, -1, 367, 10**9])
def test_a_token_ends(session, ada, days) -> None:
    with pytest.raises(BadRequest, match="days"):
        make_token(session, ada, "x", Role.READER, days)


@pytest.mark.parametrize("name", ["ada", " ADA ", "Ａｄａ"])
def test_two_names_that_look_alike_are_one(session, ada, name) -> None:
    assert find_account(session, name) is ada
    with pytest.raises(Conflict):
        check_name(session, name)


@pytest.mark.parametrize(
    "name", ["", " ", "x" * 61, "a\0", "a\u202eb", "Local user", "former account 7"]
)
def test_a_name_can_be_printed_and_is_nobody_elses_in_the_history(
    session, name
) -> None:
    with pytest.raises(BadRequest):
        add_account(session, name, Role.READER, PASSWORD)
    assert not has_accounts(session)


def test_a_disabled_account_is_still_one(session, ada) -> None:
    set_disabled(ada, True)
    session.flush()
    assert has_accounts(session)


@pytest.mark.parametrize(
    "name", ["", "a\0b", "\0", "\ud800", "x" * 10_000, "%", "' --"]
)
def test_any_text_that_is_no_name_is_nobodys(session, ada, name) -> None:
    assert find_account(session, name) is None
