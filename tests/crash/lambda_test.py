"""Senders of asynchronous events while the server is killed with SIGKILL again and again, then an audit.

What must hold: every event that was acknowledged comes to its destination, at least once, with what was sent.

usage: lambda_test.py sync|relaxed [SEED]
"""
import base64
import io
import json
import pathlib
import sys
import time
import zipfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
from support.kills import BOUND_SECONDS, Worker, connect, headers_for, work_under_kills

SENDERS = 4
HEADERS = headers_for('lambda', 'application/json')
QUEUE_HEADERS = headers_for('sqs', 'application/x-amz-json-1.0')
HANDLER = b'def handler(event, context):\n    return event["name"]\n'
QUEUE = 'heard'


def post(connection, path, body, headers, expected=(200, 201, 202)):
    connection.request('POST', path, body if isinstance(body, bytes) else json.dumps(body), headers)
    response = connection.getresponse()
    text = response.read()
    if response.status not in expected:
        raise RuntimeError(f'{path}: {response.status} {text!r}')
    return json.loads(text) if text else {}


def queue(connection, operation, **body):
    return post(connection, '/', body, {**QUEUE_HEADERS, 'x-amz-target': f'AmazonSQS.{operation}'})


def package():
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, 'w') as code:
        code.writestr('index.py', HANDLER)
    return base64.b64encode(archive.getvalue()).decode()


def prepare(connection):
    queue(connection, 'CreateQueue', QueueName=QUEUE)
    post(connection, '/2015-03-31/functions', {
        'FunctionName': 'echo', 'Runtime': 'python3.11', 'Handler': 'index.handler', 'Role': 'arn:aws:iam::000000000000:role/any',
        'Code': {'ZipFile': package()}}, HEADERS, expected=(201, 409))
    connection.request('PUT', '/2019-09-25/functions/echo/event-invoke-config', json.dumps(
        {'DestinationConfig': {'OnSuccess': {'Destination': f'arn:aws:sqs:us-east-1:000000000000:{QUEUE}'}}}), HEADERS)
    answer = connection.getresponse()
    assert answer.status == 200, answer.read()
    answer.read()


class Sender(Worker):
    def __init__(self, label):
        super().__init__(label)
        self.sent, self.names = 0, []

    def work(self, connection):
        if not self.sent:
            prepare(connection)
        self.sent += 1
        name = f'{self.label} {self.sent}'
        event = {'name': name, 'ballast': 'x' * (20_000 if self.sent % 50 == 0 else 20)}
        post(connection, '/2015-03-31/functions/echo/invocations', event, {**HEADERS, 'x-amz-invocation-type': 'Event'}, expected=(202,))
        self.names.append(name)


def audit(connection, senders):
    missing = {name for sender in senders for name in sender.names}
    acknowledged, heard = len(missing), 0
    deadline = time.monotonic() + 2 * BOUND_SECONDS
    while missing and time.monotonic() < deadline:
        url = f'http://localhost/000000000000/{QUEUE}'
        messages = queue(connection, 'ReceiveMessage', QueueUrl=url, MaxNumberOfMessages=10, WaitTimeSeconds=1).get('Messages', [])
        for message in messages:
            record = json.loads(message['Body'])
            if record['responsePayload'] != record['requestPayload']['name']:
                yield f'the answer to {record["requestPayload"]["name"]} is {record["responsePayload"]}'
            missing.discard(record['responsePayload'])
            heard += 1
        if messages:
            queue(connection, 'DeleteMessageBatch', QueueUrl=url, Entries=[
                {'Id': str(index), 'ReceiptHandle': message['ReceiptHandle']} for index, message in enumerate(messages)])
    print(f'{acknowledged} events, {heard} records')
    if missing:
        yield f'{len(missing)} of {acknowledged} acknowledged events were never heard of: {sorted(missing)[:5]}'


if __name__ == '__main__':
    workers = [Sender(f'sender {index}') for index in range(SENDERS)]
    work_under_kills(workers, (80, 400), lambda connection: audit(connection, workers))
