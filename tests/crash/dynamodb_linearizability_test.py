"""Conditional puts, updates, consistent reads and transactions on a few items by many threads, while the server is killed with SIGKILL again
and again. What must hold: there is one order of all of them, each between its call and its answer, that gives all the answers: also over
the kills, where what was not answered happened before the kill or never.

usage: dynamodb_linearizability_test.py sync|relaxed [SEED]
"""
import functools
import pathlib
import random
import re
import sys
import tempfile
import threading
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
from support.cluster import BOUND_SECONDS, Audit, Client, Cluster, Gone, Refused, guarded
from support.linearizability import Call, first_that_fits_nowhere

KILLS, THREADS = 5, 8
ACKS_BETWEEN_KILLS = (150, 600)
GROUPS, REGISTERS = 3, 3  # transactions join the registers of a group; groups are checked one by one
START = 1000
FIRST = (START,) * REGISTERS
connected = functools.partial(Client, service='dynamodb', target_prefix='DynamoDB_20120810')


class History(Audit):
    def __init__(self):
        super().__init__()
        self.calls = [[] for _ in range(GROUPS)]
        self.deaths = []
        self.written = 0

    def add(self, group, start, step, text, maybe=False):
        with self.lock:
            self.calls[group].append(Call(start, None if maybe else time.monotonic(), step, maybe, text))

    def fresh(self):
        """A number that no other write puts."""
        with self.lock:
            self.written += 1
            return START * 1000 + self.written

    def closed(self, group):
        """The history, with ends for what was not answered: the death of the server that was called."""
        for call in self.calls[group]:
            if call.end is None:
                call.end = min((death for death in self.deaths if death > call.start), default=float('inf'))
        return self.calls[group]


def key(group, register):
    return {'TableName': 'registers', 'Key': {'id': {'S': f'g{group}r{register}'}}}


def n(value):
    return {'N': str(value)}


def value_in(item):
    return int(item['v']['N'])


class Worker:
    """One thread: calls, and what their answers say of the state, a tuple of the group's registers."""

    def __init__(self, cluster, history, chance):
        self.client, self.history, self.chance = connected(cluster), history, chance
        self.seen = {}  # what it last saw of a register: its guess for conditions

    def run(self, stop):
        while not stop.is_set():
            group = self.chance.randrange(GROUPS)
            self.chance.choice([self.get, self.swap, self.swap, self.add, self.put, self.move, self.move, self.look])(group)

    def call(self, group, text, may, operation, answered, refused=None, **parameters):
        """`may`: the step of the call if it happened; `answered` and `refused` give the step that the answer tells."""
        start = time.monotonic()
        try:
            step = answered(self.client.call(operation, **parameters))
        except Gone:
            if may:
                self.history.add(group, start, may, f'{text} → ?', maybe=True)
            return
        except Refused as fault:
            if 'TransactionConflict' in str(fault):
                return
            step = refused and refused(str(fault))
            if step is None:
                raise
        self.history.add(group, start, step, f'{text} at {start:.4f}')

    def expects(self, register, value):
        return lambda state: state if state[register] == value else None

    def get(self, group):
        register = self.chance.randrange(REGISTERS)
        def answered(answer):
            self.seen[group, register] = value = value_in(answer['Item'])
            return self.expects(register, value)
        self.call(group, f'get {register}', None, 'GetItem', answered, **key(group, register), ConsistentRead=True)

    def put(self, group):
        register, value = self.chance.randrange(REGISTERS), self.history.fresh()
        name = key(group, register)
        def answered(answer):
            old = value_in(answer['Attributes'])
            return lambda state: changed(state, register, value) if state[register] == old else None
        self.call(group, f'put {register} {value}', lambda state: changed(state, register, value), 'PutItem', answered, TableName=name['TableName'],
                  Item={**name['Key'], 'v': n(value)}, ReturnValues='ALL_OLD')

    def swap(self, group):
        """The guess is often wrong, and the failure tells what was there."""
        register, value = self.chance.randrange(REGISTERS), self.history.fresh()
        old, name = self.seen.get((group, register), START), key(group, register)
        def step(state):
            return changed(state, register, value) if state[register] == old else None
        def refused(text):
            found = re.search(r'"v":\{"N":"(-?\d+)"', text)
            if 'ConditionalCheckFailed' not in text or not found:
                return None
            there = self.seen[group, register] = int(found[1])
            return lambda state: state if state[register] == there != old else None
        def answered(_):
            self.seen[group, register] = value
            return step
        self.call(group, f'swap {register} {old} {value}', step, 'PutItem', answered, refused, TableName=name['TableName'],
                  Item={**name['Key'], 'v': n(value)}, ConditionExpression='v = :old', ExpressionAttributeValues={':old': n(old)},
                  ReturnValuesOnConditionCheckFailure='ALL_OLD')

    def add(self, group):
        register, more = self.chance.randrange(REGISTERS), self.chance.randint(1, 1000)
        def answered(answer):
            self.seen[group, register] = value = value_in(answer['Attributes'])
            return lambda state: changed(state, register, value) if state[register] + more == value else None
        self.call(group, f'add {register} {more}', lambda state: changed(state, register, state[register] + more), 'UpdateItem', answered,
                  **key(group, register), UpdateExpression='ADD v :d', ExpressionAttributeValues={':d': n(more)}, ReturnValues='UPDATED_NEW')

    def move(self, group):
        source, target = self.chance.sample(range(REGISTERS), 2)
        amount, guess = self.chance.randint(1, 1000), self.seen.get((group, source), START)
        def step(state):
            if state[source] != guess:
                return None
            return changed(changed(state, source, guess - amount), target, state[target] + amount)
        def refused(text):
            return (lambda state: state if state[source] != guess else None) if 'ConditionalCheckFailed, None' in text else None
        def answered(_):
            self.seen[group, source] = guess - amount
            return step
        update = lambda register, sign, **condition: {'Update': {**key(group, register), 'UpdateExpression': f'SET v = v {sign} :d', **condition}}
        guessed = {'ConditionExpression': 'v = :guess', 'ExpressionAttributeValues': {':d': n(amount), ':guess': n(guess)}}
        self.call(group, f'move {source} ({guess}) {target} {amount}', step, 'TransactWriteItems', answered, refused, TransactItems=[
            update(source, '-', **guessed), update(target, '+', ExpressionAttributeValues={':d': n(amount)})])

    def look(self, group):
        def answered(answer):
            values = tuple(value_in(response['Item']) for response in answer['Responses'])
            self.seen.update(((group, register), value) for register, value in enumerate(values))
            return lambda state: state if state == values else None
        self.call(group, 'look', None, 'TransactGetItems', answered, TransactItems=[{'Get': key(group, register)} for register in range(REGISTERS)])


def changed(state, register, value):
    return state[:register] + (value,) + state[register + 1:]


def forgetful(calls):
    """A read behind all of them that sees the first values."""
    end = max(call.end for call in calls)
    return Call(end + 1, end + 2, lambda state: state if state == FIRST else None)


def make_registers(client):
    client.call('CreateTable', TableName='registers', BillingMode='PAY_PER_REQUEST', KeySchema=[{'AttributeName': 'id', 'KeyType': 'HASH'}],
                AttributeDefinitions=[{'AttributeName': 'id', 'AttributeType': 'S'}])
    for group in range(GROUPS):
        for register in range(REGISTERS):
            name = key(group, register)
            client.call('PutItem', TableName=name['TableName'], Item={**name['Key'], 'v': n(START)})


def main():
    durability = sys.argv[1]
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else random.SystemRandom().getrandbits(32)
    print(f'seed {seed}')
    chance = random.Random(seed)
    history, stop = History(), threading.Event()
    with tempfile.TemporaryDirectory() as folder:
        cluster = Cluster(durability, folder)
        make_registers(connected(cluster))
        threads = [guarded(history, Worker(cluster, history, random.Random(chance.getrandbits(32))).run, stop) for _ in range(THREADS)]
        try:
            for _ in range(KILLS):
                cluster.wait_for_acks(chance.randint(*ACKS_BETWEEN_KILLS))
                cluster.restart()
                history.deaths.append(time.monotonic())
            cluster.wait_for_acks(chance.randint(*ACKS_BETWEEN_KILLS))
        finally:
            stop.set()
            for thread in threads:
                thread.join(BOUND_SECONDS)
        assert cluster.server.stop() == 0, ''.join(cluster.server.log)
    unknown = 0
    for group in range(GROUPS):
        calls = history.closed(group)
        unknown += sum(call.maybe for call in calls)
        stuck = first_that_fits_nowhere(calls, FIRST)
        if stuck:
            history.problem(f'group {group} has no order; stuck near ' + '; '.join(stuck))
        elif not first_that_fits_nowhere(calls + [forgetful(calls)], FIRST):
            history.problem('a read that forgets all writes found a place: the check is blind')
    print(f'{durability}: {KILLS} kills, {sum(map(len, history.calls))} calls in order, {unknown} of them not answered')
    for problem in history.problems[:20]:
        print(f'PROBLEM {problem}')
    assert unknown, 'no kill hit a call'
    sys.exit(1 if history.problems else 0)


if __name__ == '__main__':
    main()
