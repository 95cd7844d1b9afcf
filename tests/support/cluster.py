"""A server that is killed with SIGKILL and started again, for crash tests whose threads differ in kind: they call it, wait while it is
away, and write what they find to an audit. Where all threads do one kind of work, support.kills is simpler."""
import http.client
import json
import pathlib
import sys
import threading

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
from support.kills import connect, headers_for
from support.outcrop import Outcrop

BOUND_SECONDS = 120


class Gone(Exception):
    """The server went away before it answered: whether it did the work is unknown."""


class Refused(Exception):
    pass


class Cluster:
    """The server that is killed and started; callers wait here while it is away."""

    def __init__(self, durability, folder):
        self.changed = threading.Condition()
        self.acks = 0
        self.finished = False
        self.server = Outcrop('--durability', durability, data=folder)
        self.endpoint, self.generation = self.server.endpoint, 0

    def restart(self):
        with self.changed:
            self.endpoint = None
        self.server.kill()
        self.server.start()
        with self.changed:
            self.endpoint = self.server.endpoint
            self.generation += 1
            self.changed.notify_all()

    def current(self):
        with self.changed:
            assert self.changed.wait_for(lambda: self.endpoint, BOUND_SECONDS), 'the server stayed away'
            return self.endpoint, self.generation

    def wait_for_next(self, generation):
        """After a connection failed: until the server that replaces it is there (or it was only the old connection)."""
        with self.changed:
            self.changed.wait_for(lambda: self.generation > generation and self.endpoint or self.finished, 10)

    def acknowledged(self):
        with self.changed:
            self.acks += 1
            self.changed.notify_all()

    def wait_for_acks(self, more):
        with self.changed:
            goal = self.acks + more
            assert self.changed.wait_for(lambda: self.acks >= goal, BOUND_SECONDS), f'stuck at {self.acks} acknowledgements'


class Client:
    """One connection of one thread, to a service by its signing name and the prefix of its X-Amz-Target."""

    def __init__(self, cluster, service, target_prefix):
        self.cluster, self.connection, self.generation = cluster, None, None
        self.headers, self.target_prefix = headers_for(service, 'application/x-amz-json-1.0'), target_prefix

    def call(self, operation, **parameters):
        endpoint, generation = self.cluster.current()
        if self.connection is None or self.generation != generation:
            self.connection = connect(endpoint)
            self.generation = generation
        try:
            self.connection.request('POST', '/', json.dumps(parameters), {**self.headers, 'x-amz-target': f'{self.target_prefix}.{operation}'})
            response = self.connection.getresponse()
            body = response.read()
        except (OSError, http.client.HTTPException) as error:
            self.connection = None
            self.cluster.wait_for_next(generation)
            raise Gone from error
        if response.status != 200:
            raise Refused(f'{operation}: {response.status} {body!r}')
        self.cluster.acknowledged()
        return json.loads(body) if body else {}


class Audit:
    """What threads found; `lock` also guards what a kind of audit adds."""

    def __init__(self):
        self.lock = threading.Lock()
        self.problems = []

    def problem(self, text):
        with self.lock:
            self.problems.append(text)


def guarded(audit, work, *arguments):
    """A thread that does work(*arguments)."""
    def run():
        try:
            work(*arguments)
        except Exception as error:  # a thread's failure is a finding, not a silence
            audit.problem(f'{work.__name__}: {type(error).__name__}: {error}')
    thread = threading.Thread(target=run)
    thread.start()
    return thread
