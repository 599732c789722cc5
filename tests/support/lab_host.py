"""One machine of a lab: a network namespace, and what runs in it."""

import pathlib
import subprocess
import sys

from colport_harness import wait_for

SUPPORT = pathlib.Path(__file__).parent


def ip(*args, check=True):
    return subprocess.run(["ip", *map(str, args)], check=check, capture_output=True, text=True)


class Host:
    """One machine. Put `enter` before a command to run it there."""

    def __init__(self, lab, name, number, address):
        self.lab, self.name, self.address = lab, name, address
        self.namespace = f"{lab.prefix}-{name}"
        self.enter = ["ip", "netns", "exec", self.namespace]
        self.port, self.wire, self.inner = f"port{number}", f"wire{number}", f"inner{number}"
        self.shaper = None

    def run(self, *command):
        return subprocess.run([*self.enter, *map(str, command)], check=True,
                              capture_output=True, text=True, timeout=60).stdout

    def run_program(self, script, *args):
        """A program of tests/support, to its end; returns what it printed."""
        return self.run(sys.executable, "-B", SUPPORT / script, *args)

    def start(self, *command):
        """Runs until the lab ends; its output goes to a file. Returns the process
        and that file."""
        output = self.lab.work / f"{self.name}-{len(self.lab.processes)}.log"
        with open(output, "wb") as file:
            process = subprocess.Popen([*self.enter, *map(str, command)], stdout=file,
                                       stderr=subprocess.STDOUT)
        self.lab.processes.append(process)
        return process, output

    def start_program(self, script, *args):
        """A program of tests/support; returns when it has said that it is ready."""
        process, output = self.start(sys.executable, "-B", SUPPORT / script, *args)

        def ready():
            if process.poll() is not None:
                raise AssertionError(f"{script} ended: {output.read_text()}")
            return output.read_text().startswith("ready")

        wait_for(script, ready)
        return process

    def reaches(self, address, port, seconds=1):
        """Whether a TCP connection to there comes about."""
        probe = ("import socket, sys\n"
                 "socket.create_connection((sys.argv[1], int(sys.argv[2])), float(sys.argv[3]))")
        return subprocess.run([*self.enter, sys.executable, "-c", probe, address, str(port),
                               str(seconds)], capture_output=True).returncode == 0
