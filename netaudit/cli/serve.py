"""netaudit serve: the page over the store."""

import argparse
import getpass
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from netaudit.cli.run_reference import add_store_option
from netaudit.cli.terminal import out, say
from netaudit.errors import NetauditError

if TYPE_CHECKING:
    from netaudit.store.store import Store
    from netaudit.web.settings import Settings

_EPILOG = """\
  netaudit serve                                   for yourself: prints the address to open, with a key in it
  netaudit serve --scopes /etc/netaudit            scans may be started of the scope files in that folder
  netaudit serve --add-account anna --role facilities        asks for the password; then, for others on the network:
  netaudit serve --host 10.0.0.5 --name audit.example --accounts --certificate cert.pem --private-key key.pem
  netaudit serve --oidc oidc.toml ...              people sign in by your OpenID Connect service

Listens on this machine only unless --host says otherwise; anything else needs TLS and accounts. Roles: viewer (sees all
but the audit trail), auditor (sees that too), facilities (says where units hang, plans, signs off), administrator.
"""


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the options of this verb."""
    parser.epilog = _EPILOG
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: %(default)s)")
    parser.add_argument("--port", type=int, default=8470, help="default: %(default)s")
    parser.add_argument("--name", action="append", default=[], metavar="HOST", help="a host name of the page")
    parser.add_argument("--accounts", action="store_true", help="people log in by name and password")
    parser.add_argument("--certificate", type=Path, metavar="PEM", help="TLS certificate, with its chain")
    parser.add_argument("--private-key", type=Path, metavar="PEM", help="its key")
    parser.add_argument(
        "--oidc", type=Path, metavar="FILE", help="people sign in by the OpenID Connect service named there"
    )
    parser.add_argument("--scopes", type=Path, metavar="FOLDER", help="scope files of which a scan may be started")
    parser.add_argument("--runs", type=Path, default=Path("netaudit-runs"), help="where such scans write")
    parser.add_argument(
        "--notices", type=Path, default=Path("notices.toml"), metavar="FILE",
        help="where notices that failed are sent again from (default: %(default)s)",
    )  # fmt: skip
    parser.add_argument("--add-account", metavar="NAME", help="make an account and end")
    parser.add_argument("--role", default="viewer", help="of the new account (default: %(default)s)")
    add_store_option(parser)
    parser.set_defaults(command=run)


def run(options: argparse.Namespace) -> int:
    """Serve until Ctrl-C, or make an account."""
    from netaudit.store.store import Store
    from netaudit.web.oidc_settings import read_oidc
    from netaudit.web.settings import Settings, checked

    with Store(options.store) as store:
        if options.add_account:
            return _add_account(store, options)
        oidc = read_oidc(options.oidc) if options.oidc else None
        settings = checked(
            Settings(
                options.host, options.port, options.certificate, options.private_key, options.accounts or bool(oidc),
                options.scopes, options.runs, tuple(options.name), oidc, options.notices,
            )
        )  # fmt: skip
        return _serve(store, settings)


def _serve(store: "Store", settings: "Settings") -> int:
    import uvicorn

    from netaudit.web.app import create_app

    app = create_app(store, settings)
    scheme = "https" if settings.secure else "http"
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    address = f"{scheme}://{host}:{settings.port}/"
    say(f"The page over {store.place.shown}. Ctrl-C ends it. Open:")
    out(address if settings.accounts else f"{address}login?key={app.state.key}")
    sys.stdout.flush()
    config = uvicorn.Config(
        app, host=settings.host, port=settings.port, log_level="warning", access_log=False, server_header=False,
        ssl_certfile=settings.certificate, ssl_keyfile=settings.private_key, timeout_keep_alive=15,
        timeout_graceful_shutdown=3, h11_max_incomplete_event_size=65536,
    )  # fmt: skip
    try:
        uvicorn.Server(config).run()
    except OSError as error:
        raise NetauditError(f"{address} cannot be used: {error.strerror}; try another --port") from error
    except KeyboardInterrupt:
        say("Ended.")
    finally:
        app.state.jobs.stop_all()
    return 0


def _add_account(store: "Store", options: argparse.Namespace) -> int:
    from netaudit.clock import now, rfc3339
    from netaudit.store.people import Author
    from netaudit.web.sessions import add_account

    password = getpass.getpass("Password: ") if sys.stdin.isatty() else sys.stdin.readline().rstrip("\n")
    with store.writing() as session:
        add_account(session, options.add_account, options.role, password, Author(getpass.getuser(), rfc3339(now())))
    say(f"{options.add_account} may log in as {options.role}.")
    return 0
