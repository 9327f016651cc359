"""A block's card says what is written in it in plain words: Markdown is for whoever gets the answer."""

import json
import subprocess
from pathlib import Path

from builder.serving import bundle

ROOT = Path(bundle.__file__).parents[2]
DENO = ROOT / ".venv" / "bin" / "deno"
ASK = """
import {{ unmarked }} from "{root}/builder/flow_editor/scope.js";
console.log(JSON.stringify(JSON.parse(await new Response(Deno.stdin.readable).text()).map(unmarked)));
"""
WRITTEN = {
    "**": "",
    "**：": "：",
    "**Open** 9–18": "Open 9–18",
    "# Prices\n## Tea": "Prices\nTea",
    "room #3": "room #3",
    "say `yes`": "say yes",
    "2 * 3 * 4": "2 * 3 * 4",
    "a_b__c": "a_b__c",
}


def test_cards_show_no_signs_of_markdown(tmp_path):
    script = tmp_path / "ask.js"
    script.write_text(ASK.format(root=ROOT.as_uri()), encoding="utf-8")
    command = [DENO, "run", "--no-remote", "--no-npm", "--no-prompt", "--allow-read", script]
    quiet = {"DENO_NO_UPDATE_CHECK": "1", "DENO_DIR": str(tmp_path), "NO_COLOR": "1", "HOME": str(tmp_path)}
    asked = json.dumps([*WRITTEN])
    done = subprocess.run(command, input=asked, env=quiet, capture_output=True, text=True, check=True)
    assert json.loads(done.stdout) == [*WRITTEN.values()]
