"""No template takes much memory before it is refused: each that is known, in a program that has little."""

import json
import subprocess
import sys
from pathlib import Path

from test_sandbox import REFUSED, VALUES

ROOT = Path(__file__).parents[3]
MOST = 24_000_000
"""Bytes that one may take: a template of a megabyte is read in less."""
CHILD = """
import json, resource, sys
from runtime.errors import BadTemplate
from runtime.templating import sandbox

values, cases = json.load(sys.stdin)
most = int(sys.argv[1])

def ends(work, *given):
    "With what: the sandbox says of too little memory, too, that the template is too much."
    try:
        work(*given)
    except Exception as e:
        chain = [e]
        while (last := chain[-1].__cause__ or chain[-1].__context__) is not None:
            chain.append(last)
        return "MemoryError" if any(isinstance(one, MemoryError) for one in chain) else type(e).__name__
    return "nothing"

ends(sandbox.render, "{% for i in range(3) %}{{ x|upper }}{% endfor %}", values)
has = int(open("/proc/self/statm").read().split()[0]) * resource.getpagesize()
resource.setrlimit(resource.RLIMIT_AS, (has + most, has + most))
told = {id: ends(sandbox.render, source, values) for id, source in cases}
told["the control"] = ends(bytearray, 2 * most)
print(json.dumps(told))
"""


def test_none_takes_memory_before_it_is_refused():
    given = json.dumps([VALUES, [(case.id, case.source) for case in REFUSED]])
    command = [sys.executable, "-c", CHILD, str(MOST)]
    child = subprocess.run(command, input=given, capture_output=True, text=True, cwd=ROOT, check=False)
    assert child.returncode == 0, child.stderr[-2000:]
    told = json.loads(child.stdout)
    assert told.pop("the control") == "MemoryError"
    assert told == dict.fromkeys((case.id for case in REFUSED), "BadTemplate")
