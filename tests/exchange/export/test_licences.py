"""Which licences let the words of a source go out."""

import pytest

from exchange.export.licences import lets_pass_on


@pytest.mark.parametrize(
    "licence",
    [
        "CC-BY-4.0",
        "CC BY-SA 4.0",
        "cc by 3.0 igo",
        "CC0-1.0",
        "CC0",
        "Public domain",
        "Creative Commons Attribution 4.0 International",
        "https://creativecommons.org/licenses/by/4.0/",
        "OGL-UK-3.0",
        "Apache-2.0",
    ],
)
def test_open_licences_do(licence: str) -> None:
    assert lets_pass_on(licence)


@pytest.mark.parametrize(
    "licence",
    [
        None,
        "",
        "CC BY-NC 4.0",
        "CC-BY-ND-4.0",
        "All rights reserved",
        "not CC-BY-4.0",
        "https://creativecommons.org/licenses/by-nc/4.0/",
        "https://example.org/?creativecommons.org/licenses/by/4.0",
        "mit permission",
    ],
)
def test_no_other_does(licence: str | None) -> None:
    assert not lets_pass_on(licence)
