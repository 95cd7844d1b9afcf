"""Writers of several streams of one log group while the server is killed with SIGKILL again and again, then an audit.

What must hold: every acknowledged batch is there, once, in its order; one whose answer was lost is there whole or not at all; the group's
stored bytes are those of the events that are there.

usage: logs_test.py sync|relaxed [SEED]
"""
import collections
import json
import pathlib
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
from support.kills import Worker, headers_for, work_under_kills

WRITERS = 4
EVENTS = 5  # a batch
HEADERS = headers_for('logs', 'application/x-amz-json-1.1')


def call(connection, operation, but=None, **parameters):
    """An operation's answer; the error `but` is none."""
    connection.request('POST', '/', json.dumps(parameters), {**HEADERS, 'x-amz-target': f'Logs_20140328.{operation}'})
    response = connection.getresponse()
    body = response.read()
    answer = json.loads(body) if body else {}
    if response.status != 200 and answer.get('__type') != but:
        raise RuntimeError(f'{operation}: {response.status} {body!r}')
    return answer


class Writer(Worker):
    """Puts batches of numbered events into a stream of its own."""

    def __init__(self, label):
        super().__init__(label)
        self.batches, self.unknown = set(), set()
        self.trying = 0

    def work(self, connection):
        if self.trying == 0:
            call(connection, 'CreateLogGroup', but='ResourceAlreadyExistsException', logGroupName='crash')
            call(connection, 'CreateLogStream', but='ResourceAlreadyExistsException', logGroupName='crash', logStreamName=self.label)
        self.trying += 1
        now = int(time.time() * 1000)
        events = [{'timestamp': now, 'message': f'{self.trying}/{i}'} for i in range(EVENTS)]
        call(connection, 'PutLogEvents', logGroupName='crash', logStreamName=self.label, logEvents=events)
        self.batches.add(self.trying)

    def lost(self):
        if self.trying not in self.batches:
            self.unknown.add(self.trying)


def read(connection, stream):
    events, token = [], None
    while True:
        page = call(connection, 'GetLogEvents', logGroupName='crash', logStreamName=stream, startFromHead=True, **({'nextToken': token} if token else {}))
        events += page['events']
        if page['nextForwardToken'] == token:
            return events
        token = page['nextForwardToken']


def audit_stream(writer, events):
    found = collections.defaultdict(list)
    for event in events:
        batch, place = event['message'].split('/')
        found[int(batch)].append(int(place))
    if [event['timestamp'] for event in events] != sorted(event['timestamp'] for event in events):
        yield f'{writer.label}: out of order'
    for batch, places in found.items():
        if places != list(range(EVENTS)):
            yield f'{writer.label}: batch {batch} is there as {places}'
    if missing := writer.batches - found.keys():
        yield f'{writer.label}: {len(missing)} acknowledged batches are gone'
    if invented := found.keys() - writer.batches - writer.unknown:
        yield f'{writer.label}: {len(invented)} batches were never sent'


def audit(connection, writers):
    stored = 0
    for writer in writers:
        events = read(connection, writer.label)
        stored += sum(len(event['message']) + 26 for event in events)
        yield from audit_stream(writer, events)
    counted = call(connection, 'DescribeLogGroups')['logGroups'][0]['storedBytes']
    print(f'{sum(len(writer.unknown) for writer in writers)} unknown, {stored} bytes stored')
    if counted != stored:
        yield f'{stored} bytes are stored, {counted} are counted'


def main():
    writers = [Writer(f'writer-{i}') for i in range(WRITERS)]
    work_under_kills(writers, (100, 600), lambda connection: audit(connection, writers))


if __name__ == '__main__':
    main()
