"""Serves rendered pages, with the site's own styles and scripts, to a browser that keeps what it has fetched."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

from django.test import Client

DRAWING = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 3 4"><rect width="3" height="4" fill="#888"/></svg>'
Answers = Mapping[str, tuple[str, bytes]]  # by path: the content type and the body


@contextmanager
def serving(answers: Answers) -> Iterator[str]:
    """Promise: the address of a server that has these answers and the static files; every other address has a grey picture.

    It asks no database: what the pages were rendered from is in a transaction that its threads cannot see.
    """

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            kind, body = _answer(self.path, answers)
            self.send_response(200)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.send_header("Cache-Control", "public, max-age=3600")
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            """Says nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


def _answer(path: str, answers: Answers) -> tuple[str, bytes]:
    if path in answers:
        return answers[path]
    if path.startswith("/static/"):
        found = Client().get(path)
        return found.headers["Content-Type"], b"".join(found.streaming_content)  # type: ignore[attr-defined]
    return "image/svg+xml", DRAWING
