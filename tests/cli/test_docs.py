"""docs/cli.md is what the commands say of themselves."""

from collections.abc import Callable, Iterator

import click

from cli.verbs import dragoman

HEAD = """\
# The command line

*Written from the commands' own help by `make docs`.*

`dragoman` is there once `make setup` has run: as `.venv/bin/dragoman`, or as
`dragoman` in an activated environment. Answers go to standard output, everything else
to standard error. A command that fails says why in a sentence and exits with 1 (with 2
if it was mistyped, with 130 if it was stopped). On a terminal, an answer that is longer
than the window goes through the pager that `PAGER` names.

**Completion.** The shell completes verbs, options, values and slugs (`dragoman meeting
teh<Tab>`) after this line, in `~/.bashrc`; `zsh_source` in `~/.zshrc` and `fish_source`
in `~/.config/fish/completions/dragoman.fish` do it there:

```
eval "$(_DRAGOMAN_COMPLETE=bash_source .venv/bin/dragoman)"
```
"""


def test_the_page_about_the_command_line_is_current(
    document: Callable[[str, str], None],
) -> None:
    context = click.Context(
        dragoman, info_name="dragoman", terminal_width=88, **dragoman.context_settings
    )
    document("docs/cli.md", HEAD + "".join(pages(dragoman, context)))


def pages(command: click.Command, context: click.Context) -> Iterator[str]:
    """Yield a section for a command and for each one below it."""
    yield f"\n## {context.command_path}\n\n```\n{command.get_help(context)}\n```\n"
    if isinstance(command, click.Group):
        for name in command.list_commands(context):
            child = command.get_command(context, name)
            assert child is not None
            yield from pages(
                child, click.Context(child, info_name=name, parent=context)
            )
