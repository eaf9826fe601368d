"""The command `demandsim`. Commands are imported only when they are used, so that help is instant."""

from __future__ import annotations

import errno
import sys
from importlib import import_module
from typing import Any

import click

from demandsim import __version__
from demandsim.cli import streams
from demandsim.first_start import listen
from demandsim.problems import UserError

#: Each command's module and the first line of its help. A test holds these lines against the commands' own.
COMMANDS = {
    "run": ("demandsim.cli.run", "Simulate a scenario and write tables and pictures."),
    "compare": ("demandsim.cli.compare", "Set what-ifs beside a reference: differences, money, payback."),
    "sweep": ("demandsim.cli.sweep", "Try many values of one or two parameters, and draw what changes."),
    "solve": (
        "demandsim.cli.solve",
        "Say what it would take: the value of a parameter at which a measure meets a target.",
    ),
    "page": (
        "demandsim.cli.page",
        "Make a page that answers while one drags: one HTML file with levers, pictures and what-ifs.",
    ),
    "discover": (
        "demandsim.cli.discover",
        "Say when a what-if pays back, or does less harm: scenario discovery.",
    ),
    "calibrate": (
        "demandsim.cli.calibrate",
        "Fit uncertain parameters to published statistics, and say how well they are identified.",
    ),
    "validate": (
        "demandsim.cli.validate",
        "Validate a scenario against published statistics: fitted, held out, later.",
    ),
    "localise": (
        "demandsim.cli.localise",
        "Make a scenario of your own authority from its returns and from published tables.",
    ),
    "export": ("demandsim.cli.export", "Write a simulated authority as the returns it would have made."),
    "show": ("demandsim.cli.show", "Print finished results again, or list those that are there."),
    "report": ("demandsim.cli.report", "Write a report on finished results: one page to send or print."),
    "reproduce": (
        "demandsim.cli.reproduce",
        "Make a finished run again and say whether every byte is the same.",
    ),
    "check": ("demandsim.cli.check", "Check scenario files and say everything that is wrong."),
    "explain": ("demandsim.cli.explain", "Say where a scenario's values come from."),
    "new": ("demandsim.cli.new", "Write a commented scenario file to start from."),
    "list": ("demandsim.cli.listing", "List the scenarios that ship with demandsim."),
}


def _compiling(done: int, wanted: int) -> None:
    from demandsim.cli.output import compiling

    compiling(done, wanted)


#: Commands that are no more, and what takes their place.
RETIRED = {"estimate": "demandsim run simulates in its place, exactly where the estimate was off."}


class _Commands(click.Group):
    """A group that knows its commands by name and imports one when it is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name in RETIRED:
            ctx.fail(f"{cmd_name} went with version 0.2.0: {RETIRED[cmd_name]}")
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = import_module(COMMANDS[cmd_name][0]).command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, line) for name, (_, line) in COMMANDS.items()])

    def invoke(self, ctx: click.Context) -> Any:
        listen(_compiling)
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt:
            ctx.exit(130)
        except UserError as error:
            _tell(error)
            ctx.exit(1)

    def main(self, *args: Any, **kwargs: Any) -> Any:
        streams.prepare()
        try:
            streams.check_letters(sys.argv[1:])
            return super().main(*args, **kwargs)
        except UserError as error:
            _tell(error)
            sys.exit(1)
        except OSError as error:
            # Help and usage are printed by Click itself.
            if error.errno not in (errno.ENOSPC, errno.EFBIG, errno.EDQUOT, errno.EIO) or error.filename:
                raise
            streams.silence(1)
            _tell(UserError(streams.unwritten(error)))
            sys.exit(1)


def _tell(error: UserError) -> None:
    count = len(error.problems)
    streams.aside(f"Error: {count:,} problem{'s' if count > 1 else ''}")
    for line in error.told():
        streams.aside(f"  {line}")


@click.group(
    cls=_Commands,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Begin with: demandsim run baseline",
)
@click.version_option(__version__, prog_name="demandsim")
def main() -> None:
    """Simulate demand for children's social care: from contact and referral through early help, assessment, child
    protection and care to leaving care, under staffing, placements and money, calibrated to England in 2013-14.
    """
