"""Fetch the pinned real projects that asyncmend is run against.

The list is `projects.txt` beside this file. Each source distribution comes from the
index that pip is configured for, is checked against its pinned sha256 and unpacked
into `DIR/NAME-VERSION/`. Nothing of a project is run or built. What is there already
is left as it is.

    python fetch.py [--into DIR] [--more] [NAME...]

DIR is `--into`, else `$ASYNCMEND_CORPUS`, else `~/.cache/asyncmend/corpus`. Needs
Python 3.11.4 or newer and nothing else.
"""

import argparse
import hashlib
import html.parser
import http.client
import json
import os
import re
import ssl
import subprocess
import sys
import tarfile
import tempfile
import urllib.parse
import urllib.request
from dataclasses import dataclass
from pathlib import Path

PROJECTS = Path(__file__).with_name("projects.txt")
PIN = re.compile(
    r"(?P<name>[\w.-]+)==(?P<version>\S+) --hash=sha256:(?P<sha256>\w{64})"
)
MORE = "# more"
SIMPLE_JSON = "application/vnd.pypi.simple.v1+json"
SECONDS = 180


class FetchError(Exception):
    """One project could not be had; the message says why."""


TROUBLE = (
    FetchError,
    OSError,
    ValueError,
    http.client.HTTPException,
    tarfile.TarError,
)


@dataclass(frozen=True)
class Project:
    name: str
    version: str
    sha256: str
    optional: bool

    @property
    def folder(self) -> str:
        return f"{self.name}-{self.version}"


def read_projects(text: str) -> list[Project]:
    """The pins of `projects.txt`; those below the line `# more` are optional."""
    projects, optional = [], False
    for number, line in enumerate(text.splitlines(), start=1):
        line = line.strip()
        optional = optional or line.startswith(MORE)
        if not line or line.startswith("#"):
            continue
        pin = PIN.fullmatch(line)
        if pin is None:
            raise SystemExit(f"{PROJECTS.name}:{number}: not a pin: {line}")
        projects.append(Project(**pin.groupdict(), optional=optional))
    return projects


def pip_setting(name: str) -> str | None:
    """A setting as pip would take it: its environment variable, else its files."""
    variable = "PIP_" + name.upper().replace("-", "_")
    if value := os.environ.get(variable):
        return value
    command = [sys.executable, "-m", "pip", "config", "get", f"global.{name}"]
    asked = subprocess.run(command, capture_output=True, text=True)
    return asked.stdout.strip() or None


class Index:
    """A package index of the simple API, in JSON or in HTML."""

    def __init__(self) -> None:
        url = pip_setting("index-url") or "https://pypi.org/simple"
        parts = urllib.parse.urlsplit(url.rstrip("/"))
        host = parts.netloc.rpartition("@")[2]
        self.url = parts._replace(netloc=host).geturl()
        secure = ssl.create_default_context(cafile=pip_setting("cert"))
        handlers = [urllib.request.HTTPSHandler(context=secure)]
        if parts.username:
            passwords = urllib.request.HTTPPasswordMgrWithPriorAuth()
            user = urllib.parse.unquote(parts.username)
            password = urllib.parse.unquote(parts.password or "")
            passwords.add_password(None, self.url, user, password, True)
            handlers.append(urllib.request.HTTPBasicAuthHandler(passwords))
        self.opener = urllib.request.build_opener(*handlers)

    def sdist_url(self, project: Project) -> str:
        """Where the index keeps the pinned source distribution."""
        page = f"{self.url}/{normal(project.name)}/"
        accept = {"Accept": f"{SIMPLE_JSON}, text/html;q=0.1"}
        with self.open(urllib.request.Request(page, headers=accept)) as answer:
            is_json = answer.headers.get_content_type() == SIMPLE_JSON
            base, body = answer.url, answer.read().decode()
        for name, url, sha256 in (
            files_of_json(body) if is_json else files_of_html(body)
        ):
            if not is_sdist_of(project, name):
                continue
            if sha256 not in (None, project.sha256):
                raise FetchError(f"the index gives sha256 {sha256}, not the pinned one")
            return urllib.parse.urljoin(base, url)
        raise FetchError("the index has no such source distribution")

    def download(self, url: str) -> bytes:
        with self.open(urllib.request.Request(url)) as answer:
            return answer.read()

    def open(self, request: urllib.request.Request):
        return self.opener.open(request, timeout=SECONDS)


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def is_sdist_of(project: Project, filename: str) -> bool:
    name, _, version = filename.removesuffix(".tar.gz").rpartition("-")
    ours = filename.endswith(".tar.gz") and version == project.version
    return ours and normal(name) == normal(project.name)


def files_of_json(body: str) -> list[tuple[str, str, str | None]]:
    """Name, URL and sha256 of every file on a JSON page."""
    return [
        (file["filename"], file["url"], file["hashes"].get("sha256"))
        for file in json.loads(body)["files"]
    ]


def files_of_html(body: str) -> list[tuple[str, str, str | None]]:
    """Name, URL and sha256 of every file on an HTML page."""
    links = Links()
    links.feed(body)
    files = []
    for link in links.found:
        url, fragment = urllib.parse.urldefrag(link)
        name = urllib.parse.unquote(urllib.parse.urlsplit(url).path.rpartition("/")[2])
        sha256 = urllib.parse.parse_qs(fragment).get("sha256", [None])[0]
        files.append((name, url, sha256))
    return files


class Links(html.parser.HTMLParser):
    """Collects the targets of a page's anchors."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "a" and (href := dict(attrs).get("href")):
            self.found.append(href)


def fetch(project: Project, into: Path, index: Index) -> None:
    """Download, verify and unpack one project; all of its folder or nothing of it."""
    archive = index.download(index.sdist_url(project))
    if hashlib.sha256(archive).hexdigest() != project.sha256:
        raise FetchError("the download does not have the pinned sha256")
    with tempfile.TemporaryDirectory(dir=into, prefix=".unpacking-") as scratch:
        packed = Path(scratch, "sdist.tar.gz")
        packed.write_bytes(archive)
        unpacked = Path(scratch, "unpacked")
        with tarfile.open(packed) as tar:
            tar.extractall(unpacked, filter="data")
        top = list(unpacked.iterdir())
        if len(top) != 1 or not top[0].is_dir():
            raise FetchError("the archive does not hold one folder")
        top[0].rename(into / project.folder)


def chosen(projects: list[Project], names: list[str], more: bool) -> list[Project]:
    """The named projects, else the first group, with `more` all."""
    if names:
        return [project for project in projects if project.name in names]
    return [project for project in projects if more or not project.optional]


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    default = os.environ.get("ASYNCMEND_CORPUS") or "~/.cache/asyncmend/corpus"
    parser.add_argument("--into", metavar="DIR", default=default)
    parser.add_argument("--more", action="store_true", help="the optional group too")
    parser.add_argument("names", nargs="*", metavar="NAME", help="only these projects")
    return parser.parse_args()


def main() -> int:
    args = arguments()
    projects = read_projects(PROJECTS.read_text(encoding="utf-8"))
    if unknown := set(args.names) - {project.name for project in projects}:
        raise SystemExit(f"not in {PROJECTS.name}: {', '.join(sorted(unknown))}")
    into = Path(args.into).expanduser()
    into.mkdir(parents=True, exist_ok=True)
    index, failed = Index(), False
    for project in chosen(projects, args.names, args.more):
        if (into / project.folder).is_dir():
            print(f"{project.folder}: there already", flush=True)
            continue
        try:
            fetch(project, into, index)
            print(f"{project.folder}: fetched", flush=True)
        except TROUBLE as trouble:
            print(f"{project.folder}: FAILED: {trouble}", file=sys.stderr, flush=True)
            failed = True
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
