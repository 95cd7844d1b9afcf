"""Clients of a WebSocket API whose function keeps a registry of connections, while clients go as they like, the function dies now and then, and
the server is killed with SIGKILL again and again. Then an audit of the registry.

What must hold: whoever connected is in the registry while it is connected, and nobody is who is not: $disconnect follows every connection,
after any end, also when the server died with it.

usage: websocket_test.py sync|relaxed [SEED]
"""
import base64
import io
import json
import pathlib
import random
import sys
import threading
import time
import urllib.parse
import zipfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
from support.kills import BOUND_SECONDS, Worker, headers_for, work_under_kills
from support.peers import CLOSE, HANDSHAKE, TEXT, Peer, http1, websocket_frame

CLIENTS = 6
TABLE = 'connections'
DYNAMODB = headers_for('dynamodb', 'application/x-amz-json-1.0')
JSON = {service: headers_for(service, 'application/json') for service in ('lambda', 'apigateway')}
# Without an SDK, which would take longer to load than the server lives.
HANDLER = f'''
import json, os, signal, urllib.request
HEADERS = {DYNAMODB!r}

def registry(operation, connection, field):
    body = json.dumps({{'TableName': '{TABLE}', field: {{'id': {{'S': connection}}}}}}).encode()
    headers = {{**HEADERS, 'x-amz-target': 'DynamoDB_20120810.' + operation}}
    urllib.request.urlopen(urllib.request.Request(os.environ['AWS_ENDPOINT_URL'], body, headers)).read()

def handler(event, context):
    about = event['requestContext']
    if about['routeKey'] == '$connect':
        registry('PutItem', about['connectionId'], 'Item')
    elif about['routeKey'] == '$disconnect':
        registry('DeleteItem', about['connectionId'], 'Key')
    elif event['body'] == 'die':
        os.kill(os.getpid(), signal.SIGKILL)
    return {{'statusCode': 200, 'body': about['connectionId']}}
'''


def call(connection, method, path, body, headers, expected=(200, 201)):
    connection.request(method, path, json.dumps(body), headers)
    response = connection.getresponse()
    text = response.read()
    if response.status not in expected:
        raise RuntimeError(f'{path}: {response.status} {text!r}')
    return json.loads(text) if text else {}


def dynamodb(connection, operation, expected=(200,), **body):
    return call(connection, 'POST', '/', body, {**DYNAMODB, 'x-amz-target': f'DynamoDB_20120810.{operation}'}, expected)


def package():
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, 'w') as code:
        code.writestr('index.py', HANDLER)
    return base64.b64encode(archive.getvalue()).decode()


def make_api(connection):
    """The path of its stage."""
    create = lambda what, **body: call(connection, 'POST', f'/v2/apis{what}', body, JSON['apigateway'])
    api = create('', name='registry', protocolType='WEBSOCKET', routeSelectionExpression='$request.body.action')['apiId']
    function = 'arn:aws:lambda:us-east-1:000000000000:function:registry'
    integration = create(f'/{api}/integrations', integrationType='AWS_PROXY', integrationUri=f'arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/{function}/invocations')
    for key in ('$connect', '$disconnect', '$default'):
        answers = {'routeResponseSelectionExpression': '$default'} if key == '$default' else {}
        route = create(f'/{api}/routes', routeKey=key, target=f'integrations/{integration["integrationId"]}', **answers)
        if answers:
            create(f'/{api}/routes/{route["routeId"]}/routeresponses', routeResponseKey='$default')
    create(f'/{api}/stages', stageName='live', autoDeploy=True)
    return f'/_aws/execute-api/{api}/live'


class Application:
    """Made once, by whoever comes first."""
    lock, path = threading.Lock(), None

    def path_at(self, connection):
        with self.lock:
            if not self.path:
                dynamodb(connection, 'CreateTable', (200, 400), TableName=TABLE, BillingMode='PAY_PER_REQUEST',
                         KeySchema=[{'AttributeName': 'id', 'KeyType': 'HASH'}], AttributeDefinitions=[{'AttributeName': 'id', 'AttributeType': 'S'}])
                call(connection, 'POST', '/2015-03-31/functions', {
                    'FunctionName': 'registry', 'Runtime': 'python3.11', 'Handler': 'index.handler', 'Role': 'arn:aws:iam::000000000000:role/any', 'Timeout': 20,
                    'Code': {'ZipFile': package()}}, JSON['lambda'], expected=(201, 409))
                self.path = make_api(connection)
            return self.path


def open_client(connection, path):
    """None when the function had no place for it."""
    peer = Peer((connection.host, connection.port))
    peer.send(http1(path, fields=HANDSHAKE))
    answer = peer.answer()
    if answer and answer[0] == 101:
        return peer
    peer.close()
    if not answer:
        raise ConnectionError('the server went')
    return None


class Client(Worker):
    def __init__(self, label, application):
        super().__init__(label)
        self.application, self.chance, self.held, self.opened = application, random.Random(label), [], 0

    def work(self, connection):
        path = self.application.path_at(connection)
        peer = open_client(connection, path)
        if not peer:
            return
        self.opened += 1
        if self.chance.random() < 0.1:
            peer.send(websocket_frame(TEXT, b'die'))
        self.held.append(peer)
        while len(self.held) > self.chance.randrange(4):
            self.leave(self.held.pop(0))

    def leave(self, peer):
        if self.chance.random() < 0.5:
            peer.reset()
        else:
            peer.send(websocket_frame(CLOSE, (1000).to_bytes(2)))
            peer.close()

    def lost(self):
        for peer in self.held:
            peer.close()
        self.held = []

    def run(self):
        super().run()
        self.lost()


def registered(connection):
    return {item['id']['S'] for item in dynamodb(connection, 'Scan', TableName=TABLE, ConsistentRead=True)['Items']}


def audit(connection, application, clients):
    print(f'{sum(client.opened for client in clients)} connections')
    deadline = time.monotonic() + 2 * BOUND_SECONDS
    while (stale := registered(connection)) and time.monotonic() < deadline:
        time.sleep(0.2)
    if stale:
        yield f'{len(stale)} connections are registered that are no more: {sorted(stale)[:5]}'
    peer = open_client(connection, application.path_at(connection))
    if not peer:
        yield 'nobody can connect any more'
        return
    with peer:
        peer.send(websocket_frame(TEXT, b'who am I?'))
        own = peer.message()[1].decode()
        if registered(connection) != {own}:
            yield f'{own} is connected, and registered are {registered(connection)}'


if __name__ == '__main__':
    application = Application()
    clients = [Client(f'client {index}', application) for index in range(CLIENTS)]
    work_under_kills(clients, (20, 80), lambda connection: audit(connection, application, clients))
