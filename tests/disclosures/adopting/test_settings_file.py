"""The settings that come of the answers, as lines that a shell, systemd and compose read alike."""

import os
import stat
import subprocess

from disclosures.adopting.answers import read_answers
from disclosures.adopting.settings_file import block, changed, differences, line_of, write_settings
from privacycenter.operation.new_environment import begin_environment, read_lines
from tests.support.railway import EXAMPLE

ANSWERS = read_answers(EXAMPLE / "site.yaml")


def test_block_names_the_settings_and_what_is_still_to_be_filled_in():
    text = block(ANSWERS, {"DATABASE_URL": "sqlite:////srv/x.sqlite3"})
    said = read_lines(text)
    assert said["LANGUAGES"] == "ja,en,zh-hans,ko"
    assert said["ALLOWED_HOSTS"] == "privacy.midorino.example"
    assert said["DEFAULT_FROM_EMAIL"] == "みどり野鉄道 プライバシーセンター <privacy@midorino.example>"
    assert said["DATABASE_URL"] == "sqlite:////srv/x.sqlite3"
    assert "#EMAIL_URL=" in text
    assert "EMAIL_URL" not in said


def test_shell_reads_what_was_written(tmp_path):
    value = 'a "b" $HOME `c` \\d <e>'
    (tmp_path / "x.env").write_text(line_of("SOME_NAME", value) + "\n")
    done = subprocess.run(
        ["sh", "-c", f'. {tmp_path}/x.env; printf %s "$SOME_NAME"'], capture_output=True, text=True, check=True
    )
    assert done.stdout == value == read_lines(line_of("SOME_NAME", value))["SOME_NAME"]


def test_only_what_differs_is_changed_and_all_else_stays():
    there = "# by hand\nLANGUAGES=ja,en\nEMAIL_URL=smtp://mail\n" + block(ANSWERS, {}).replace("LANGUAGES=", "#L=")
    found = differences(there, ANSWERS)
    assert [(one.name, one.there) for one in found] == [("LANGUAGES", "ja,en")]
    after = changed(there, found)
    assert after.startswith("# by hand\nLANGUAGES=ja,en,zh-hans,ko\nEMAIL_URL=smtp://mail\n")
    assert differences(after, ANSWERS) == []


def test_file_is_readable_by_its_owner_alone(tmp_path):
    write_settings(tmp_path / "site.env", "A=1\n")
    assert stat.S_IMODE((tmp_path / "site.env").stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["site.env"]


def test_environment_is_completed_from_the_file_and_with_secrets(tmp_path, monkeypatch):
    (tmp_path / "site.env").write_text("SECRET_KEY=from-the-file\nLANGUAGES=ja\n# A=1\nnot a line\n")
    for name in ("SECRET_KEY", "RECEIPT_SIGNING_KEY", "LOG_SIGNING_KEY", "LANGUAGES", "PRIVACYCENTER_SECRETS_MADE"):
        monkeypatch.setenv(name, "")
        monkeypatch.delenv(name)
    monkeypatch.setenv("ALLOWED_HOSTS", "mine.example")
    monkeypatch.setenv("TRUSTED_PROXIES", "2")
    monkeypatch.setenv("DEFAULT_FROM_EMAIL", "a@b.example")
    begin_environment(["--from", "x.yaml", f"--env={tmp_path}/site.env"])
    assert (os.environ["SECRET_KEY"], os.environ["LANGUAGES"]) == ("from-the-file", "ja")
    assert (os.environ["ALLOWED_HOSTS"], os.environ["TRUSTED_PROXIES"]) == ("mine.example", "2")
    assert os.environ["PRIVACYCENTER_SECRETS_MADE"] == "RECEIPT_SIGNING_KEY,LOG_SIGNING_KEY"
    assert len(os.environ["LOG_SIGNING_KEY"]) == 43
