"""moto's server of S3 in a process of its own, with a bucket and a key that may use it."""

import json
import os
import subprocess
import sys
from contextlib import contextmanager
from re import search

BUCKET = "files"
ANYBODY = "INITIAL_NO_AUTH_ACTION_COUNT"
"""How moto is told that it is to ask for keys, after so many requests."""


@contextmanager
def running():
    """What the environment of an instance says then."""
    with subprocess.Popen(
        [sys.executable, __file__],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={**os.environ, ANYBODY: "1000000"},
    ) as process:
        try:
            yield json.loads(process.stdout.readline())
        finally:
            process.kill()


def _serve():
    import requests
    from moto.server import ThreadedMotoServer
    from requests_aws4auth import AWS4Auth

    server = ThreadedMotoServer(port=0, verbose=False)
    server.start()
    base = f"http://127.0.0.1:{server.get_host_and_port()[1]}"

    def post(path="", auth=None, **sent):
        answer = requests.post(base + path, auth=auth, timeout=20, **sent)
        answer.raise_for_status()
        return answer.text

    def iam(**form):
        return post(data=form, auth=AWS4Auth("any", "any", "us-east-1", "iam"))

    requests.put(f"{base}/{BUCKET}", timeout=20).raise_for_status()
    iam(Action="CreateUser", UserName="hongyan")
    policy = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"*"}]}'
    iam(Action="PutUserPolicy", UserName="hongyan", PolicyName="s3", PolicyDocument=policy)
    keys = iam(Action="CreateAccessKey", UserName="hongyan")
    post("/moto-api/reset-auth", data=b"0")  # from now on
    environ = {
        "HONGYAN_S3_URL": f"{base}/{BUCKET}",
        "HONGYAN_S3_KEY": search("<AccessKeyId>(.*?)<", keys)[1],
        "HONGYAN_S3_SECRET": search("<SecretAccessKey>(.*?)<", keys)[1],
    }
    sys.stdout.write(f"{json.dumps(environ)}\n")
    sys.stdout.flush()
    sys.stdin.read()  # until whoever asked is gone


if __name__ == "__main__":
    _serve()
