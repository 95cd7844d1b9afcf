"""Accounts raise their quotas while the server is killed with SIGKILL again and again, then an audit.

What must hold: what applies is the last value that was acknowledged, or the one behind it whose answer was lost; every
acknowledged request is in the history, once; what applies is what the history says last.

usage: service_quotas_test.py sync|relaxed [SEED]
"""
import json
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
from support.kills import Worker, headers_for, work_under_kills

ACCOUNTS = 4
QUOTA = {'ServiceCode': 'bedrock', 'QuotaCode': 'L-C0326783'}  # Cross-region model inference tokens per minute for Amazon Nova Pro
DEFAULT = 2_000_000


def call(connection, account, operation, **parameters):
    headers = headers_for('servicequotas', 'application/x-amz-json-1.1', access_key=account)
    connection.request('POST', '/', json.dumps(parameters), {**headers, 'x-amz-target': f'ServiceQuotasV20190624.{operation}'})
    response = connection.getresponse()
    body = response.read()
    if response.status != 200:
        raise RuntimeError(f'{operation}: {response.status} {body!r}')
    return json.loads(body)


class Account(Worker):
    """Asks for one token more, again and again."""

    def __init__(self, account):
        super().__init__(account)
        self.value = DEFAULT  # the last that was asked for
        self.ids = {}  # of acknowledged requests, by value

    def work(self, connection):
        self.value += 1  # also after an answer was lost: its value may apply
        change = call(connection, self.label, 'RequestServiceQuotaIncrease', **QUOTA, DesiredValue=self.value)['RequestedQuota']
        self.ids[self.value] = change['Id']

    def audit(self, connection):
        history, token = [], {}
        while True:
            page = call(connection, self.label, 'ListRequestedServiceQuotaChangeHistory', **token)
            history += page['RequestedQuotas']
            if 'NextToken' not in page:
                break
            token = {'NextToken': page['NextToken']}
        kept = {int(change['DesiredValue']): change['Id'] for change in history}
        applied = int(call(connection, self.label, 'GetServiceQuota', **QUOTA)['Quota']['Value'])
        if len(kept) != len(history) or [int(change['DesiredValue']) for change in history] != sorted(kept, reverse=True):
            yield f'{self.label}: the history is not each value once, the newest first'
        if applied != max(kept, default=DEFAULT):
            yield f'{self.label}: {applied} applies, and the history ends with {max(kept, default=DEFAULT)}'
        for value, id in self.ids.items():
            if kept.get(value) != id:
                yield f'{self.label}: the request for {value} was acknowledged and is gone'


def main():
    accounts = [Account(f'{i}' * 12) for i in range(1, ACCOUNTS + 1)]
    work_under_kills(accounts, (50, 300), lambda connection: [problem for account in accounts for problem in account.audit(connection)])


if __name__ == '__main__':
    main()
