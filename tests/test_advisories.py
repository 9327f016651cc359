"""`make advisories` is green only when every package was asked about."""

import pytest

import advisories

HOLE = {"id": "CVE-2025-27516", "fix_versions": ["3.1.6"], "aliases": []}
ASKED = {"name": "jinja2", "version": "3.1.6", "vulns": []}
OPEN = {"name": "jinja2", "version": "3.1.5", "vulns": [HOLE]}
SKIPPED = {"name": "gradio", "skip_reason": "Dependency not found on PyPI"}


@pytest.mark.parametrize(
    ("dependencies", "code", "says"),
    [
        ([ASKED], 0, "1 of 1 pins, skipped = 0, known holes = 0"),
        ([OPEN], 1, "jinja2 3.1.5: CVE-2025-27516 (mended in 3.1.6)"),
        ([ASKED, SKIPPED], 1, "skipped gradio: Dependency not found on PyPI"),
        ([], 1, "nothing was asked about"),
    ],
)
def test_what_was_found_decides(capsys, dependencies, code, says):
    looked = advisories.read({"dependencies": dependencies, "fixes": []})
    assert advisories.tell(looked, max(1, len(dependencies))) == code
    assert says in capsys.readouterr().out


def test_where_nobody_can_be_asked_that_is_said(capsys, tmp_path):
    lock = tmp_path / "requirements.txt"
    lock.write_text(f"jinja2==3.1.6 \\\n    --hash=sha256:{'0' * 64}\n")
    unheard = ("-c", "raise SystemExit('no route to pypi.org')")
    assert advisories.main(lock, unheard) == advisories.UNASKED
    said = capsys.readouterr().out
    assert "nothing is known, and so nothing is green" in said
    assert "no route to pypi.org" in said


def test_pins_are_counted():
    text = "# made\na==1 \\\n    --hash=sha256:0\nb==2 ; python == 'x' \\\n    --hash=x\n  # via a==9\n"
    assert advisories.pinned(text) == 2
