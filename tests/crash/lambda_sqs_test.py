"""Senders to a queue that a function reads while the server is killed with SIGKILL again and again, then an audit.

The function sends what it gets to a queue of results before it succeeds. What must hold: every acknowledged message is among the results,
and in the end the queue is empty: nothing is deleted that was not processed, and nothing stays.

usage: lambda_sqs_test.py sync|relaxed [SEED]
"""
import base64
import io
import json
import pathlib
import sys
import threading
import time
import zipfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
from support.kills import Worker, headers_for, work_under_kills

SENDERS = 3
DRAIN_SECONDS = 90
SQS_HEADERS = headers_for('sqs', 'application/x-amz-json-1.0')
LAMBDA_HEADERS = headers_for('lambda', 'application/json')
SOURCE = '''
const credential = process.env.AWS_ACCESS_KEY_ID + '/20260101/us-east-1/sqs/aws4_request';
const headers = { 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': 'AmazonSQS.SendMessage',
  authorization: 'AWS4-HMAC-SHA256 Credential=' + credential + ', SignedHeaders=host, Signature=' + '0'.repeat(64) };
export const handler = async ({ Records }) => {
  const QueueUrl = process.env.AWS_ENDPOINT_URL + '/000000000000/results';
  const body = JSON.stringify({ QueueUrl, MessageBody: JSON.stringify(Records.map((record) => record.body)) });
  const answer = await fetch(process.env.AWS_ENDPOINT_URL, { method: 'POST', headers, body });
  if (!answer.ok) throw new Error(await answer.text());
};
'''


def sqs(connection, operation, **parameters):
    connection.request('POST', '/', json.dumps(parameters), {**SQS_HEADERS, 'x-amz-target': f'AmazonSQS.{operation}'})
    response = connection.getresponse()
    body = response.read()
    if response.status != 200:
        raise RuntimeError(f'{operation}: {response.status} {body!r}')
    return json.loads(body or '{}')


def lambda_call(connection, method, path, but=None, **parameters):
    """An operation's answer; a status of `but` is none."""
    connection.request(method, '/2015-03-31' + path, json.dumps(parameters) if parameters else None, LAMBDA_HEADERS)
    response = connection.getresponse()
    body = response.read()
    if response.status >= 300 and response.status != but:
        raise RuntimeError(f'{path}: {response.status} {body!r}')
    return json.loads(body or '{}')


def package():
    file = io.BytesIO()
    with zipfile.ZipFile(file, 'w') as archive:
        archive.writestr('index.mjs', SOURCE)
    return base64.b64encode(file.getvalue()).decode()


def set_up(connection):
    """May be cut off at any point and done again."""
    sqs(connection, 'CreateQueue', QueueName='results')
    sqs(connection, 'CreateQueue', QueueName='work', Attributes={'VisibilityTimeout': '3'})
    lambda_call(connection, 'POST', '/functions', but=409, FunctionName='worker', Role='arn:aws:iam::000000000000:role/worker',
                Runtime='nodejs20.x', Handler='index.handler', Code={'ZipFile': package()})
    lambda_call(connection, 'POST', '/event-source-mappings', but=409, FunctionName='worker', BatchSize=5,
                EventSourceArn='arn:aws:sqs:us-east-1:000000000000:work')


class Sender(Worker):
    is_set_up = threading.Event()

    def __init__(self, label):
        super().__init__(label)
        self.sent = set()
        self.trying = 0

    def work(self, connection):
        if not self.is_set_up.is_set():
            set_up(connection)
            self.is_set_up.set()
        self.trying += 1
        body = f'{self.label}/{self.trying}'
        sqs(connection, 'SendMessage', QueueUrl='/000000000000/work', MessageBody=body)
        self.sent.add(body)


def left(connection):
    names = ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible']
    attributes = sqs(connection, 'GetQueueAttributes', QueueUrl='/000000000000/work', AttributeNames=names)['Attributes']
    return sum(int(attributes[name]) for name in names)


def audit(connection, senders):
    sent = set().union(*(sender.sent for sender in senders))
    processed, results = set(), 0
    deadline = time.monotonic() + DRAIN_SECONDS
    while time.monotonic() < deadline and (not sent <= processed or left(connection) > 0):
        answer = sqs(connection, 'ReceiveMessage', QueueUrl='/000000000000/results', MaxNumberOfMessages=10, WaitTimeSeconds=1)
        for message in answer.get('Messages', []):
            bodies = json.loads(message['Body'])
            results += len(bodies)
            processed.update(bodies)
            sqs(connection, 'DeleteMessage', QueueUrl='/000000000000/results', ReceiptHandle=message['ReceiptHandle'])
    print(f'{len(sent)} sent, {results} processed, {left(connection)} left')
    if missing := sent - processed:
        yield f'{len(missing)} acknowledged messages were never processed, among them {sorted(missing)[:5]}'
    if left(connection):
        yield f'{left(connection)} messages stayed in the queue'


def main():
    senders = [Sender(f'sender-{i}') for i in range(SENDERS)]
    work_under_kills(senders, (100, 500), lambda connection: audit(connection, senders))


if __name__ == '__main__':
    main()
