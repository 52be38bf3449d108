"""The connections that search: their planner is set up for it, once for each."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy import event

#: A plan for any values fits none; compiling one takes longer than running it. To fetch
#: a tsvector and look into it costs far more than the planner believes: it would
#: rather read them all than use the index. Where no index helps, it still does.
_PLANNING = {
    "plan_cache_mode": "force_custom_plan",
    "jit": "off",
    "work_mem": "64MB",
    "enable_seqscan": "off",
}


def open_readers(url: str) -> sa.Engine:
    """Return a pool of connections whose planner is set up for searches."""
    readers = sa.create_engine(
        sa.make_url(url).set(drivername="postgresql+psycopg"),
        isolation_level="AUTOCOMMIT",
        pool_use_lifo=True,
        pool_reset_on_return=None,
    )

    def prepare(connection: Any, _: object) -> None:
        for item in _PLANNING.items():
            connection.execute("SELECT set_config(%s, %s, false)", item)

    event.listen(readers, "connect", prepare)
    return readers
