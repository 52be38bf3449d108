"""Flask, which reads a request only after its addresses have been looked at."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from flask import Flask

from settings import Settings
from web.forwarding import follow_proxies
from web.hosts import check_host, refuse_hosts

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment


class Site(Flask):
    """An application that knows its proxies, its prefix and the names it answers to."""

    def __init__(self, name: str, settings: Settings) -> None:
        super().__init__(name)
        self._settings = settings
        refuse_hosts(self)

    def wsgi_app(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        """Answer a request, as the server hands it over."""
        follow_proxies(environ, self._settings)
        check_host(environ, self._settings.hosts)
        return super().wsgi_app(environ, start_response)
