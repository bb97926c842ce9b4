"""A Slurm of virtual nodes on this machine's loopback addresses, started and stopped by process id.

No systemd, no control groups, no database, nothing that listens beyond 127.0.0.1.
"""

from __future__ import annotations

import getpass
import os
import re
import secrets
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

TOOLS = ("munged", "slurmctld", "slurmd", "sbatch", "scontrol", "squeue", "sinfo")
#: Elements end that are never seen again; a node is lost after so many seconds without a word.
NODE_TIMEOUT_SECONDS = 5

_CONFIG = """\
ClusterName=loop
SlurmctldHost=localhost(127.0.0.1)
SlurmctldPort={controller_port}
AuthType=auth/munge
# A credential's life is also how long a job of a lost node waits before it begins again.
AuthInfo=socket={folder}/munge/munge.sock,cred_expire=5
CredType=cred/munge
SlurmUser={user}
SlurmdUser={user}
StateSaveLocation={folder}/state
SlurmdSpoolDir={folder}/spool-%n
SlurmctldPidFile={folder}/run/slurmctld.pid
SlurmdPidFile={folder}/run/slurmd-%n.pid
SlurmctldLogFile={folder}/log/slurmctld.log
SlurmdLogFile={folder}/log/slurmd-%n.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
SwitchType=switch/none
MpiDefault=none
CommunicationParameters=NoInAddrAny,NoCtldInAddrAny
ReturnToService=2
SlurmctldTimeout=30
SlurmdTimeout={timeout}
InactiveLimit=0
KillWait=5
MinJobAge=3600
JobRequeue=1
RequeueExit=75
MaxArraySize=10001
SchedulerType=sched/backfill
SchedulerParameters=sched_interval=2,bf_interval=2,batch_sched_delay=0
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
NodeName=n[1-{nodes}] NodeHostname=localhost NodeAddr=127.0.0.1 Port=[{first_port}-{last_port}] \
CPUs=2 RealMemory=4000 State=UNKNOWN
PartitionName=main Nodes=n[1-{nodes}] Default=YES MaxTime=INFINITE State=UP
"""


def missing_tools() -> list[str]:
    """Programs of Slurm and MUNGE that are not here."""
    return [tool for tool in TOOLS if shutil.which(tool, path=_path()) is None]


def wait_until(holds: Callable[[], bool], what: str, seconds: float = 120) -> None:
    """Asks again and again; fails with `what` when it does not come."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if holds():
            return
        time.sleep(0.2)
    raise AssertionError(f"after {seconds:g} s still not: {what}")


class VirtualCluster:
    """munged, slurmctld and one slurmd a node, in a folder of their own.

    Attributes:
        environment: For commands that talk to it.
    """

    def __init__(self, folder: Path, nodes: int = 4) -> None:
        """Writes the configuration into a new folder; nothing runs yet."""
        self._folder = folder
        self._nodes = [f"n{number}" for number in range(1, nodes + 1)]
        self._processes: dict[str, subprocess.Popen[bytes]] = {}
        for name in ("munge", "state", "log", "run"):
            (folder / name).mkdir(parents=True)
        (folder / "munge").chmod(0o711)
        ports = _free_ports(nodes + 1)
        self._config = folder / "slurm.conf"
        self._config.write_text(
            _CONFIG.format(
                folder=folder,
                user=getpass.getuser(),
                controller_port=ports[0],
                nodes=nodes,
                first_port=ports[1],
                last_port=ports[nodes],
                timeout=NODE_TIMEOUT_SECONDS,
            )
        )
        self.environment = os.environ | {"SLURM_CONF": str(self._config), "PATH": _path()}

    def start(self) -> None:
        """Starts all daemons and waits until every node is idle."""
        key = self._folder / "munge" / "munge.key"
        key.write_bytes(secrets.token_bytes(1024))
        key.chmod(0o600)
        munge = self._folder / "munge"
        self._daemon(
            "munged", "--foreground", "--force",
            f"--key-file={key}", f"--socket={munge}/munge.sock",
            f"--pid-file={munge}/munged.pid", f"--log-file={munge}/munged.log",
            f"--seed-file={munge}/munged.seed",
        )  # fmt: skip
        wait_until((munge / "munge.sock").exists, "munged answers", 20)
        self.start_controller()
        for node in self._nodes:
            self.start_node(node)
        wait_until(lambda: self._idle() == len(self._nodes), f"{len(self._nodes)} idle nodes", 60)

    def stop(self) -> None:
        """Ends every process that was started, and every job's."""
        for name in [name for name in self._processes if name != "munged"]:
            self._kill(name, signal.SIGKILL)
        for node in self._nodes:
            for process in self._processes_of(node):
                _send(process, signal.SIGKILL)
        if "munged" in self._processes:
            self._kill("munged", signal.SIGTERM)

    def start_controller(self) -> None:
        """Starts slurmctld; after a crash it reads what it had saved."""
        self._daemon("slurmctld", "-D", "-f", str(self._config))

    def kill_controller(self) -> None:
        """As a crash: at once."""
        self._kill("slurmctld", signal.SIGKILL)

    def start_node(self, node: str) -> None:
        """Starts one node's slurmd."""
        self._daemon("slurmd", "-D", "-N", node, "-f", str(self._config), name=node)

    def kill_node(self, node: str) -> int:
        """As a loss of power: its daemon and all that runs on it, at once.

        Returns:
            How many processes of jobs went with it.
        """
        self._kill(node, signal.SIGKILL)
        jobs = self._processes_of(node)
        # First what watches over a job: it would still report that the job was killed.
        watchers = {_parent(process) for process in jobs} - set(jobs) - {0, 1}
        for process in (*watchers, *jobs):
            _send(process, signal.SIGKILL)
        return len(jobs)

    def busy_nodes(self) -> list[str]:
        """Nodes on which a simulation is at work."""
        return [node for node in self._nodes if self._processes_of(node, "fingers")]

    def ask(self, *words: str) -> str:
        """What a command of Slurm prints; empty while the controller does not answer."""
        done = subprocess.run(
            words, env=self.environment, capture_output=True, text=True, check=False, timeout=60
        )
        return done.stdout if done.returncode == 0 else ""

    def state_of(self, job: str) -> str:
        """Slurm's word for a job's state."""
        found = re.search(r"JobState=(\w+)", self.ask("scontrol", "show", "job", job))
        return found[1] if found else ""

    def restarts_of(self, job: str) -> int:
        """How often elements of an array were queued again, in all."""
        told = self.ask("scontrol", "show", "job", job)
        return sum(int(count) for count in re.findall(r"Restarts=(\d+)", told))

    def log(self) -> str:
        """The end of what the controller wrote, for a failing test."""
        return "\n".join((self._folder / "log" / "slurmctld.log").read_text().splitlines()[-40:])

    def _idle(self) -> int:
        found = re.findall(r"^idle (\d+)", self.ask("sinfo", "-h", "-o", "%T %D"), re.MULTILINE)
        return sum(int(count) for count in found)

    def _daemon(self, *words: str, name: str = "") -> None:
        name = name or words[0]
        with (self._folder / "log" / f"{name}.out").open("ab") as out:
            self._processes[name] = subprocess.Popen(
                words, env=self.environment, stdout=out, stderr=out, stdin=subprocess.DEVNULL
            )

    def _kill(self, name: str, number: signal.Signals) -> None:
        process = self._processes.pop(name)
        process.send_signal(number)
        process.wait(timeout=30)

    def _processes_of(self, node: str, command: str = "") -> list[int]:
        """What jobs of a node run: Slurm gave them its name, and they are of this cluster."""
        marks = {f"SLURMD_NODENAME={node}".encode(), f"SLURM_CONF={self._config}".encode()}
        found = []
        for place in Path("/proc").glob("[0-9]*"):
            try:
                words = (place / "cmdline").read_bytes().split(b"\0")
                environment = set((place / "environ").read_bytes().split(b"\0"))
            except OSError:
                continue
            name = Path(words[0].decode(errors="replace")).name
            if marks <= environment and (not command or name == command):
                found.append(int(place.name))
        return found


def _parent(process: int) -> int:
    """The process that began another; 0 when that is gone."""
    try:
        # The name in brackets may hold anything; the state and the parent follow it.
        return int(Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[1])
    except OSError:
        return 0


def _send(process: int, number: signal.Signals) -> None:
    try:
        os.kill(process, number)
    except ProcessLookupError:
        pass


def _path() -> str:
    return os.environ.get("PATH", "") + ":/usr/sbin:/sbin"


def _free_ports(count: int) -> list[int]:
    """So many ports in a row that nobody listens on, beginning at a place of chance."""
    while True:
        first = 20000 + secrets.randbelow(20000)
        ports = list(range(first, first + count))
        try:
            for port in ports:
                with socket.socket() as probe:
                    probe.bind(("127.0.0.1", port))
        except OSError:
            continue
        return ports
