"""Options of the command line, out of the parameters that pages and JSON have."""

from collections.abc import Callable, Iterable
from typing import Any, TypeVar

import click
from click.shell_completion import CompletionItem

from cli.completion import offered
from cli.speech import remark
from errors import DragomanError
from queries.parameters import Parameter

Command = TypeVar("Command", bound=Callable[..., Any])


class _Value(click.ParamType[str]):
    """A text that the parameter can read, and stays one: the reader reads it again."""

    name = "text"

    def __init__(self, item: Parameter) -> None:
        self._item = item

    def convert(self, value: Any, _param: Any, _context: Any) -> Any:
        try:
            self._item.check(str(value))
        except DragomanError as fault:
            self.fail(fault.detail)
        written = self._item.takes.written(str(value))
        if written != value:
            remark(f"{self._item.name}: {value} is read as {written}.")
        return written

    def shell_complete(
        self, _context: Any, _param: Any, incomplete: str
    ) -> list[CompletionItem]:
        """Offer slugs where one is taken."""
        return offered(incomplete, *self._item.kinds)


def option(item: Parameter) -> Callable[[Command], Command]:
    """Make the option of a parameter: `--as-known-on` of `as_known_on`."""
    schema = item.takes.schema
    takes: click.ParamType[Any] = _Value(item)
    default: Any = item.default or None
    if item.takes.choices:
        # Of a member of an enum, click would take the name and not the value.
        takes = click.Choice([str(choice) for choice in item.takes.choices])
    elif schema["type"] == "integer":
        takes = click.IntRange(schema["minimum"], schema["maximum"])
        default = schema.get("default")
    return click.option(
        "--" + item.name.replace("_", "-"),
        item.name,
        type=takes,
        multiple=item.repeatable,
        default=None if item.repeatable else default,
        show_default=bool(default),
        help=item.help + (" May be given several times." if item.repeatable else ""),
    )


def options(items: Iterable[Parameter]) -> Callable[[Command], Command]:
    """Make the options of some parameters, in their order."""
    parameters = list(items)

    def decorate(command: Command) -> Command:
        for item in reversed(parameters):
            command = option(item)(command)
        return command

    return decorate
