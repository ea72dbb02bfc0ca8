"""What deploy/ offers can be used as it stands, as far as that shows without the machines that it is for."""

import configparser
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from django.conf import settings

from tests.support.production import certificate, free_port, installed

ROOT = Path(settings.BASE_DIR)
DEPLOY = ROOT / "deploy"
# Those that are not ours: the database's, and the name that the proxy answers under.
OTHERS = {"POSTGRES_PASSWORD", "SITE_HOST"}


def settings_of_readme() -> set[str]:
    rows = re.findall(r"^\| (`[A-Z_`, ]+`) \|", (ROOT / "README.md").read_text(), re.MULTILINE)
    return {name for row in rows for name in re.findall(r"[A-Z_]+", row)}


def documents(path: Path) -> list[dict]:
    return [one for one in yaml.safe_load_all(path.read_text()) if one]


MANIFESTS = [one for path in sorted(DEPLOY.glob("kubernetes/*.yaml")) for one in documents(path)]


@pytest.mark.parametrize("path", sorted(DEPLOY.rglob("*.env")), ids=lambda path: path.name)
def test_example_names_settings_that_there_are(path):
    names = {line.partition("=")[0] for line in path.read_text().splitlines() if line and not line.startswith("#")}
    assert names
    assert names - OTHERS <= settings_of_readme()


# --- The image -------------------------------------------------------------------------------------------------------


def sources() -> list[str]:
    copies = re.findall(r"^COPY (?!--from)(.+) \S+$", (DEPLOY / "Containerfile").read_text(), re.MULTILINE)
    return [source for line in copies for source in line.split()]


def test_image_is_made_of_what_its_list_lets_in():
    allowed = {line[1:] for line in (ROOT / ".containerignore").read_text().splitlines() if line.startswith("!")}
    assert set(sources()) == allowed
    assert all((ROOT / source).exists() for source in sources())
    assert (ROOT / ".containerignore").read_bytes() == (ROOT / ".dockerignore").read_bytes()


@pytest.fixture
def image(tmp_path):
    """What the image holds, in a folder of its own. Runs a command there and returns the lines that it said."""
    for source in sources():
        target = tmp_path / source
        target.parent.mkdir(parents=True, exist_ok=True)
        if (ROOT / source).is_dir():
            shutil.copytree(ROOT / source, target, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(ROOT / source, target)
    environment = {
        "PATH": os.environ["PATH"],
        "SECRET_KEY": "only-in-a-test-" * 5,
        "DEMO": "1",
        "DEMO_PASSWORD": "seven-boats",
        "DATABASE_URL": f"sqlite:///{tmp_path}/var/db.sqlite3",
    }

    def manage(*arguments):
        done = subprocess.run(
            [sys.executable, "-W", "ignore", "manage.py", *arguments], cwd=tmp_path, env=environment,
            capture_output=True, text=True,
        )  # fmt: skip
        assert done.returncode == 0, done.stdout + done.stderr
        return (done.stdout + done.stderr).splitlines()

    return manage


PUBLIC_BEFORE_ALL = """
from disclosures.models import Disclosure, Publication
print(Publication.objects.newest().published_at < Disclosure.objects.earliest("occurred_at").occurred_at)
"""


def test_what_is_in_the_image_fills_an_empty_database_and_keeps_a_full_one(image):
    first, second = image("prepare", "--no-static"), image("prepare", "--no-static")
    log_ins = "Demo log-ins: hanako, taro, sora, mio, editor, officer, admin. Password of each: seven-boats"
    assert first[1:] == [
        "Content: starter content published.",
        "Demo: made-up people, recipients and disclosures loaded.",
        log_ins,
    ]
    assert second == ["Database: up to date.", "Content: kept as it is.", "Demo: kept as it is.", log_ins]
    # Each disclosure of the demo names the text that was public on its day.
    assert image("shell", "-v", "0", "-c", PUBLIC_BEFORE_ALL) == ["True"]
    image("verify_ledger")


@pytest.mark.django_db(transaction=True)
def test_probe_says_whether_the_server_answers(live_server, client):
    # The first request reads every view, for which a probe does not wait on a busy machine.
    client.get("/healthz")
    port = live_server.url.rpartition(":")[2]
    assert probe("/healthz", port) == (0, "/healthz: 200 ok")
    assert probe("/no-such-page/", port)[0] == 1
    assert probe("/healthz", port, "somebody-else.example")[0] == 1
    assert probe("/healthz", str(free_port()))[0] == 1


def probe(path: str, port: str, hosts: str = "localhost,127.0.0.1") -> tuple[int, str]:
    environment = {"PORT": port, "ALLOWED_HOSTS": hosts}
    command = [sys.executable, "-I", str(DEPLOY / "probe.py"), path]
    done = subprocess.run(command, env=environment, capture_output=True, text=True)
    return done.returncode, done.stdout.strip()


# --- Where it runs ---------------------------------------------------------------------------------------------------


def test_compose_file_mounts_what_is_there_and_writes_nowhere_else():
    services = yaml.safe_load((DEPLOY / "compose.yaml").read_text())["services"]
    for name in ("prepare", "site", "consume"):
        assert (services[name]["read_only"], services[name]["cap_drop"]) == (True, ["ALL"])
    mounts = [volume.split(":")[0] for service in services.values() for volume in service.get("volumes", [])]
    assert all((DEPLOY / mount).exists() for mount in mounts if mount.startswith("."))
    assert "ports" not in services["site"], "only the proxy is reached from outside"


def test_what_reads_a_queue_is_off_until_somebody_wants_it():
    services = yaml.safe_load((DEPLOY / "compose.yaml").read_text())["services"]
    assert services["consume"]["profiles"] == ["consume"]
    [deployment] = documents(DEPLOY / "kubernetes" / "consume.yaml")
    assert deployment["spec"]["replicas"] == 0
    assert [name for name, pod, box in containers() if box["args"] == ["consume"]] == ["consume"]


def containers() -> list[tuple[str, dict, dict]]:
    found = []
    for one in MANIFESTS:
        template = one.get("spec", {}).get("jobTemplate", one).get("spec", {}).get("template", {})
        pod = template.get("spec", {})
        found += [(box["name"], pod, box) for box in [*pod.get("initContainers", []), *pod.get("containers", [])]]
    return found


def test_there_is_a_container_for_each_thing_that_runs():
    assert {name for name, _pod, _box in containers()} == {"site", "prepare", "purge", "verify", "consume"}


@pytest.mark.parametrize(("name", "pod", "box"), containers(), ids=lambda part: part if isinstance(part, str) else "")
def test_container_has_no_rights_and_writes_to_its_own_folder_alone(name, pod, box):
    assert pod["securityContext"]["runAsNonRoot"] is True
    assert pod["automountServiceAccountToken"] is False
    assert box["securityContext"] == {
        "allowPrivilegeEscalation": False, "readOnlyRootFilesystem": True, "capabilities": {"drop": ["ALL"]},
    }  # fmt: skip
    assert [mount["mountPath"] for mount in box["volumeMounts"]] == ["/tmp"]


def test_manifests_are_listed_and_name_settings_that_there_are():
    listed = yaml.safe_load((DEPLOY / "kubernetes" / "kustomization.yaml").read_text())
    names = {path.name for path in DEPLOY.glob("kubernetes/*.yaml")} - {"kustomization.yaml"}
    assert set(listed["resources"]) == names
    literals = {one.partition("=")[0] for one in listed["configMapGenerator"][0]["literals"]}
    assert literals <= settings_of_readme()


@pytest.mark.parametrize("path", sorted((DEPLOY / "systemd").iterdir()), ids=lambda path: path.name)
def test_unit_can_be_read_and_runs_commands_that_there_are(path, tmp_path):
    unit = configparser.ConfigParser(strict=False, interpolation=None)
    unit.optionxform = str
    unit.read_string(path.read_text())
    commands = re.findall(
        r"^ExecStart=\S+/current/\.venv/bin/python manage\.py (\w+)(?: .+)?$", path.read_text(), re.MULTILINE
    )
    assert commands or path.suffix in (".timer", ".path") or "reload nginx" in path.read_text()
    assert {*commands} <= {"serve", "purge_expired", "verify_ledger", "publish_static", "consume"}
    if shutil.which("systemd-analyze"):
        for one in (DEPLOY / "systemd").iterdir():
            text = one.read_text().replace("/srv/privacycenter/current/.venv/bin/python", sys.executable)
            (tmp_path / one.name).write_text(text)
        command = ["systemd-analyze", "verify", str(tmp_path / path.name)]
        done = subprocess.run(command, capture_output=True, text=True)
        assert [line for line in done.stderr.splitlines() if "privacycenter" in line] == []


@pytest.mark.once
def test_nginx_reads_its_file(tmp_path):
    shown = (DEPLOY / "nginx.conf").read_text()
    shown = re.sub(r"listen (\[::\]:)?(80|443)", lambda found: f"listen {free_port()}", shown)
    pem = certificate(tmp_path)
    shown = re.sub(r"/etc/ssl/privacycenter/\w+\.pem", str(pem), shown)
    whole = tmp_path / "nginx.conf"
    whole.write_text(f"pid {tmp_path}/pid;\nerror_log stderr;\nevents {{}}\nhttp {{\naccess_log off;\n{shown}\n}}\n")
    done = subprocess.run(
        [installed("nginx"), "-t", "-p", str(tmp_path), "-c", str(whole)], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.once
@pytest.mark.parametrize("host", ["privacy.example.com", "http://127.0.0.1:8080"])
def test_caddy_reads_its_file(host, tmp_path):
    command = [installed("caddy"), "validate", "--adapter", "caddyfile", "--config", str(DEPLOY / "Caddyfile")]
    environment = {**os.environ, "SITE_HOST": host, "HOME": str(tmp_path), "XDG_DATA_HOME": str(tmp_path)}
    done = subprocess.run(command, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_proxies_let_through_files_of_the_same_size_at_the_same_addresses():
    nginx, caddy = (DEPLOY / "nginx.conf").read_text(), (DEPLOY / "Caddyfile").read_text()
    where = r"^/([a-z-]+/)?(contact/requests|my/inquiries|admin)/"
    assert f"location ~ {where} {{" in nginx
    assert caddy.count(f"path_regexp {where}") == 2
    assert re.findall(r"max_size (\d+)MB", caddy) == ["64", "2"]
    assert re.findall(r"client_max_body_size (\d+)m;", nginx) == ["2", "64"]
