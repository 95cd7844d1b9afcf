"""Accounts raise their quotas while the server is killed with SIGKILL again and again, then an audit.

What must hold: what applies is the last value that was acknowledged, or the one behind it whose answer was lost; every
acknowledged request is in the history, once; what applies is what the history says last.

usage: service_quotas_test.py sync|relaxed [SEED]
"""
import http.client
import json
import pathlib
import random
import sys
import tempfile
import threading
import urllib.parse

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
from support.outcrop import Outcrop

KILLS = 8
ACCOUNTS = 4
ACKS_BETWEEN_KILLS = (50, 300)  # a kill comes after that many more acknowledgements, by chance
BOUND_SECONDS = 60
QUOTA = {'ServiceCode': 'bedrock', 'QuotaCode': 'L-C0326783'}  # Cross-region model inference tokens per minute for Amazon Nova Pro
DEFAULT = 2_000_000


def call(connection, account, operation, **parameters):
    headers = {
        'content-type': 'application/x-amz-json-1.1',
        'x-amz-target': f'ServiceQuotasV20190624.{operation}',
        'x-amz-date': '20260101T000000Z',
        'authorization': f'AWS4-HMAC-SHA256 Credential={account}/20260101/us-east-1/servicequotas/aws4_request, SignedHeaders=host, Signature=' + '0' * 64,
    }
    connection.request('POST', '/', json.dumps(parameters), headers)
    response = connection.getresponse()
    body = response.read()
    if response.status != 200:
        raise RuntimeError(f'{operation}: {response.status} {body!r}')
    return json.loads(body)


def connect(endpoint):
    return http.client.HTTPConnection(urllib.parse.urlparse(endpoint).netloc, timeout=30)


class Account(threading.Thread):
    """Asks for one token more, again and again."""

    def __init__(self, account, endpoint_of, changed, stop):
        super().__init__()
        self.account, self.endpoint_of, self.changed, self.stop = account, endpoint_of, changed, stop
        self.value = DEFAULT  # the last that was asked for
        self.acknowledged = {}  # ids by value
        self.problem = None

    def run(self):
        try:
            while not self.stop.is_set():
                self.raise_until_it_goes(self.endpoint_of())
        except Exception as error:  # a thread's failure is a finding, not a silence
            self.problem = f'{self.account}: {type(error).__name__}: {error}'

    def raise_until_it_goes(self, endpoint):
        connection = connect(endpoint)
        try:
            while not self.stop.is_set():
                self.value += 1  # also after an answer was lost: its value may apply
                change = call(connection, self.account, 'RequestServiceQuotaIncrease', **QUOTA, DesiredValue=self.value)['RequestedQuota']
                self.acknowledged[self.value] = change['Id']
                with self.changed:
                    self.changed.notify_all()
        except (OSError, http.client.HTTPException):
            pass
        finally:
            connection.close()

    def audit(self, connection):
        history, token = [], {}
        while True:
            page = call(connection, self.account, 'ListRequestedServiceQuotaChangeHistory', **token)
            history += page['RequestedQuotas']
            if 'NextToken' not in page:
                break
            token = {'NextToken': page['NextToken']}
        kept = {int(change['DesiredValue']): change['Id'] for change in history}
        applied = int(call(connection, self.account, 'GetServiceQuota', **QUOTA)['Quota']['Value'])
        if len(kept) != len(history) or [int(change['DesiredValue']) for change in history] != sorted(kept, reverse=True):
            yield f'{self.account}: the history is not each value once, the newest first'
        if applied != max(kept, default=DEFAULT):
            yield f'{self.account}: {applied} applies, and the history ends with {max(kept, default=DEFAULT)}'
        for value, id in self.acknowledged.items():
            if kept.get(value) != id:
                yield f'{self.account}: the request for {value} was acknowledged and is gone'


def main():
    durability = sys.argv[1]
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else random.randrange(10**6)
    print(f'seed {seed}')
    chance = random.Random(seed)
    changed, stop, up = threading.Condition(), threading.Event(), threading.Event()
    with tempfile.TemporaryDirectory() as folder, Outcrop('--durability', durability, data=folder) as server:
        up.set()

        def endpoint_of():
            assert up.wait(BOUND_SECONDS), 'the server stayed away'
            return server.endpoint

        accounts = [Account(f'{i}' * 12, endpoint_of, changed, stop) for i in range(1, ACCOUNTS + 1)]
        for account in accounts:
            account.start()
        acknowledged = lambda: sum(len(account.acknowledged) for account in accounts)
        try:
            for _ in range(KILLS):
                goal = acknowledged() + chance.randrange(*ACKS_BETWEEN_KILLS)
                with changed:
                    assert changed.wait_for(lambda: acknowledged() >= goal, BOUND_SECONDS), 'no more is acknowledged'
                up.clear()
                server.kill()
                server.start()
                up.set()
        finally:
            stop.set()
            up.set()
            for account in accounts:
                account.join()
        problems = [account.problem for account in accounts if account.problem]
        connection = connect(server.endpoint)
        print(f'{KILLS} kills, {acknowledged()} acknowledged')
        for account in accounts:
            problems += account.audit(connection)
        connection.close()
        assert server.stop() == 0, ''.join(server.log)
    if problems:
        sys.exit('\n'.join(problems))


if __name__ == '__main__':
    main()
