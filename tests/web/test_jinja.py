"""Small things that templates call."""

import pytest
from flask import Flask

from web.jinja import (
    in_words,
    is_html_date,
    with_arguments,
    with_code,
    with_value,
    without,
    without_nul,
)


@pytest.fixture
def bare() -> Flask:
    return Flask(__name__)


def test_a_coded_value_reads_as_words() -> None:
    assert in_words("in_person") == "in person"


@pytest.mark.parametrize("edtf", ["2022", "2022-07", "2022-07-12"])
def test_html_can_say_a_year_a_month_and_a_day(edtf: str) -> None:
    assert is_html_date(edtf)


@pytest.mark.parametrize(
    "edtf", ["2022-13", "2022-02-30", "2022~", "../2022", "2022-06-01/2022-06-10", ""]
)
def test_html_cannot_say_what_is_no_day_month_or_year(edtf: str) -> None:
    assert not is_html_date(edtf)


def test_changing_an_argument_keeps_the_others_and_starts_at_the_first_page(
    bare: Flask,
) -> None:
    with bare.test_request_context("/search?q=a+b&kind=x&kind=y&page=3"):
        assert with_arguments(sort="date") == "/search?q=a+b&kind=x&kind=y&sort=date"
        assert with_arguments(kind=["x"]) == "/search?q=a+b&kind=x"
        assert with_arguments(q=None, kind=None) == "/search"
        assert with_arguments(page=4).endswith("&page=4")


def test_an_address_made_of_arguments_is_encoded(bare: Flask) -> None:
    with bare.test_request_context("/search?q=%22%3E%3Cb%3E%26x%3D1"):
        assert with_arguments(page=2) == "/search?q=%22%3E%3Cb%3E%26x%3D1&page=2"


def test_a_value_is_added_to_an_argument_and_taken_away_again(bare: Flask) -> None:
    with bare.test_request_context("/search?q=a&actor=iran&page=2"):
        assert with_value("actor", "russia") == "/search?q=a&actor=iran&actor=russia"
        assert without("actor", "iran") == "/search?q=a"


def test_what_stands_between_backticks_is_code_and_all_of_it_is_escaped() -> None:
    assert (
        with_code("Run `x <b>` & <i>") == "Run <code>x &lt;b&gt;</code> &amp; &lt;i&gt;"
    )


def test_a_nul_is_shown_as_a_sign_that_html_can_hold() -> None:
    assert without_nul("a\0b") == "a\ufffdb"
    assert without_nul(3) == 3
