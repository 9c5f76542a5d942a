"""From nothing to an answer: a cold `openbook ask`, a server that is ready, and its memory.

Every run is a new process on the desk with 2,809 pages. Memory is the server's resident set after
it has answered the questions of aws-docs.
"""

import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import httpx

from measure import aws_desk, data_folder, heading, parser, row, seconds, shown

_OPENBOOK = [sys.executable, "-m", "openbook"]
_PORT = 18_471


def main() -> None:
    """Starts processes and prints the table."""
    arguments = parser(__doc__ or "")
    arguments.add_argument("--runs", type=int, default=7)
    runs = arguments.parse_args().runs
    folder = aws_desk()
    question = "How do I encrypt data with my own keys?"
    command = [*_OPENBOOK, "ask", question, "--desk", str(folder), "--json"]
    cold = [seconds(lambda: subprocess.run(command, check=True, capture_output=True)) for _ in range(runs)]
    ready, memory = zip(*(_serve(folder) for _ in range(runs)), strict=True)
    heading(f"Start-up, {runs} runs")
    row("cold `openbook ask`", "<= 1.5 s", shown(cold, unit="s"))
    row("server ready", "<= 2 s", shown(ready, unit="s"))
    row("memory while serving", "<= 900 MB", shown(memory, unit="MB", digits=0))


def _serve(folder: Path) -> tuple[float, float]:
    """Seconds until the server says that it is ready, and its resident set in MB after answering."""
    started = time.perf_counter()
    command = [*_OPENBOOK, "serve", "--desk", str(folder), "--port", str(_PORT)]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        with httpx.Client(base_url=f"http://127.0.0.1:{_PORT}", timeout=30) as client:
            while not _is_ready(client):
                if server.poll() is not None or time.perf_counter() - started > 60:
                    raise RuntimeError("the server did not start")
                time.sleep(0.01)
            ready = time.perf_counter() - started
            for line in (data_folder() / "aws-docs" / "questions.jsonl").read_text("utf-8").splitlines():
                client.post("/v1/ask", json={"question": json.loads(line)["Question"]}).raise_for_status()
        return ready, _resident_megabytes(server.pid)
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(30)


def _is_ready(client: httpx.Client) -> bool:
    try:
        return client.get("/readyz").status_code == 200
    except httpx.TransportError:
        return False


def _resident_megabytes(pid: int) -> float:
    status = Path(f"/proc/{pid}/status").read_text("ascii")
    line = next(line for line in status.splitlines() if line.startswith("VmRSS"))
    return int(line.split()[1]) / 1024


if __name__ == "__main__":
    sys.exit(main())
