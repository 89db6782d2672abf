"""A file goes up and comes down through the whole application, in a process of its own whose memory is watched."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import redirect_stdout
from dataclasses import asdict, dataclass
from itertools import chain
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

from flask.testing import FlaskClient

from dhr_app.casework.bench import Ground
from dhr_app.casework.bench.files import MEGABYTE, plain_copy_seconds, write_word_file

MEGABYTES, ROUNDS = 50, 3
EDGE = "edge-of-a-part-in-the-bench"
MEMORY_GOAL = 64.0


@dataclass(frozen=True)
class FileFigures:
    """Megabytes a second: up, down, and copied plainly with a SHA-256 in the same run; `memory` is MB on top."""

    upload: float
    download: float
    copy: float
    memory: float

    @property
    def upload_ratio(self) -> float:
        """How many times longer the upload takes than the plain copy."""
        return self.copy / self.upload

    @property
    def download_ratio(self) -> float:
        """How many times longer the download takes than the plain copy."""
        return self.copy / self.download

    def as_json(self) -> dict[str, float]:
        """The keys that other programs read."""
        return {
            "upload_mb_s": round(self.upload, 1),
            "download_mb_s": round(self.download, 1),
            "copy_mb_s": round(self.copy, 1),
            "extra_memory_mb": round(self.memory, 1),
        }


def in_lines(figures: FileFigures) -> Iterator[str]:
    """The figures as people read them, with the goal they are held against."""
    for what, speed, ratio in (
        ("Upload  ", figures.upload, figures.upload_ratio),
        ("Download", figures.download, figures.download_ratio),
    ):
        yield f"{what} of {MEGABYTES} MB {speed:7.1f} MB/s, {ratio:.1f} times a plain copy with its SHA-256"
    yield f"Extra memory for both: {figures.memory:.1f} MB (goal: under {MEMORY_GOAL:.0f})"


def measure_files(ground: Ground, sign_in: tuple[str, str], *, megabytes: int = MEGABYTES) -> FileFigures:
    """Measure in a process of its own, on the same ground. `sign_in` is an address and its password."""
    email, password = sign_in
    folder = ground.house.settings.instance
    environ = {name: value for name, value in os.environ.items() if not name.startswith("DHR_")}
    environ |= {"DHR_ENV": "development", "DHR_INSTANCE": str(folder), "DHR_TODAY": str(ground.house.settings.today)}
    asked = json.dumps([ground.busiest, email, password, megabytes])
    done = subprocess.run(  # noqa: S603 - our own module
        [sys.executable, "-m", __name__], input=asked, capture_output=True, text=True, check=True, env=environ
    )
    return FileFigures(**json.loads(done.stdout))


class Body(io.RawIOBase):
    """The body of a form with a file, read from the disk as it is asked for."""

    def __init__(self, head: bytes, path: Path, tail: bytes) -> None:
        self._parts = chain([io.BytesIO(head), path.open("rb"), io.BytesIO(tail)])
        self._now: io.IOBase | None = next(self._parts)
        self._size, self._place = len(head) + path.stat().st_size + len(tail), 0

    def readable(self) -> bool:
        """Yes."""
        return True

    def tell(self) -> int:
        """Where the test client went to, which wants to know how long it is before it is read."""
        return self._place

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """To its end and back, before it is read."""
        self._place = self._size if whence == io.SEEK_END else 0
        return self._place

    def readinto(self, buffer: Any) -> int:
        """The next bytes, of one part at a time."""
        while self._now is not None:
            if got := self._now.readinto(buffer):  # type: ignore[attr-defined]
                return int(got)
            self._now.close()
            self._now = next(self._parts, None)
        return 0


def _run(reference: str, email: str, password: str, megabytes: int) -> FileFigures:
    from dhr_app import create_app  # noqa: PLC0415 - which puts together the rooms
    from dhr_app.settings import load  # noqa: PLC0415

    settings = load()
    app = create_app(settings)
    client = app.test_client()
    token = _token(client.get("/sign-in").text)
    client.post("/sign-in", data={"email": email, "password": password, "csrf_token": token})
    form = f"/reviews/{reference}/drafts/new"
    token = _token(client.get(form).text)
    up: list[float] = []
    down: list[float] = []
    copied: list[float] = []
    before = 0.0
    for number in range(ROUNDS + 1):  # the first, a small one, only warms up
        source = settings.instance / f"measured {number}.docx"
        write_word_file(source, megabytes if number else 1)
        size = source.stat().st_size / MEGABYTE
        seconds = plain_copy_seconds(source), _upload(client, form, token, source), _download(client, reference)
        source.unlink()
        if number:
            for kept, took in zip((copied, up, down), seconds, strict=True):
                kept.append(size / took)
        else:
            _forget_peak()
            before = _memory("VmRSS")
    return FileFigures(median(up), median(down), median(copied), _memory("VmHWM") - before)


def _upload(client: FlaskClient, form: str, token: str, source: Path) -> float:
    fields = {"csrf_token": token, "readers": "ourselves", "note": ""}
    field = f"--{EDGE}\r\nContent-Disposition: form-data; name="
    lines = [f'{field}"{name}"\r\n\r\n{text}\r\n' for name, text in fields.items()]
    lines.append(f'{field}"other"; filename="{source.name}"\r\n\r\n')
    body = Body("".join(lines).encode(), source, f"\r\n--{EDGE}--\r\n".encode())
    began = perf_counter()
    kind = f"multipart/form-data; boundary={EDGE}"
    answer = client.post(form, input_stream=body, content_type=kind)
    if answer.status_code != 303:
        raise RuntimeError(f"The upload was answered with {answer.status_code}.")
    return perf_counter() - began


def _download(client: FlaskClient, reference: str) -> float:
    page = client.get(f"/reviews/{reference}/drafts").text
    path = page.partition("/file")[0].rpartition('href="')[2] + "/file"
    began = perf_counter()
    answer = client.get(path)
    for _ in answer.iter_encoded():
        pass
    took = perf_counter() - began
    answer.close()
    if answer.status_code != 200:
        raise RuntimeError(f"The download was answered with {answer.status_code}.")
    return took


def _token(page: str) -> str:
    return page.rpartition('name="csrf_token"')[2].partition('value="')[2].partition('"')[0]


def _memory(what: str) -> float:
    """Megabytes that this process holds now (VmRSS), or held at most since that was last forgotten (VmHWM)."""
    for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
        if line.startswith(what):
            return int(line.split()[1]) / 1024
    raise RuntimeError("How much memory is in use is known on Linux only.")


def _forget_peak() -> None:
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")


if __name__ == "__main__":
    with redirect_stdout(io.StringIO()):  # where the log of requests goes
        measured = _run(*json.loads(sys.stdin.read()))
    sys.stdout.write(json.dumps(asdict(measured)))
