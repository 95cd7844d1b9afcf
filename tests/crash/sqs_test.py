"""Producers and consumers while the server is killed with SIGKILL again and again, then an audit.

What must hold: every acknowledged send is delivered; a message whose deletion was acknowledged never comes back;
a FIFO group is delivered in the order it was sent, without gaps and without duplicates after deletion.

usage: sqs_test.py sync|relaxed [SEED]
"""
import collections
import functools
import pathlib
import random
import sys
import tempfile
import threading
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
from support.cluster import BOUND_SECONDS, Audit, Client, Cluster, Gone, Refused, guarded

KILLS = 8
ACKS_BETWEEN_KILLS = (150, 900)  # a kill comes after that many more acknowledgements, by chance
GROUPS = 6
connected = functools.partial(Client, service='sqs', target_prefix='AmazonSQS')


class Findings(Audit):
    def __init__(self):
        super().__init__()
        self.sent = set()                            # acknowledged sends on the standard queue
        self.maybe_sent = set()
        self.received = collections.Counter()
        self.deleted = set()                         # acknowledged deletions
        self.fifo_sent = collections.defaultdict(list)
        self.fifo_first = collections.defaultdict(list)  # first deliveries, in order, per group
        self.fifo_deleted = set()


def produce_standard(cluster, audit, url, name, stop):
    client, n = connected(cluster), 0
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
    client, n = connected(cluster), 0
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
    client, empty = connected(cluster), 0
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
    chance, audit = random.Random(seed), Findings()
    with tempfile.TemporaryDirectory() as folder:
        cluster = Cluster(durability, folder)
        setup = connected(cluster)
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
