"""How commands explain themselves, and how they fail: in a sentence."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

import exchange.load
from cli.speech import _Terminal, as_typed, paged
from cli.tables import say_table
from cli.verbs import VERBS, dragoman
from settings import CHECKOUT
from tests.cli.conftest import Type, typing
from wording import for_terminal


def commands(
    group: click.Group = dragoman, path: tuple[str, ...] = ()
) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    """Yield every command with the words that call it."""
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        yield (*path, name), command
        if isinstance(command, click.Group):
            yield from commands(command, (*path, name))


def call(environ: dict[str, str], script: str) -> subprocess.CompletedProcess[str]:
    """Run a shell line in which `dragoman` is the command."""
    start = f"{sys.executable} -c 'from cli import main; main()'"
    return subprocess.run(
        ["bash", "-c", f'set -o pipefail; dragoman() {{ {start} "$@"; }}; {script}'],
        cwd=CHECKOUT,
        env=os.environ | environ,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_the_list_of_verbs_says_of_each_what_the_verb_says_of_itself() -> None:
    context = click.Context(dragoman)
    for name, verb in VERBS.items():
        command = dragoman.get_command(context, name)
        assert command is not None and command.name == name
        assert verb.summary == command.get_short_help_str(200)


@pytest.mark.slow
def test_help_imports_nothing_that_takes_time() -> None:
    script = (
        "import sys; from cli.verbs import VERBS, dragoman\n"
        "dragoman(['--help'], standalone_mode=False)\n"
        "slow = {'sqlalchemy', 'alembic', 'numpy', 'rich', 'flask', 'pydantic'}\n"
        "sys.exit(sorted(slow & set(sys.modules)) or None)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=CHECKOUT, capture_output=True, timeout=60
    )
    assert not done.stderr and not done.returncode


def catches(pid: int, number: signal.Signals) -> bool:
    """Whether a process has a handler for a signal by now."""
    status = Path(f"/proc/{pid}/status").read_text()
    mask = next(line for line in status.splitlines() if line.startswith("SigCgt"))
    return bool(int(mask.split()[1], 16) & 1 << (number - 1))


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_command_that_is_asked_to_end_says_that_it_did(
    environ: dict[str, str], number: signal.Signals
) -> None:
    script = (
        "import signal; signal.signal(signal.SIGINT, signal.default_int_handler)\n"
        "import cli; from cli import reading; print('ready', flush=True); cli.main()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", script, "sql", "-"],
        cwd=CHECKOUT,
        env=os.environ | environ,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None and process.stdin is not None
        assert process.stdout.readline() == "ready\n"
        until = time.monotonic() + 30
        while not catches(process.pid, signal.SIGTERM) and time.monotonic() < until:
            time.sleep(0.05)
        time.sleep(0.5)  # until it waits for a query
        process.send_signal(number)
        _, said = process.communicate(timeout=60)
    assert said == "Stopped.\n" and process.returncode == 130


@pytest.mark.slow
def test_a_missing_package_is_said_in_a_sentence_with_the_remedy() -> None:
    script = "import sys; sys.modules['luqum'] = None; from cli import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", script, "search", "--help"],
        cwd=CHECKOUT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert done.stderr.startswith("Dragoman cannot start (") and "luqum" in done.stderr
    assert done.stderr.endswith("run “make setup” in its folder.\n")
    assert done.stderr.count("\n") == 1 and not done.stdout


@pytest.mark.parametrize("path", [path for path, _ in commands()], ids=" ".join)
def test_every_command_explains_itself(path: tuple[str, ...]) -> None:
    # Also where no setting could be read.
    result = typing({"DRAGOMAN_PORT": "what"})(*path, "--help")
    assert result.exit_code == 0
    assert result.stdout.startswith(f"Usage: dragoman {' '.join(path)}")


@pytest.mark.parametrize(
    ("path", "command"), list(commands()), ids=lambda value: str(value)
)
def test_every_argument_and_option_is_explained(
    path: tuple[str, ...], command: click.Command
) -> None:
    help_ = command.help or ""
    assert help_.splitlines()[0].endswith((".", "…")), path
    for parameter in command.params:
        if isinstance(parameter, click.Option):
            assert parameter.help, (path, parameter.name)
        else:
            assert parameter.make_metavar(click.Context(command)).strip("[].") in (
                help_.upper()
            ), (path, parameter.name)


def test_of_a_hundred_thousand_faults_a_thousand_are_named_and_all_counted(
    type_: Type, tmp_path: Path
) -> None:
    keys = "".join(f"k{number}: 1\n" for number in range(1_500))
    (tmp_path / "dataset.yaml").write_text(f"slug: many\ntitle: Many\n{keys}")
    result = type_("load", str(tmp_path))
    *named, more, total = result.stderr.splitlines()
    assert len(named) == 1_000
    assert all(line.startswith("dataset.yaml, line ") for line in named)
    assert more == "and 500 more"
    assert total == "1,500 faults; nothing was changed."


def test_an_unknown_command_is_an_error(type_: Type) -> None:
    result = type_("negotiate")
    assert result.exit_code == 2
    assert "negotiate" in result.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ("meetings",),
        ("meeting", "x"),
        ("sql", "select 1"),
        ("load", "data/tehran-2022"),
        ("import", "CHANGELOG.md"),
        ("attach", "x", "CHANGELOG.md"),
        ("db", "check"),
    ],
    ids=" ".join,
)
@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("sqlite:////nowhere/at/all.sqlite3", "dragoman db upgrade"),
        ("postgresql://nobody@127.0.0.1:1/nothing", "DRAGOMAN_"),
    ],
)
def test_a_database_out_of_reach_is_a_sentence(
    arguments: tuple[str, ...], url: str, words: str
) -> None:
    result = typing({"DRAGOMAN_DATABASE_URL": url})(*arguments)
    assert result.exit_code == 1
    assert result.stdout == ""
    assert words in result.stderr
    assert len(result.stderr.splitlines()) == 1


@pytest.mark.parametrize(
    "arguments",
    [("meetings",), ("meeting", "x"), ("load", "data/tehran-2022"), ("db", "check")],
    ids=" ".join,
)
def test_a_database_that_is_not_migrated_names_the_remedy(
    arguments: tuple[str, ...], environ: dict[str, str]
) -> None:
    environ["DRAGOMAN_DATABASE_URL"] += "-new"
    result = typing(environ)(*arguments)
    assert result.exit_code == 1
    assert "dragoman db upgrade" in result.stderr


def test_a_bad_setting_is_named() -> None:
    result = typing({"DRAGOMAN_PORT": "high"})("meetings")
    assert result.exit_code == 1
    assert "DRAGOMAN_PORT" in result.stderr


def test_stopping_a_load_says_what_became_of_it(
    type_: Type, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(exchange.load, "load", stop)
    result = type_("load", "data/tehran-2022")
    assert result.exit_code == 130
    assert "Stopped. What was loaded stays" in result.stderr


def test_a_file_that_may_not_be_read_is_a_sentence(
    type_: Type, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError(13, "Permission denied", "letters.jsonl")

    monkeypatch.setattr(exchange.load, "load", refuse)
    result = type_("load", "letters.jsonl")
    assert result.exit_code == 1
    assert "letters.jsonl: Permission denied." in result.stderr


@pytest.mark.slow
def test_a_reader_that_has_enough_ends_the_command_without_a_word(
    environ: dict[str, str],
) -> None:
    numbers = "with recursive n(i) as (select 1 union all select i + 1 from n) "
    for form in ("csv", "table", "json"):
        result = call(
            environ,
            f'dragoman sql --format {form} "{numbers} select i from n" | head -1',
        )
        assert result.stdout.count("\n") == 1
        assert "Traceback" not in result.stderr
        assert "Broken" not in result.stderr


@pytest.mark.slow
def test_answers_go_to_standard_output_and_nothing_else_does(
    environ: dict[str, str],
) -> None:
    result = call(environ, "dragoman sql 'select 1 as n'; dragoman sql 'select'")
    assert result.stdout.split() == ["n", "─", "1"]
    assert "1 row" in result.stderr
    assert result.returncode == 1


def test_words_of_sources_cannot_steer_the_terminal(type_: Type) -> None:
    assert for_terminal("a\x1b[31mb\x07\x9bc\n\t") == "a\\x1b[31mb\\x07\\x9bc\n\t"
    for query in ("select char(27) || '[2J' as x", 'select 1 as "\x1b[2J"'):
        result = type_("sql", query)
        assert result.exit_code == 0
        assert "\x1b" not in result.stdout
        assert "\\x1b[2J" in result.stdout


def test_markup_in_values_is_shown_as_it_is(capsys: pytest.CaptureFixture[str]) -> None:
    say_table(["[b]x[/b]"], [["[red]y[/red]"], [":smile:"], [None], [True]])
    shown = capsys.readouterr().out
    for words in ("[b]x[/b]", "[red]y[/red]", ":smile:", "true"):
        assert words in shown


def test_a_table_that_would_be_too_narrow_becomes_lists(
    capsys: pytest.CaptureFixture[str],
) -> None:
    columns = [f"column{number}" for number in range(20)]
    say_table(columns, [[f"value{number}" for number in range(20)]])
    lines = capsys.readouterr().out.splitlines()
    assert lines[7].split() == ["column7", "value7"]


def on_a_terminal(
    monkeypatch: pytest.MonkeyPatch, lines: int, printed: int
) -> tuple[str, list[str]]:
    """What reaches a terminal of so many lines, and what reaches the pager."""
    terminal, through = _Terminal(), list[str]()
    monkeypatch.setattr("sys.stdout", terminal)
    monkeypatch.setattr("sys.stdin", _Terminal())
    monkeypatch.setenv("LINES", str(lines))
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setattr(
        "click.echo_via_pager", lambda text, color: through.append(text)
    )
    with paged():
        for number in range(printed):
            click.echo(f"line {number}")
    return terminal.getvalue(), through


def test_what_is_longer_than_the_window_goes_through_the_pager(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for printed in (0, 1, 9):
        shown, through = on_a_terminal(monkeypatch, 10, printed)
        assert shown.count("\n") == printed and through == []
    shown, through = on_a_terminal(monkeypatch, 10, 10)
    assert shown == "" and through[0].count("\n") == 10


def test_a_pipe_never_meets_a_pager(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("click.echo_via_pager", lambda *_, **__: pytest.fail("paged"))
    with paged():
        click.echo("line\n" * 500, nl=False)
    assert capsys.readouterr().out.count("\n") == 500


def test_our_commands_are_named_as_they_can_be_typed(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    sentence = "The index is damaged: run “dragoman reindex”."
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr("sys.executable", str(tmp_path / ".venv" / "bin" / "python"))
    monkeypatch.chdir(tmp_path)
    assert "run “.venv/bin/dragoman reindex”." in as_typed(sentence)
    assert as_typed("`dragoman check` said so.").startswith("`.venv/bin/dragoman check")
    assert as_typed("I am “dragomanic”.") == "I am “dragomanic”."
    (tmp_path / "dragoman").touch(0o755)
    assert as_typed(sentence) == sentence
