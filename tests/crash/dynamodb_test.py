"""Writers of items while the server is killed with SIGKILL again and again, then an audit.

What must hold: a counter counts each acknowledged update once and gives no value twice; transfers between items never make or lose
anything, whoever looks, and a transfer that is repeated with its token until it is answered is carried out once; an index has just the
items of its table.

usage: dynamodb_test.py sync|relaxed [SEED]
"""
import collections
import functools
import json
import pathlib
import random
import sys
import tempfile
import threading
import uuid

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
from support.cluster import BOUND_SECONDS, Audit, Client, Cluster, Gone, Refused, guarded

KILLS = 6
ACKS_BETWEEN_KILLS = (200, 1200)  # a kill comes after that many more acknowledgements, by chance
COUNTERS = 3
ACCOUNTS, DEPOSIT = 6, 100
SIZES = (2000, 2000, 60_000)  # of moving items: the index has large ones by reference
connected = functools.partial(Client, service='dynamodb', target_prefix='DynamoDB_20120810')


class Findings(Audit):
    def __init__(self):
        super().__init__()
        self.counted = collections.defaultdict(list)  # the values that acknowledged updates gave, per counter
        self.maybe_counted = collections.Counter()
        self.transfers = collections.Counter()        # acknowledged, per thread


def key(name):
    return {'id': {'S': name}}


def count(cluster, audit, name, stop):
    client, last = connected(cluster), 0
    while not stop.is_set():
        try:
            answer = client.call('UpdateItem', TableName='counters', Key=key(name), UpdateExpression='ADD n :one',
                                 ExpressionAttributeValues={':one': {'N': '1'}}, ReturnValues='UPDATED_NEW')
        except Gone:
            with audit.lock:
                audit.maybe_counted[name] += 1
            continue
        except Refused as refused:
            if 'TransactionConflictException' in str(refused):
                continue
            raise
        value = int(answer['Attributes']['n']['N'])
        if value <= last:
            audit.problem(f'{name} went back from {last} to {value}')
        last = value
        with audit.lock:
            audit.counted[name].append(value)


def update(account, change, condition, amount):
    return {'Update': {'TableName': 'accounts', 'Key': key(account), 'UpdateExpression': f'SET balance = balance {change} :a',
                       **({'ConditionExpression': 'balance >= :a'} if condition else {}), 'ExpressionAttributeValues': {':a': {'N': str(amount)}}}}


def transfer(cluster, audit, name, chance, stop):
    client = connected(cluster)
    while not stop.is_set():
        source, target = chance.sample(range(ACCOUNTS), 2)
        amount = chance.randint(1, 20)
        note = {'Update': {'TableName': 'counters', 'Key': key(name), 'UpdateExpression': 'ADD n :one', 'ExpressionAttributeValues': {':one': {'N': '1'}}}}
        items = [update(f'a{source}', '-', True, amount), update(f'a{target}', '+', False, amount), note]
        token = str(uuid.UUID(int=chance.getrandbits(128)))
        while True:  # the same token until it is answered: carried out once
            try:
                client.call('TransactWriteItems', TransactItems=items, ClientRequestToken=token)
                with audit.lock:
                    audit.transfers[name] += 1
                break
            except Gone:
                continue
            except Refused as refused:
                if 'TransactionCanceledException' in str(refused):
                    break  # too little to take, or in another's way
                raise


def look(cluster, audit, stop):
    client = connected(cluster)
    items = [{'Get': {'TableName': 'accounts', 'Key': key(f'a{i}')}} for i in range(ACCOUNTS)]
    while not stop.is_set():
        try:
            answer = client.call('TransactGetItems', TransactItems=items)
        except Gone:
            continue
        except Refused as refused:
            if 'TransactionConflict' in str(refused):
                continue
            raise
        balances = [int(response['Item']['balance']['N']) for response in answer['Responses']]
        if sum(balances) != ACCOUNTS * DEPOSIT or min(balances) < 0:
            audit.problem(f'the accounts hold {balances}')


def move(cluster, audit, name, chance, stop):
    """Items that come, change their place in the index, and go."""
    client = connected(cluster)
    while not stop.is_set():
        item = key(f'{name}-{chance.randrange(200)}')
        try:
            if chance.random() < 0.3:
                client.call('DeleteItem', TableName='moving', Key=item)
            else:
                client.call('PutItem', TableName='moving', Item={**item, 'room': {'S': f'r{chance.randrange(4)}'}, 'text': {'S': 'x' * chance.randrange(chance.choice(SIZES))}})
        except Gone:
            continue


def make_tables(client):
    for name in ('counters', 'accounts', 'moving'):
        index = {} if name != 'moving' else {'GlobalSecondaryIndexes': [
            {'IndexName': 'by-room', 'KeySchema': [{'AttributeName': 'room', 'KeyType': 'HASH'}], 'Projection': {'ProjectionType': 'ALL'}}]}
        attributes = ['id'] + (['room'] if index else [])
        client.call('CreateTable', TableName=name, BillingMode='PAY_PER_REQUEST', KeySchema=[{'AttributeName': 'id', 'KeyType': 'HASH'}],
                    AttributeDefinitions=[{'AttributeName': attribute, 'AttributeType': 'S'} for attribute in attributes], **index)
    for i in range(ACCOUNTS):
        client.call('PutItem', TableName='accounts', Item={**key(f'a{i}'), 'balance': {'N': str(DEPOSIT)}})


def scan(client, **parameters):
    items, start = [], {}
    while True:
        page = client.call('Scan', **parameters, **start)
        items += page['Items']
        if 'LastEvaluatedKey' not in page:
            return items
        start = {'ExclusiveStartKey': page['LastEvaluatedKey']}


def check(client, audit):
    for name, values in audit.counted.items():
        if len(set(values)) != len(values):
            audit.problem(f'{name} gave a value twice')
        final = int(client.call('GetItem', TableName='counters', Key=key(name), ConsistentRead=True)['Item']['n']['N'])
        if not len(values) <= final <= len(values) + audit.maybe_counted[name] or final < max(values):
            audit.problem(f'{name} is {final}: {len(values)} acknowledged, {audit.maybe_counted[name]} unknown, at most {max(values)} told')
    for name, done in audit.transfers.items():
        noted = int(client.call('GetItem', TableName='counters', Key=key(name), ConsistentRead=True)['Item']['n']['N'])
        if noted != done:
            audit.problem(f'{name}: {done} transfers acknowledged, {noted} carried out')
    by_id = lambda items: sorted(json.dumps(item, sort_keys=True) for item in items)
    if by_id(scan(client, TableName='moving')) != by_id(scan(client, TableName='moving', IndexName='by-room')):
        audit.problem('the index differs from its table')


def main():
    durability = sys.argv[1]
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else random.SystemRandom().getrandbits(32)
    print(f'seed {seed}')
    chance = random.Random(seed)
    audit, stop = Findings(), threading.Event()
    with tempfile.TemporaryDirectory() as folder:
        cluster = Cluster(durability, folder)
        client = connected(cluster)
        make_tables(client)
        threads = [guarded(audit, count, cluster, audit, f'c{i % COUNTERS}', stop) for i in range(2 * COUNTERS)]
        threads += [guarded(audit, transfer, cluster, audit, f't{i}', random.Random(chance.getrandbits(32)), stop) for i in range(4)]
        threads += [guarded(audit, move, cluster, audit, f'm{i}', random.Random(chance.getrandbits(32)), stop) for i in range(3)]
        threads.append(guarded(audit, look, cluster, audit, stop))
        try:
            for _ in range(KILLS):
                cluster.wait_for_acks(chance.randint(*ACKS_BETWEEN_KILLS))
                cluster.restart()
            cluster.wait_for_acks(chance.randint(*ACKS_BETWEEN_KILLS))
        finally:
            stop.set()
            for thread in threads:
                thread.join(BOUND_SECONDS)
        check(client, audit)
        assert cluster.server.stop() == 0, ''.join(cluster.server.log)
    counted, moved = sum(map(len, audit.counted.values())), sum(audit.transfers.values())
    print(f'{durability}: {KILLS} kills, {counted} counted, {moved} transfers')
    for problem in audit.problems[:20]:
        print(f'PROBLEM {problem}')
    assert counted and moved, 'nothing was done'
    sys.exit(1 if audit.problems else 0)


if __name__ == '__main__':
    main()
