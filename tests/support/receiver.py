"""A small HTTP server on 127.0.0.1 that keeps what it was sent, for tests of what we send to others."""

import ssl
import threading
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class Received:
    path: str
    headers: dict
    body: bytes


class Receiver:
    """``answers``: the statuses it gives, the last one again and again. ``content``: the body of each answer.

    ``behave``: called with the handler instead of answering, for servers that misbehave.
    """

    def __init__(self, context: ssl.SSLContext | None = None):
        self.requests: list[Received] = []
        self.answers, self.content, self.headers, self.behave = [200], b"", {}, None
        self.released = threading.Event()
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                receiver.requests.append(Received(self.path, dict(self.headers), body))
                if receiver.behave:
                    receiver.behave(self)
                else:
                    receiver.answer(self)

            do_GET = do_POST

            def log_message(self, *arguments):
                pass

        self.httpd = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.httpd.handle_error = lambda *_: None  # a client that goes away is what some tests want
        self.httpd.daemon_threads = True
        if context:
            self.httpd.socket = context.wrap_socket(self.httpd.socket, server_side=True)
        self.port = self.httpd.server_address[1]
        self.url = f"{'https' if context else 'http'}://127.0.0.1:{self.port}/hook?from=us"
        self.thread = threading.Thread(target=self.httpd.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        self.thread.start()

    def answer(self, handler):
        status = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        handler.send_response(status)
        for name, value in self.headers.items():
            handler.send_header(name, value)
        handler.send_header("Content-Length", str(len(self.content)))
        handler.end_headers()
        handler.wfile.write(self.content)

    def close(self):
        self.released.set()
        if self.thread.is_alive():
            self.httpd.shutdown()
            self.thread.join()
            self.httpd.server_close()
