"""The server of the local page: the standard library's, on this machine alone.

A browser on this machine that shows this page may ask. Other sites that it shows may not, by three checks:

- ``Host`` has to be an address of this server. A site that lets its own name point to this machine (DNS rebinding)
  sends its own name.
- A question has the content type ``application/json``, which a page of another origin may send only if the server
  agrees beforehand. It never does.
- ``Origin``, where the browser sends one, has to be this server's.

What comes in is limited in size, and sent back as JSON that the page shows as text. Its policy lets no other script
run, loads nothing from elsewhere and sends nothing elsewhere.
"""

import json
import re
import sys
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final

from cleaner.errors import CleanerError
from cleaner.serve.answers import Answers
from cleaner.text.data_files import read_data

#: The address that the server listens on. It cannot be changed: nothing protects the page from other machines.
HOST: Final = "127.0.0.1"
#: The names that a browser on this machine may call the server by.
HOST_NAMES: Final = (HOST, "localhost")
#: Seconds that a browser may take to send a question.
TIMEOUT: Final = 60
#: Bytes of a question beside its source: the pack, the labels of a page.
MARGIN: Final = 4_000_000
#: JSON and Base64 need more bytes than the source has.
GROWTH: Final = 2

#: Bytes of a question that is too large which are read and thrown away.
SKIPPED: Final = 500_000_000

QUESTIONS: Final = "/api/"
#: What can be fetched: its package, file and type.
_FILES: Final = {
    "/": ("cleaner.serve", "assets/index.html", "text/html"),
    "/serve.css": ("cleaner.serve", "assets/serve.css", "text/css"),
    "/serve.js": ("cleaner.serve", "assets/serve.js", "text/javascript"),
    "/browser.js": ("cleaner.serve", "assets/browser.js", "text/javascript"),
    "/view.js": ("cleaner.serve", "assets/view.js", "text/javascript"),
    "/theme.css": ("cleaner.export", "assets/theme.css", "text/css"),
    "/labels.css": ("cleaner.export", "assets/labels.css", "text/css"),
    "/report.css": ("cleaner.export", "assets/report.css", "text/css"),
}
_HEADERS: Final = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
        "require-trusted-types-for 'script'; trusted-types 'none'"
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


class LocalServer(ThreadingHTTPServer):
    """Serves the page and its answers on a port of this machine; 0 takes a free one.

    Raises ``OSError`` where the port cannot be had.
    """

    daemon_threads = True

    def __init__(self, answers: Answers, port: int, *, max_size: int) -> None:
        self.answers = answers
        self.max_body = GROWTH * max_size + MARGIN
        super().__init__((HOST, port), _Handler)
        own = self.server_address[1]
        self.hosts = frozenset({f"{name}:{own}" for name in HOST_NAMES} | (set(HOST_NAMES) if own == 80 else set()))

    @property
    def address(self) -> str:
        """The address of the page."""
        return f"http://{HOST}:{self.server_address[1]}/"

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Print the error of a request, unless the browser has gone: a page that is closed or reloaded is no error."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


class _Refused(Exception):
    """A request that is not answered."""

    def __init__(self, status: HTTPStatus, message: str) -> None:
        super().__init__(message)
        self.status = status


class _Handler(BaseHTTPRequestHandler):
    server: LocalServer
    protocol_version = "HTTP/1.1"
    timeout = TIMEOUT

    def do_GET(self) -> None:
        try:
            self._check_host()
            package, name, kind = self._file()
        except _Refused as refused:
            self._refuse(refused)
        else:
            self._send(HTTPStatus.OK, read_data(package, name), kind)

    def do_POST(self) -> None:
        try:
            self._check_host()
            self._check_sender()
            answer = self.server.answers.answer(self._name(), self._question())
        except _Refused as refused:
            self._refuse(refused)
        except (ValueError, TypeError) as error:  # a CleanerError, or an option that Cleaner refuses
            self._send_json(HTTPStatus.BAD_REQUEST, {"error": str(error)})
        except Exception as error:
            self._send_json(HTTPStatus.INTERNAL_SERVER_ERROR, {"error": f"{type(error).__name__}: {error}"})
            raise
        else:
            self._send_json(HTTPStatus.OK, answer)

    # -- checks

    def _check_host(self) -> None:
        if self.headers.get_all("Host", []) not in [[host] for host in self.server.hosts]:
            raise _Refused(HTTPStatus.MISDIRECTED_REQUEST, f"open {self.server.address}")

    def _check_sender(self) -> None:
        origin = self.headers.get("Origin")
        if origin is not None and origin not in {f"http://{host}" for host in self.server.hosts}:
            raise _Refused(HTTPStatus.FORBIDDEN, "this page answers itself alone")
        if self.headers.get("Content-Type") != "application/json":
            raise _Refused(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "a question has the content type application/json")

    def _file(self) -> tuple[str, str, str]:
        if self.path not in _FILES:
            raise _Refused(HTTPStatus.NOT_FOUND, "there is no such page")
        return _FILES[self.path]

    def _name(self) -> str:
        """The name of the question."""
        name = self.path.removeprefix(QUESTIONS)
        if not self.path.startswith(QUESTIONS) or name not in self.server.answers.names:
            raise _Refused(HTTPStatus.NOT_FOUND, "there is no such question")
        return name

    def _question(self) -> dict[str, Any]:
        length = self.headers.get("Content-Length", "")
        if not re.fullmatch("[0-9]{1,15}", length) or "Transfer-Encoding" in self.headers:
            raise _Refused(HTTPStatus.LENGTH_REQUIRED, "a question says how long it is")
        if int(length) > self.server.max_body:
            self._skip(int(length))
            raise _Refused(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "the source is too large; --max-size moves the limit")
        body = self.rfile.read(int(length))
        try:
            question = json.loads(body)
        except (ValueError, RecursionError) as error:
            raise CleanerError(f"the question is not JSON: {error}") from error
        if not isinstance(question, dict):
            raise CleanerError("the question is no object")
        return question

    def _skip(self, length: int) -> None:
        """Reads what is too large, within reason: browsers look for an answer only when they have sent all of it."""
        left = min(length, SKIPPED)
        while left > 0 and (chunk := self.rfile.read(min(left, 65_536))):
            left -= len(chunk)

    # -- answers

    def _refuse(self, refused: _Refused) -> None:
        """Says no, and closes the connection: what follows on it was not read."""
        self.close_connection = True
        self._send_json(refused.status, {"error": str(refused)})

    def _send_json(self, status: HTTPStatus, answer: dict[str, Any]) -> None:
        # With ASCII alone, a lone surrogate costs nothing.
        self._send(status, json.dumps(answer).encode(), "application/json")

    def _send(self, status: HTTPStatus, body: bytes, kind: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", f"{kind}; charset=utf-8" if kind.startswith("text/") else kind)
        self.send_header("Content-Length", str(len(body)))
        if self.close_connection:
            self.send_header("Connection", "close")
        for name, value in _HEADERS.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:  # noqa: ARG002
        """The standard library's own errors, as for another method, in the form of all others."""
        self.close_connection = True
        self._send_json(HTTPStatus(code), {"error": message or HTTPStatus(code).phrase})

    def version_string(self) -> str:
        """What the ``Server`` header says."""
        return "cleaner"

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        """Nothing: the terminal shows the address of the page."""
