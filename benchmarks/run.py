"""Runs every benchmark one after the other; each prints its own table."""

import subprocess
import sys
from pathlib import Path

SCRIPTS = (
    "encoder.py",
    "ingest.py",
    "ask.py",
    "freshness.py",
    "startup.py",
    "crash.py",
    "everything.py",
    "sync.py",
    "help_site.py",
    "crash_sync.py",
    "leaks.py",
    "pdf_tables.py",
    "pdf_memory.py",
    "export_memory.py",
    "privacy.py",
    "sanitation.py",
    "languages.py",
    "products.py",
    "contradictions.py",
    "tune_ranking.py",
    "answers.py",
    "conversations.py",
    "trust.py",
    "diagnosis.py",
    "certificate.py",
    "followups.py",
    "policies.py",
    "handoffs.py",
    "kill.py",
    "load.py",
    "thunderbird.py",
)


def main() -> int:
    """Returns 1 if one of them failed."""
    here = Path(__file__).parent
    failed = [name for name in SCRIPTS if subprocess.run([sys.executable, str(here / name)], check=False).returncode]
    if failed:
        sys.stderr.write(f"failed: {', '.join(failed)}\n")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
