"""What can be set, and how: one table, read from the environment.

`SETTINGS` is the only list of settings; `docs/settings.md` is written from it. A value
that cannot be used is an error that names the variable, never a silent default. An
empty variable counts as not set, as in a `.env` file with the value left blank.

Long because it is a table: each setting with its default, its help and its reader.
"""

import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Any
from urllib.parse import quote

from errors import DragomanError
from wording import quoted

CHECKOUT = Path(__file__).resolve().parent

#: A notice is read on every page, so it is a sentence or two.
LONGEST_NOTICE = 300
LONGEST_AUTHOR = 120

LOGS = ("errors", "lines", "json")
"""What `dragoman serve` may log: only what went wrong, or a line for each request."""

EDITING = ("local", "accounts", "off")
"""Who may write in the browser."""

READERS = ("anybody", "accounts")
"""Who may read."""

PREFIX = r"(/[A-Za-z0-9._~-]+)+"
"""What a path in front of every address may look like: a link begins with it as is."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Every setting, checked. `load_settings` makes one."""

    instance: Path
    database_url: str = field(repr=False)  # it may hold a password
    search_engine: str
    sql_console: bool
    sql_url: str | None = field(repr=False)
    sql_seconds: float
    sql_rows: int
    sql_bytes: int
    host: str
    port: int
    workers: int
    threads: int
    log: str
    log_queries: bool
    notice: str
    author: str
    hosts: tuple[str, ...]
    proxies: tuple[IPv4Network | IPv6Network, ...]
    prefix: str
    editing: str
    readers: str
    session_hours: int

    @property
    def index_dir(self) -> Path:
        """Where the embedded search engine keeps its index; it may be thrown away."""
        return self.instance / "index"


@dataclass(frozen=True, slots=True)
class Setting:
    """One row of the table.

    `parse` raises ValueError for text that it cannot use; `expected` says what it can.
    `{instance}` in a default stands for the instance folder.
    """

    name: str
    default: str
    help: str
    expected: str
    parse: Callable[[str], object]

    @property
    def variable(self) -> str:
        """The environment variable that sets it."""
        return f"DRAGOMAN_{self.name.upper()}"

    def read(self, text: str) -> Any:
        """Return the value that a text stands for.

        Raises:
            DragomanError: it stands for none; variable, text and remedy are named.
        """
        try:
            return self.parse(text)
        except ValueError:
            raise self.refused(text) from None

    def refused(self, text: str) -> DragomanError:
        """Make the error for a text that is no value; a password in it is left out."""
        return DragomanError(
            f"{self.variable} is {quoted(without_password(text))}, "
            f"expected {self.expected}."
        )


def _folder(text: str) -> Path:
    try:
        path = Path(text).expanduser().absolute()
    except RuntimeError as error:  # "~name", and nobody has that name
        raise ValueError from error
    str(path).encode()  # UnicodeEncodeError, a ValueError, where its bytes are no text
    there = next(filter(os.path.exists, (path, *path.parents)))
    if not there.is_dir():
        raise ValueError
    return path


def _database(text: str) -> str:
    if not re.match(r"(sqlite(\+pysqlite)?|postgresql(\+[a-z0-9]+)?)://", text):
        raise ValueError
    _check_port(text)
    return text


def _check_port(text: str) -> None:
    """Raise ValueError for what is no port; SQLAlchemy's and the driver's say less."""
    host = text.split("/", 3)[2].rpartition("@")[2] if text.count("/") > 1 else ""
    port = host.rpartition("]")[2].partition(":")[2]  # after an address in brackets
    if port and not (port.isascii() and port.isdecimal() and 0 < int(port) < 65536):
        raise ValueError


def _server(text: str) -> str | None:
    if text and not re.match(r"postgresql(\+[a-z0-9]+)?://", text):
        raise ValueError
    _check_port(text)
    return text or None


def _engine(text: str) -> str:
    if text not in ("whoosh", "postgresql"):
        raise ValueError
    return text


def _switch(text: str) -> bool:
    words = {"on": True, "true": True, "yes": True, "1": True}
    words |= {"off": False, "false": False, "no": False, "0": False}
    try:
        return words[text.strip().lower()]
    except KeyError:
        raise ValueError from None


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise ValueError
    return number


def _at_most(most: int) -> Callable[[str], int]:
    def parse(text: str) -> int:
        number = _positive(text)
        if number > most:
            raise ValueError
        return number

    return parse


def _log(text: str) -> str:
    if text not in LOGS:
        raise ValueError
    return text


def _editing(text: str) -> str:
    if text not in EDITING:
        raise ValueError
    return text


def _readers(text: str) -> str:
    if text not in READERS:
        raise ValueError
    return text


def _seconds(text: str) -> float:
    number = float(text)
    if not 0 < number <= 3600:  # also refuses nan and inf
        raise ValueError
    return number


def _hosts(text: str) -> tuple[str, ...]:
    names = tuple(text.lower().replace(",", " ").split())
    if not all(
        re.fullmatch(r"\.?[a-z0-9-]+(\.[a-z0-9-]+)*|\[[a-f0-9:.]+\]", name)
        for name in names
    ):
        raise ValueError
    return names


def _networks(text: str) -> tuple[IPv4Network | IPv6Network, ...]:
    return tuple(map(ip_network, text.replace(",", " ").split()))


def _prefix(text: str) -> str:
    text = text.rstrip("/")
    if text and not re.fullmatch(PREFIX, text):
        raise ValueError
    return text


def _port(text: str) -> int:
    number = int(text)
    if not 0 <= number <= 65535:
        raise ValueError
    return number


def _notice(text: str) -> str:
    if len(text) > LONGEST_NOTICE:
        raise ValueError
    return " ".join(text.split())


def _author(text: str) -> str:
    if len(text) > LONGEST_AUTHOR:
        raise ValueError
    return " ".join(text.split())


SETTINGS = (
    Setting(
        "instance",
        str(CHECKOUT / "instance"),
        "The folder for everything this installation writes: the embedded database and "
        "the search index.",
        "a folder, or a place for one with no file in the way, whose name is text",
        _folder,
    ),
    Setting(
        "database_url",
        "sqlite:///{instance}/dragoman.sqlite3",
        "The database, as an SQLAlchemy address.",
        "sqlite:///FILE or postgresql://USER:PASSWORD@HOST/DATABASE",
        _database,
    ),
    Setting(
        "search_engine",
        "whoosh",
        "What answers searches. `whoosh` is embedded and needs nothing else. "
        "`postgresql` keeps the index in the database, in a schema of its own, and "
        "needs that to be PostgreSQL: for several web servers that share one index.",
        "whoosh or postgresql",
        _engine,
    ),
    Setting(
        "sql_console",
        "on",
        "Whether the read-only SQL page and its JSON address are offered.",
        "on or off",
        _switch,
    ),
    Setting(
        "sql_url",
        "",
        "On PostgreSQL, the login of a role that may read the views and nothing else. "
        "Without it, read-only SQL is off there. SQLite does not need it.",
        "postgresql://USER:PASSWORD@HOST/DATABASE",
        _server,
    ),
    Setting(
        "sql_seconds",
        "4",
        "How long a read-only SQL query may run; its refusal then comes within five.",
        "a number of seconds, more than 0 and at most 3600",
        _seconds,
    ),
    Setting(
        "sql_rows",
        "10000",
        "How many rows a read-only SQL query may return.",
        "a whole number, 1 or more",
        _positive,
    ),
    Setting(
        "sql_bytes",
        "5000000",
        "How many bytes a read-only SQL query may return.",
        "a whole number, 1 or more",
        _positive,
    ),
    Setting(
        "host",
        "127.0.0.1",
        "The address that `dragoman serve` listens on. The default answers this "
        "machine only.",
        "an address or host name",
        str,
    ),
    Setting(
        "port",
        "5000",
        "The port that `dragoman serve` listens on; 0 takes any free one.",
        "a whole number from 0 to 65535",
        _port,
    ),
    Setting(
        "workers",
        "1",
        "How many processes `dragoman serve` answers with. With more than one, a "
        "further process keeps the search index up to date, and one that dies is "
        "replaced.",
        "a whole number from 1 to 64",
        _at_most(64),
    ),
    Setting(
        "threads",
        "8",
        "How many requests each of these processes answers at once.",
        "a whole number from 1 to 64",
        _at_most(64),
    ),
    Setting(
        "log",
        "errors",
        "What `dragoman serve` writes to standard error: `errors`, what went wrong; "
        "`lines`, that and a line for each request; `json`, the same as an object in "
        "JSON for each line.",
        "errors, lines or json",
        _log,
    ),
    Setting(
        "log_queries",
        "on",
        "Whether a line for a request has what stands after the `?`: what people "
        "search for.",
        "on or off",
        _switch,
    ),
    Setting(
        "notice",
        "",
        "A sentence at the top of every page, for what readers must know first: that "
        "the record is fictional, a test, or a draft.",
        f"at most {LONGEST_NOTICE} characters",
        _notice,
    ),
    Setting(
        "author",
        "",
        "Who is named in the journal for what a command changes. Without it, the name "
        "that the operating system has for the user.",
        f"at most {LONGEST_AUTHOR} characters",
        _author,
    ),
    Setting(
        "hosts",
        "",
        "The names, besides `localhost`, `127.0.0.1` and `[::1]`, that the site "
        "answers to, whatever the port. A request for another name is refused, so that "
        "no other website can read from this one by a name of its own. A name that "
        "begins with a dot stands for all names below it.",
        "names such as dragoman.example.org, with spaces or commas between",
        _hosts,
    ),
    Setting(
        "proxies",
        "",
        "The proxies in front of the site. From them, and from nobody else, "
        "`X-Forwarded-For`, `-Proto`, `-Host` and `-Prefix` are believed.",
        "addresses or networks such as 127.0.0.1 or 10.0.0.0/8, with spaces or commas "
        "between",
        _networks,
    ),
    Setting(
        "prefix",
        "",
        "The path that the site stands under, if it is not the root: every link begins "
        "with it. It wins over `X-Forwarded-Prefix`, and the proxy may leave it in the "
        "path or take it off.",
        "a path such as /dragoman",
        _prefix,
    ),
    Setting(
        "editing",
        "local",
        "Who may write in the browser. `local`: without any account, whoever opens the "
        "address with a key that `dragoman serve` prints, as long as the site listens "
        "on loopback and none of the three settings above is set; once there is an "
        "account, whoever signs in. `accounts`: only who signs in. `off`: nobody.",
        "local, accounts or off",
        _editing,
    ),
    Setting(
        "readers",
        "anybody",
        "Who may read. With `accounts`, every page, file and JSON address but "
        "`/healthz` and `/readyz` needs an account.",
        "anybody or accounts",
        _readers,
    ),
    Setting(
        "session_hours",
        "336",
        "How many hours a browser stays signed in, used or not; the default is two "
        "weeks.",
        "a whole number from 1 to 720",
        _at_most(720),
    ),
)

DATABASE_URL = next(setting for setting in SETTINGS if setting.name == "database_url")


def load_settings(environ: Mapping[str, str] | None = None) -> Settings:
    """Read the settings from `environ`, by default the process's environment."""
    environ = os.environ if environ is None else environ
    values: dict[str, Any] = {}
    for setting in SETTINGS:
        text = environ.get(setting.variable) or setting.default.replace(
            # What means something in an address is written so that it does not.
            "{instance}",
            quote(str(values.get("instance", "")), safe="/ "),
        )
        values[setting.name] = setting.read(text)
    return Settings(**values)


def without_password(text: str) -> str:
    """Return an address without the password in it."""
    return re.sub(r"(://[^:/@]*:).*@", r"\1…@", text)
