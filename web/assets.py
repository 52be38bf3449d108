"""Static files: browsers keep them for good, and never show an old one.

The address of a file ends in a hash of what it holds. So an address always means the
same bytes, and who has them need not ask again; a changed file has another address.
Without the hash a file is served too, and asked for again each time.

Only files that were there when the app was made have a hash. The name in a request is
looked up among them and never made into a path: `OPTIONS` is answered 200 for any name
at all, `../../etc/passwd` among them.
"""

from functools import lru_cache
from hashlib import blake2b
from pathlib import Path
from typing import Any

from flask import Flask, Response, request

FOREVER = "public, max-age=31536000, immutable"


def init_assets(app: Flask) -> None:
    """Put the hash into the addresses of static files, and let it be relied upon."""
    folder = Path(app.static_folder or "")
    files = {
        path.relative_to(folder).as_posix(): path
        for path in folder.rglob("*")
        if path.is_file()
    }

    @app.url_defaults
    def add_hash(endpoint: str, values: dict[str, Any]) -> None:
        if endpoint == "static":
            values["v"] = _hash(files[values["filename"]])

    @app.after_request
    def keep(response: Response) -> Response:
        if request.endpoint == "static" and response.status_code in (200, 304):
            file = files.get((request.view_args or {})["filename"])
            if file is not None and request.args.get("v") == _hash(file):
                response.headers["Cache-Control"] = FOREVER
        return response


def _hash(path: Path) -> str:
    """The hash of a file; computed anew only where the file has changed."""
    state = path.stat()
    return _hash_of(path, state.st_mtime_ns, state.st_size)


@lru_cache(maxsize=64)
def _hash_of(path: Path, _changed: int, _size: int) -> str:
    return blake2b(path.read_bytes(), digest_size=8).hexdigest()
