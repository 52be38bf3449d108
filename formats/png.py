"""Pictures as PNG."""

from errors import Unavailable


def as_png(svg: str) -> bytes:
    """Convert a picture, twice as large in dots.

    Raises:
        Unavailable: the converter is not installed.
    """
    try:
        from resvg_py import svg_to_bytes
    except ImportError:
        raise Unavailable(
            "Pictures as PNG need the extra “png”: run “pip install resvg-py”. "
            "The same picture is there as SVG."
        ) from None
    return bytes(svg_to_bytes(svg_string=svg, zoom=2))
