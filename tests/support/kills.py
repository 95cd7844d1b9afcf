"""Threads that work while the server is killed with SIGKILL again and again, then an audit: what the crash tests have in common."""
import http.client
import pathlib
import random
import sys
import tempfile
import threading
import urllib.parse

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
from support.outcrop import Outcrop

KILLS = 8
BOUND_SECONDS = 60


def connect(endpoint):
    return http.client.HTTPConnection(urllib.parse.urlparse(endpoint).netloc, timeout=30)


def headers_for(service, content_type, access_key='test'):
    """Of a request that is signed as open mode wants it: well-formed."""
    return {
        'content-type': content_type,
        'authorization': f'AWS4-HMAC-SHA256 Credential={access_key}/20260101/us-east-1/{service}/aws4_request, SignedHeaders=host, Signature=' + '0' * 64,
        'x-amz-date': '20260101T000000Z',
    }


class Worker(threading.Thread):
    """Does work() again and again, over a new connection whenever one is lost."""

    def __init__(self, label):
        super().__init__()
        self.label = label
        self.acknowledged = 0
        self.problem = None

    def work(self, connection):
        """One piece of work; it counts once it returns."""
        raise NotImplementedError

    def lost(self):
        """The server went while work() was under way: whether it was done is unknown."""

    def run(self):
        try:
            while not self.place.stop.is_set():
                self.work_until_it_goes(connect(self.place.endpoint()))
        except Exception as error:  # a thread's failure is a finding, not a silence
            self.problem = f'{self.label}: {type(error).__name__}: {error}'

    def work_until_it_goes(self, connection):
        try:
            while not self.place.stop.is_set():
                self.work(connection)
                self.acknowledged += 1
                with self.place.changed:
                    self.place.changed.notify_all()
        except (OSError, http.client.HTTPException):
            self.lost()
        finally:
            connection.close()


class Place:
    """The server, as its workers see it."""

    def __init__(self, server):
        self.server = server
        self.changed, self.stop, self.up = threading.Condition(), threading.Event(), threading.Event()
        self.up.set()

    def endpoint(self):
        assert self.up.wait(BOUND_SECONDS), 'the server stayed away'
        return self.server.endpoint

    def restart(self):
        self.up.clear()
        self.server.kill()
        self.server.start()
        self.up.set()


def work_under_kills(workers, acks_between_kills, audit):
    """The whole test, with the command line's durability and seed. A kill comes after that many more acknowledgements, by chance;
    audit(connection) yields what is wrong at the end."""
    durability = sys.argv[1]
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else random.randrange(10**6)
    print(f'seed {seed}')
    chance = random.Random(seed)
    acknowledged = lambda: sum(worker.acknowledged for worker in workers)
    with tempfile.TemporaryDirectory() as folder, Outcrop('--durability', durability, data=folder) as server:
        place = Place(server)
        for worker in workers:
            worker.place = place
            worker.start()
        try:
            for _ in range(KILLS):
                goal = acknowledged() + chance.randrange(*acks_between_kills)
                with place.changed:
                    assert place.changed.wait_for(lambda: acknowledged() >= goal, BOUND_SECONDS), 'no more is acknowledged'
                place.restart()
        finally:
            place.stop.set()
            place.up.set()
            for worker in workers:
                worker.join()
        connection = connect(server.endpoint)
        problems = [worker.problem for worker in workers if worker.problem] + list(audit(connection))
        connection.close()
        print(f'{KILLS} kills, {acknowledged()} acknowledged')
        assert server.stop() == 0, ''.join(server.log)
    if problems:
        sys.exit('\n'.join(problems))
