"""Whether the program beside this one answers, which a container runs to know; exit code 1 if it does not."""

import http.client
import os
import sys

SECONDS = 4.0


def is_alive(port: int) -> bool:
    """Asks /health on this machine, which says nothing of what the program depends on."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=SECONDS)
    try:
        connection.request("GET", "/health")
        return connection.getresponse().status == http.HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


if __name__ == "__main__":
    sys.exit(not is_alive(int(os.environ.get("HONGYAN_PORT", "7860"))))
