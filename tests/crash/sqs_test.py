"""Producers and consumers while the server is killed with SIGKILL again and again, then an audit.

What must hold: every acknowledged send is delivered; a message whose deletion was acknowledged never comes back;
a FIFO group is delivered in the order it was sent, without gaps and without duplicates after deletion.

usage: sqs_test.py sync|relaxed [SEED]
"""
import collections
import http.client
import json
import pathlib
import random
import sys
import tempfile
import threading
import time
import urllib.parse

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
from support.outcrop import Outcrop

KILLS = 8
ACKS_BETWEEN_KILLS = (150, 900)  # a kill comes after that many more acknowledgements, by chance
GROUPS = 6
BOUND_SECONDS = 120
HEADERS = {
    'content-type': 'application/x-amz-json-1.0',
    'authorization': 'AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/sqs/aws4_request, SignedHeaders=host, Signature=' + '0' * 64,
    'x-amz-date': '20260101T000000Z',
}


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
        self.arguments = ('--durability', durability)
        self.folder = folder
        self.server = Outcrop(*self.arguments, data=folder)
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
    """One connection of one thread."""

    def __init__(self, cluster):
        self.cluster, self.connection, self.generation = cluster, None, None

    def call(self, operation, **parameters):
        endpoint, generation = self.cluster.current()
        if self.connection is None or self.generation != generation:
            self.connection = http.client.HTTPConnection(urllib.parse.urlparse(endpoint).netloc, timeout=30)
            self.generation = generation
        try:
            self.connection.request('POST', '/', json.dumps(parameters), {**HEADERS, 'x-amz-target': f'AmazonSQS.{operation}'})
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
    def __init__(self):
        self.lock = threading.Lock()
        self.sent = set()                            # acknowledged sends on the standard queue
        self.maybe_sent = set()
        self.received = collections.Counter()
        self.deleted = set()                         # acknowledged deletions
        self.fifo_sent = collections.defaultdict(list)
        self.fifo_first = collections.defaultdict(list)  # first deliveries, in order, per group
        self.fifo_deleted = set()
        self.problems = []

    def problem(self, text):
        with self.lock:
            self.problems.append(text)


def produce_standard(cluster, audit, url, name, stop):
    client, n = Client(cluster), 0
    while not stop.is_set():
        n += 1
        body = f'{name}-{n}-' + 'x' * (n * 37 % 3000)
        try:
            client.call('SendMessage', QueueUrl=url, MessageBody=body)
            with audit.lock:
                audit.sent.add(body)
        except Gone:
            with audit.lock:
                audit.maybe_sent.add(body)


def produce_fifo(cluster, audit, url, group, stop):
    client, n = Client(cluster), 0
    while not stop.is_set():
        n += 1
        body = f'{group}-{n:06}'
        while True:  # the same deduplication id until it is acknowledged: exactly one message
            try:
                client.call('SendMessage', QueueUrl=url, MessageBody=body, MessageGroupId=group, MessageDeduplicationId=body)
                break
            except Gone:
                if cluster.finished:
                    return
        with audit.lock:
            audit.fifo_sent[group].append(body)


def receive(client, url):
    return client.call('ReceiveMessage', QueueUrl=url, MaxNumberOfMessages=10, WaitTimeSeconds=1, MessageSystemAttributeNames=['MessageGroupId']).get('Messages', [])


def consume(cluster, audit, url, drained, is_fifo):
    client, empty = Client(cluster), 0
    while not (drained.is_set() and empty >= 4):  # four empty seconds after the end exceed every visibility time-out
        try:
            messages = receive(client, url)
        except Gone:
            continue
        empty = 0 if messages else empty + 1
        for message in messages:
            note_delivery(audit, message, is_fifo)
        for message in messages:
            try:
                client.call('DeleteMessage', QueueUrl=url, ReceiptHandle=message['ReceiptHandle'])
            except Gone:
                continue
            except Refused as refused:
                if is_fifo and 'expired' in str(refused):
                    continue  # it took longer than the visibility time-out and will be delivered again
                raise
            with audit.lock:
                (audit.fifo_deleted if is_fifo else audit.deleted).add(message['Body'])


def note_delivery(audit, message, is_fifo):
    body = message['Body']
    with audit.lock:
        if body in (audit.fifo_deleted if is_fifo else audit.deleted):
            audit.problems.append(f'came back after its deletion was acknowledged: {body[:40]}')
        audit.received[body] += 1
        if is_fifo and audit.received[body] == 1:
            audit.fifo_first[message['Attributes']['MessageGroupId']].append(body)


def guarded(audit, work, *arguments):
    def run():
        try:
            work(*arguments)
        except Exception as error:  # a thread's failure is a finding, not a silence
            audit.problem(f'{work.__name__}: {type(error).__name__}: {error}')
    thread = threading.Thread(target=run)
    thread.start()
    return thread


def check(audit):
    lost = audit.sent - set(audit.received)
    if lost:
        audit.problem(f'{len(lost)} acknowledged messages were lost, e.g. {next(iter(lost))[:40]}')
    unknown = {body for body in audit.received if not body.startswith('group')} - audit.sent - audit.maybe_sent
    if unknown:
        audit.problem(f'{len(unknown)} messages nobody sent')
    for group, bodies in audit.fifo_sent.items():
        got = audit.fifo_first[group]
        if got[: len(bodies)] != bodies:
            wrong = next((i for i, (a, b) in enumerate(zip(bodies, got)) if a != b), min(len(bodies), len(got)))
            audit.problem(f'{group}: {len(bodies)} sent, {len(got)} delivered, first difference at {wrong}: {bodies[wrong:wrong+3]} against {got[wrong:wrong+3]}')


def main():
    durability = sys.argv[1]
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else time.time_ns() % 1_000_000
    print(f'seed {seed}')
    chance, audit = random.Random(seed), Audit()
    with tempfile.TemporaryDirectory() as folder:
        cluster = Cluster(durability, folder)
        setup = Client(cluster)
        standard = setup.call('CreateQueue', QueueName='audit', Attributes={'VisibilityTimeout': '2'})['QueueUrl']
        fifo = setup.call('CreateQueue', QueueName='audit.fifo', Attributes={'FifoQueue': 'true', 'VisibilityTimeout': '2'})['QueueUrl']
        stop, drained = threading.Event(), threading.Event()
        producers = [guarded(audit, produce_standard, cluster, audit, standard, f'p{i}', stop) for i in range(4)]
        producers += [guarded(audit, produce_fifo, cluster, audit, fifo, f'group{i}', stop) for i in range(GROUPS)]
        consumers = [guarded(audit, consume, cluster, audit, url, drained, url == fifo) for url in (standard, standard, fifo, fifo)]
        for _ in range(KILLS):
            cluster.wait_for_acks(chance.randint(*ACKS_BETWEEN_KILLS))
            cluster.restart()
        cluster.wait_for_acks(100)
        stop.set()
        for thread in producers:
            thread.join(BOUND_SECONDS)
        drained.set()
        for thread in consumers:
            thread.join(BOUND_SECONDS)
        cluster.finished = True
        cluster.server.stop()
    check(audit)
    print(f'{KILLS} kills, {cluster.acks} acknowledged calls, {len(audit.sent)} standard and {sum(map(len, audit.fifo_sent.values()))} FIFO messages sent')
    for text in audit.problems[:20]:
        print('PROBLEM', text)
    sys.exit(1 if audit.problems else 0)


if __name__ == '__main__':
    main()
