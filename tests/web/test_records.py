"""Every address that searches answers over every record: generated ones."""

import tempfile
from dataclasses import replace
from pathlib import Path

from hypothesis import HealthCheck, example, given, settings

from app import create_app
from models import open_session
from search.engines import open_engine
from search.sync import drain
from tests.conftest import Templates
from tests.records import Shape, shapes, write
from tests.web.html import Html

ADDRESSES = (
    "/",
    "/search",
    "/search?q=drone",
    "/search?q=drones+talks&match=any",
    "/search?q=topic:topic-0&topic=topic-1",
    "/search?q=drone&year=2022&sort=-date&page=2",
    "/search?q=date:2022",
)
FLAT = Shape(topics=(None, None), propositions=(("drone", 0),))


@example(Shape())
@example(FLAT)
@given(shape=shapes)
@settings(max_examples=5, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_every_search_page_of_any_record_is_there(
    backend: str, templates: Templates, shape: Shape
) -> None:
    with (
        tempfile.TemporaryDirectory() as folder,
        templates.copy(backend, Path(folder)) as database,
    ):
        with open_session(database.database_url, write=True) as session:
            write(session, shape)
            session.commit()
        name = "postgresql" if backend == "postgresql" else "whoosh"
        drain(
            open_engine(name, database.index_dir, database.database_url),
            database.database_url,
        )
        client = create_app(replace(database, search_engine=name)).test_client()
        for address in ADDRESSES:
            response = client.get(address)
            assert response.status_code == 200, address
            assert not Html(response.text).faults, address
            if address.startswith("/search"):
                for form in ("/api/v1/search", "/search.atom"):
                    there = address.replace("/search", form, 1)
                    assert client.get(there).status_code == 200, there
