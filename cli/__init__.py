"""The `dragoman` command: short functions, one for each verb.

They call what the pages call and print what it returns. Whatever goes wrong ends in one
plain sentence on standard error and a non-zero exit (`cli.speech`).
"""


def main() -> None:
    """Run the command line; the entry point of the package."""
    try:
        from cli.verbs import dragoman
    except ImportError as error:
        raise SystemExit(cannot_start(error)) from None
    dragoman(prog_name="dragoman")


def cannot_start(error: ImportError) -> str:
    """Say what is missing after an update of the checkout, before its packages'."""
    return (
        f"Dragoman cannot start ({error}). It needs other packages than are "
        "installed: run “make setup” in its folder."
    )
