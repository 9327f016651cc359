"""Debian's Prometheus: one of the test's own, which scrapes what the test counts."""

import contextlib
import json
import shutil
import subprocess
import time
import urllib.error
import urllib.parse
import urllib.request

from mosquitto import free_port

CONFIG = """
global: {scrape_interval: 100ms, scrape_timeout: 100ms, evaluation_interval: 1s}
rule_files: [%s]
scrape_configs:
  - job_name: hongyan
    static_configs: [{targets: ["127.0.0.1:%s"]}]
"""


class Prometheus:
    def __init__(self, folder, target, rules):
        """`target`: the port that has /metrics; `rules`: a file."""
        self._folder, self._port = folder, free_port()
        (folder / "prometheus.yml").write_text(CONFIG % (rules, target), encoding="utf-8")
        self._child = None

    def __enter__(self):
        self._child = subprocess.Popen(
            [
                shutil.which("prometheus"),
                f"--config.file={self._folder}/prometheus.yml",
                f"--storage.tsdb.path={self._folder}/held",
                f"--web.listen-address=127.0.0.1:{self._port}",
                "--log.level=error",
            ]
        )
        return self

    def __exit__(self, *error):
        self._child.kill()
        self._child.wait()

    def asked(self, path, **given):
        """The `data` of its answer; an error is the test's."""
        url = f"http://127.0.0.1:{self._port}/api/v1/{path}?{urllib.parse.urlencode(given)}"
        try:
            with urllib.request.urlopen(url, timeout=20) as response:
                return json.load(response)["data"]
        except urllib.error.HTTPError as e:
            if e.code == 503:
                raise ConnectionError("it is about to be ready") from None
            raise AssertionError(e.read().decode()) from None

    def value(self, query):
        """What there is now, by labels."""
        return self.asked("query", query=query)["result"]

    def until(self, query):
        """Wait until there is something."""
        end = time.monotonic() + 40
        while time.monotonic() < end:
            assert self._child.poll() is None, "it does not start"
            with contextlib.suppress(OSError):
                if found := self.value(query):
                    return found
            time.sleep(0.05)
        raise AssertionError(f"never: {query}")
