"""An address that is kept leads to this site only."""

from urllib.parse import urljoin, urlsplit

from hypothesis import given
from hypothesis import strategies as st

from web.kept import here_only


@given(st.text() | st.text("/\\.:@?#%\t\n ahtps", max_size=12))
def test_no_address_leads_elsewhere(path: str) -> None:
    found = here_only(path)
    assert (
        urlsplit(urljoin("http://here.example/sign-in", found)).netloc == "here.example"
    )
    assert found == path or found == "/"
