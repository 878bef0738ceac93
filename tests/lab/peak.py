"""python -m tests.lab.peak FILE COMMAND...: run a command and write its peak of resident memory (MB) into FILE.

A process of its own, because what `wait4` says of a child includes the memory of whoever started it: the kernel takes
the peak over at exec, and a test run of some hours is large.
"""

import resource
import subprocess
import sys
from pathlib import Path

if __name__ == "__main__":
    status = subprocess.run(sys.argv[2:], check=False).returncode
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    Path(sys.argv[1]).write_text(str(peak), encoding="ascii")
    sys.exit(status)
