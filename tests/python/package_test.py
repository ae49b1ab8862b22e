"""What is installed is what the stubs say."""

import subprocess
import sys


def agt9_the_stubs_name_everything_that_there_is(tmp_path):
    check = [sys.executable, "-m", "mypy.stubtest", "penhold._native", "--concise"]
    done = subprocess.run(check, capture_output=True, text=True, cwd=tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
