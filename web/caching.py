"""Pages and data are asked for again each time, and sent again only if they changed.

The record may change at any moment, so no answer is kept without asking; the entity tag
lets a browser, a proxy or a program ask without being sent the same once more. Static
files, which may be kept, are the business of `web/assets.py`.
"""

from flask import Flask, Response, request


def ask_each_time(app: Flask) -> None:
    """Make `app` tag its answers, and answer 304 to who has them already."""

    @app.after_request
    def tag(response: Response) -> Response:
        response.headers.setdefault("Cache-Control", "no-cache")
        if response.status_code == 200 and not (
            response.is_streamed or "ETag" in response.headers
        ):
            response.add_etag()
            response.make_conditional(request)
        return response
