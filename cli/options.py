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
        if written != str(value):
            remark(f"{self._item.name}: {value} is read as {written}.")
        return written

    def shell_complete(
        self, _context: Any, _param: Any, incomplete: str
    ) -> list[CompletionItem]:
        """Offer slugs where one is taken."""
        return offered(incomplete, *self._item.kinds)


class _Choice(click.Choice[str]):
    """One of a few texts, refused in the words of pages and JSON."""

    def __init__(self, item: Parameter) -> None:
        # Of a member of an enum, click would take the name and not the value.
        super().__init__([str(choice) for choice in item.takes.choices])
        self._value = _Value(item)

    def convert(self, value: Any, param: Any, context: Any) -> Any:
        return super().convert(
            self._value.convert(value, param, context), param, context
        )


class _Number(click.IntRange):
    """A whole number within bounds, refused in the words of pages and JSON."""

    def __init__(self, item: Parameter) -> None:
        schema = item.takes.schema
        super().__init__(schema["minimum"], schema["maximum"])
        self._value = _Value(item)

    def convert(self, value: Any, param: Any, context: Any) -> Any:
        return super().convert(
            self._value.convert(value, param, context), param, context
        )


def option(item: Parameter) -> Callable[[Command], Command]:
    """Make the option of a parameter: `--as-known-on` of `as_known_on`."""
    schema = item.takes.schema
    takes: click.ParamType[Any] = _Value(item)
    default: Any = item.default or None
    if item.takes.choices:
        takes = _Choice(item)
    elif schema["type"] == "integer":
        takes = _Number(item)
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
