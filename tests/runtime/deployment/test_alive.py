"""What a container's health check asks."""

import socket
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from runtime.deployment.alive import is_alive


class Answers(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(self.server.status if self.path == "/health" else 404)
        self.end_headers()

    def log_message(self, *_):
        pass


@pytest.mark.parametrize(("status", "alive"), [(200, True), (503, False), (404, False)])
def test_it_is_alive_when_it_says_so(status, alive):
    with HTTPServer(("127.0.0.1", 0), Answers) as server:
        server.status = status
        thread = threading.Thread(target=server.handle_request)
        thread.start()
        assert is_alive(server.server_port) is alive
        thread.join()


def test_nobody_there_is_not_alive():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        assert not is_alive(taken.getsockname()[1])
