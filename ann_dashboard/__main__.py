"""The command line, ``ann-dashboard`` or ``python -m ann_dashboard``: its options, and how it serves.

The other commands, which train, export and open the notebooks, are in ``cli``.
"""

import argparse
import os
import re
import sys
from typing import Any

from ann_dashboard import __version__, checks
from ann_dashboard.cli import (
    DONE,
    STOPPED,
    WRONG_INPUT,
    add_state_arguments,
    export_command,
    lab_command,
    train_command,
)

SERVING = {"port", "ip", "most_visitors", "base_url", "allowed_host", "frame_ancestors", "no_browser"}
"""The options of serving, which stand before a command."""
LABEL = r"[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?"
HOST_NAME = rf"{LABEL}(\.{LABEL})*"


def port(text: str) -> int:
    """A port number from the command line. Raises ArgumentTypeError with the cure."""
    if not (text.isdecimal() and len(text) <= 5 and int(text) <= 65535):
        raise argparse.ArgumentTypeError(
            f"{checks.told(text)} is not a port: give a whole number from 1024 to 65535, or 0 for a free one"
        )
    return int(text)


def number_of_visitors(text: str) -> int:
    """A number of visitors from the command line. Raises ArgumentTypeError with the cure."""
    if not (text.isdecimal() and len(text) <= 9 and int(text) >= 1):
        raise argparse.ArgumentTypeError(
            f"{checks.told(text)} is not a number of visitors: give a whole number from 1 up"
        )
    return int(text)


def base_url(text: str) -> str:
    """The path of the page, with a slash at both ends. Raises ArgumentTypeError with the cure."""
    if not re.fullmatch(r"[\w./~-]*", text, flags=re.ASCII) or ".." in text or "//" in text:
        raise argparse.ArgumentTypeError(
            f"{checks.told(text)} is not the path of a page: give one such as /lectures/network/"
        )
    return f"/{text.strip('/')}/".replace("//", "/")


def host_name(text: str) -> str:
    """A name of this server in lower case. Raises ArgumentTypeError with the cure."""
    if not re.fullmatch(rf"{HOST_NAME}\.?", text, flags=re.ASCII | re.IGNORECASE):
        raise argparse.ArgumentTypeError(
            f"{text!r} is not the name of a server: "
            "give one such as dashboard.example.edu, without http:// and port"
        )
    return text.lower().removesuffix(".")


def origin(text: str) -> str:
    """The origin of a web site in lower case: scheme, name, and the port if it is not the scheme's own.

    Browsers name no port where it is the scheme's. Raises ArgumentTypeError with the cure.
    """
    found = re.fullmatch(
        rf"(?P<site>(?P<scheme>https?)://(\*\.)?{HOST_NAME})(:(?P<port>\d{{1,5}}))?/?",
        text,
        flags=re.ASCII | re.IGNORECASE,
    )
    if found is None or not 0 < int(found["port"] or 1) < 2**16:
        raise argparse.ArgumentTypeError(
            f"{text!r} is not the origin of a web site: give one such as https://moodle.example.edu"
        )
    own = {"http": 80, "https": 443}[found["scheme"].lower()]
    port = int(found["port"] or own)
    return found["site"].lower() + ("" if port == own else f":{port}")


def arguments() -> argparse.ArgumentParser:
    """The parser of the command line."""
    parser = argparse.ArgumentParser(
        prog="ann-dashboard",
        description="Open the neural network dashboard in the browser. "
        "It is served from this computer; Ctrl+C stops it.",
    )
    parser.add_argument("--version", action="version", version=f"ann-dashboard {__version__}")
    parser.add_argument(
        "--port", type=port, default=0, help="port to serve on; 0, the default, takes a free one"
    )
    parser.add_argument(
        "--ip",
        default="127.0.0.1",
        help="address to serve on: 127.0.0.1, the default, for this computer only; 0.0.0.0 for the network",
    )
    parser.add_argument(
        "--most-visitors",
        type=number_of_visitors,
        help="how many people may use it at once; others are told to wait; "
        "the default is as many as fit into the memory",
    )
    parser.add_argument(
        "--base-url",
        type=base_url,
        default="/",
        help="path of the page behind a proxy, such as /lectures/network/; / is the default",
    )
    parser.add_argument(
        "--allowed-host",
        type=host_name,
        action="append",
        default=[],
        metavar="NAME",
        help="another name of this server, besides this computer's own and its addresses, "
        "such as that of a proxy or a DNS entry; may be repeated",
    )
    parser.add_argument(
        "--frame-ancestors",
        type=origin,
        action="append",
        default=[],
        metavar="ORIGIN",
        help="a web site whose pages may embed this one, such as https://moodle.example.edu; may be repeated",
    )
    parser.add_argument("--no-browser", action="store_true", help="only print the address")
    commands = parser.add_subparsers(title="other commands", dest="command", metavar="COMMAND")
    lab = commands.add_parser(
        "lab",
        help="open the notebooks in JupyterLab",
        description="Open a copy of the notebooks in JupyterLab.",
    )
    lab.add_argument(
        "--folder",
        default="ann_dashboard_notebooks",
        help="folder for the copy; files that are there already stay as they are",
    )
    lab.add_argument(
        "--port",
        type=port,
        default=argparse.SUPPRESS,
        help="port of JupyterLab; 0, the default, takes a free one",
    )
    lab.add_argument(
        "--no-browser", action="store_true", default=argparse.SUPPRESS, help="only print the address"
    )
    lab.add_argument("options", nargs="*", metavar="OPTION", help="further options for JupyterLab, after --")
    trained = commands.add_parser(
        "train",
        help="train without a browser",
        description="Train, print a summary, and write the history.",
    )
    add_state_arguments(trained)
    trained.add_argument("--csv", metavar="FILE", help="write every recorded pass, in full precision, as CSV")
    trained.add_argument("--parquet", metavar="FILE", help="the same as Parquet; needs pyarrow")
    add_force(trained)
    add_export(commands)
    return parser


def add_export(commands: Any) -> None:
    """Add the command that exports files, with its options."""
    made = commands.add_parser(
        "export",
        help="write a page that needs no server, pictures, films or tables",
        description="Train, and write files: a page that needs no server, pictures, films, tables.",
    )
    add_state_arguments(made)
    made.add_argument(
        "--etas",
        type=float,
        nargs="+",
        metavar="ETA",
        help="several learning rates: one page with a choice of trainings",
    )
    made.add_argument(
        "--seeds",
        type=int,
        nargs="+",
        metavar="SEED",
        help="several seeds; with --etas every pair of the two",
    )
    made.add_argument(
        "--epoch",
        type=int,
        metavar="N",
        help="epoch of the picture, and at which the page opens; the default is that of the link, else 0",
    )
    made.add_argument(
        "--html", metavar="FILE", help="a page that needs no server: opens from a disk, works offline"
    )
    for kind in ("png", "svg", "pdf"):
        made.add_argument(
            f"--{kind}",
            metavar="FILE",
            help=f"the network at an epoch, its curves and the other pictures, as {kind.upper()}",
        )
    made.add_argument("--gif", metavar="FILE", help="the training as an animated GIF")
    made.add_argument("--mp4", metavar="FILE", help="the training as MP4; needs ffmpeg")
    made.add_argument("--csv", metavar="FILE", help="every recorded pass, in full precision, as CSV")
    made.add_argument("--parquet", metavar="FILE", help="the same as Parquet; needs pyarrow")
    add_force(made)


def add_force(parser: argparse.ArgumentParser) -> None:
    """Add the option without which no file is overwritten."""
    parser.add_argument(
        "--force",
        action="store_true",
        help="overwrite existing files; without it they stay as they are, and nothing is done",
    )


def refuse_unheard(parser: argparse.ArgumentParser, options: argparse.Namespace) -> None:
    """Exit with the cure for an option of serving that stands before a command that has no use for it."""
    known = {None: SERVING, "lab": {"port", "no_browser"}}.get(options.command, set())
    for name in sorted(SERVING - known):
        if getattr(options, name) != parser.get_default(name):
            parser.error(f"--{name.replace('_', '-')} is of no use to {options.command}: leave it out")


def main(argv: list[str] | None = None) -> int:
    """Carry out a command; without one, serve the dashboard until Ctrl+C. Returns an exit code of ``cli``."""
    parser = arguments()
    options = parser.parse_args(argv)
    refuse_unheard(parser, options)
    try:
        match options.command:
            case "train":
                return train_command(options)
            case "export":
                return export_command(options)
            case "lab":
                return lab_command(options)
        return serve_command(options)
    except KeyboardInterrupt:
        return DONE if options.command is None else STOPPED


def serve_command(options: argparse.Namespace) -> int:
    """Serve the dashboard until it is stopped. Returns the exit code.

    It is WRONG_INPUT if the address cannot be used or no file can be written.
    """
    from ann_dashboard import serving  # loads Voila: not for --help

    try:
        sockets = serving.listen(options.ip, options.port)
    except OSError as error:
        cure = "Leave out --port to take a free one, and --ip to serve this computer only."
        print(
            f"ann-dashboard cannot serve on {options.ip} port {options.port}: {error.strerror}. {cure}",
            file=sys.stderr,
        )
        return WRONG_INPUT
    most_visitors = options.most_visitors or serving.places()
    try:
        serving.serve(
            sockets,
            most_visitors=most_visitors,
            base_url=options.base_url,
            open_browser=not options.no_browser,
            allowed_hosts=[*options.allowed_host, options.ip.lower()],
            frame_ancestors=options.frame_ancestors,
        )
    except OSError as error:
        print(
            f"ann-dashboard cannot start: {error.strerror}. "
            "It needs a folder for temporary files with some free space.",
            file=sys.stderr,
        )
        return WRONG_INPUT
    return DONE


if __name__ == "__main__":
    # python -m puts the current folder first: a voila.py that lies there would be taken for Voila.
    if sys.path[0] == os.getcwd():
        del sys.path[0]
    sys.exit(main())
