"""Random conditions, filters and updates on random items, and arithmetic on random numbers: the server agrees with an independent model
(support.dynamodb_model) whose numbers are Python's decimals.

usage: dynamodb_expressions_test.py [SEED]
"""
import decimal
import pathlib
import random
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
from support import dynamodb_model as model
from support.outcrop import Outcrop, skip

try:
    import boto3
    from botocore.config import Config
    from botocore.exceptions import ClientError
except ImportError:
    skip(f'{sys.executable} has no boto3')

SEED = int(sys.argv.pop()) if len(sys.argv) > 1 and sys.argv[-1].isdigit() else random.SystemRandom().getrandbits(32)
ITEMS, FILTERS, UPDATES, SUMS, SORTED = 40, 400, 600, 500, 200
PATHS = [('a',), ('b',), ('c',), ('m',), ('m', 'x'), ('m', 'y'), ('l',), ('l', 0), ('l', 2), ('l', 1, 'x'), ('m', 'x', 0), ('gone',), ('gone', 'x')]
COMPARATORS = ['=', '<>', '<', '<=', '>', '>=']


class Generator:
    def __init__(self, seed):
        self.chance = random.Random(seed)

    def number(self):
        return self.chance.choice(['0', '1', '2', '-1', '1.5', '10', '0.1', '1.0', '-0', '1e2', '100'])

    def text(self):
        return ''.join(self.chance.choice('abü') for _ in range(self.chance.randrange(4)))

    def scalar(self):
        return self.chance.choice([lambda: {'S': self.text()}, lambda: {'N': self.number()}, lambda: {'B': self.text().encode()}])()

    def value(self, depth=2):
        def some_set(name, make):
            unique = {model.plain({name: one}): one for one in (make() for _ in range(self.chance.randint(1, 3)))}
            return {name + 'S': list(unique.values())}
        makers = [self.scalar] * 4 + [lambda: {'BOOL': self.chance.random() < 0.5}, lambda: {'NULL': True},
                  lambda: some_set('S', self.text), lambda: some_set('N', self.number), lambda: some_set('B', lambda: self.text().encode())]
        if depth:
            makers += [lambda: {'L': [self.value(depth - 1) for _ in range(self.chance.randrange(4))]},
                       lambda: {'M': {name: self.value(depth - 1) for name in 'xy' if self.chance.random() < 0.7}}] * 2
        return self.chance.choice(makers)()

    def item(self):
        item = {name: self.value() for name in 'abc' if self.chance.random() < 0.8}
        if self.chance.random() < 0.8:
            item['m'] = {'M': {name: self.value() for name in 'xy' if self.chance.random() < 0.8}}
        if self.chance.random() < 0.8:
            item['l'] = {'L': [self.value() for _ in range(self.chance.randrange(4))]}
        return item

    def operand(self):
        roll = self.chance.random()
        if roll < 0.5:
            return 'path', self.chance.choice(PATHS)
        return ('size', self.chance.choice(PATHS)) if roll < 0.65 else ('value', self.value(1))

    def ordered(self):
        """An operand that can be compared by order."""
        found = self.operand()
        return ('value', self.scalar()) if found[0] == 'value' else found

    def different(self, make, from_operand):
        while True:
            found = make()
            if found != from_operand:
                return found

    def condition(self, depth=3):
        path = 'path', self.chance.choice(PATHS)
        if depth and self.chance.random() < 0.5:
            op = self.chance.choice(['AND', 'OR', 'NOT'])
            return (op, *(self.condition(depth - 1) for _ in range(1 if op == 'NOT' else 2)))
        op = self.chance.choice(COMPARATORS + ['BETWEEN', 'IN', 'attribute_exists', 'attribute_not_exists', 'attribute_type', 'begins_with', 'contains'])
        if op in COMPARATORS:
            make = self.operand if op in ('=', '<>') else self.ordered
            first = make()
            return op, first, self.different(make, first)
        if op == 'BETWEEN':
            low, high = self.scalar(), self.scalar()
            found = model.order(low, high)
            return op, self.ordered(), ('value', low if found in (-1, 0) else high), ('value', low if found == 1 else high)
        if op == 'IN':
            return op, path, *(('value', self.value(1)) for _ in range(self.chance.randint(1, 4)))
        if op == 'attribute_type':
            return op, path, ('value', {'S': self.chance.choice(['S', 'N', 'B', 'BOOL', 'NULL', 'L', 'M', 'SS', 'NS', 'BS'])})
        if op == 'begins_with':
            return op, path, ('value', self.chance.choice([{'S': self.text()}, {'B': self.text().encode()}]))
        if op == 'contains':
            return op, path, self.different(self.operand, path)
        return op, path

    def computation(self):
        def simple():
            return ('path', self.chance.choice(PATHS)) if self.chance.random() < 0.5 else ('value', self.value(1))
        def of_kind(name):
            return ('path', self.chance.choice(PATHS)) if self.chance.random() < 0.5 else ('value', {'N': self.number()} if name == 'N' else {'L': [self.scalar()]})
        op = self.chance.choice(['simple', 'simple', 'if_not_exists', 'list_append', '+', '-'])
        if op == 'simple':
            return simple()
        if op == 'if_not_exists':
            return op, self.chance.choice(PATHS), simple()
        return op, *(of_kind('L' if op == 'list_append' else 'N') for _ in range(2))

    def action(self, path):
        op = self.chance.choice(['SET', 'SET', 'REMOVE'] + ([] if len(path) > 1 else ['ADD', 'DELETE']))
        if op == 'SET':
            return op, path, self.computation()
        if op == 'REMOVE':
            return op, path
        return op, path, self.chance.choice([{'SS': ['a', 'b']}, {'NS': ['1', '2']}, {'N': self.number()} if op == 'ADD' else {'NS': ['1']}])

    def actions(self, item):
        """Up to four that can be carried out; now and then one that perhaps cannot."""
        chosen = []
        for path in self.chance.sample(PATHS + [('l', 7), ('l', 5), ('fresh',), ('m', 'fresh')], 8):
            if len(chosen) == 4 or any(path[:len(one)] == one[:len(path)] or self.conflict(path, one) for one in (action[1] for action in chosen)):
                continue
            action = self.action(path)
            if self.chance.random() < 0.03 or self.can(item, action):
                chosen.append(action)
        return chosen or [('SET', ('fresh',), ('value', self.value()))]

    @staticmethod
    def can(item, action):
        try:
            model.updated(item, [action])
            return True
        except model.Refused:
            return False

    @staticmethod
    def conflict(one, two):
        """The same attribute, once as a map and once as a list."""
        for a, b in zip(one, two):
            if a != b:
                return isinstance(a, int) != isinstance(b, int)
        return False


class Text:
    """An expression as it is sent, with its values."""

    def __init__(self):
        self.values = {}

    def path(self, path):
        return path[0] + ''.join(f'[{step}]' if isinstance(step, int) else f'.{step}' for step in path[1:])

    def value(self, value):
        name = f':v{len(self.values)}'
        self.values[name] = value
        return name

    def operand(self, tree):
        if tree[0] == 'value':
            return self.value(tree[1])
        return self.path(tree[1]) if tree[0] == 'path' else f'size({self.path(tree[1])})'

    def condition(self, tree, above=''):
        op, *rest = tree
        if op in ('AND', 'OR'):
            text = f' {op} '.join(self.condition(part, op) for part in rest)
            return f'({text})' if above == 'NOT' or (above == 'AND' and op == 'OR') else text
        if op == 'NOT':
            return f'NOT {self.condition(rest[0], op)}'
        if op in COMPARATORS:
            return f' {op} '.join(self.operand(one) for one in rest)
        operands = [self.operand(one) for one in rest]
        if op == 'BETWEEN':
            return f'{operands[0]} BETWEEN {operands[1]} AND {operands[2]}'
        if op == 'IN':
            return f'{operands[0]} IN ({", ".join(operands[1:])})'
        return f'{op}({", ".join(operands)})'

    def computation(self, tree):
        op, *rest = tree
        if op in ('path', 'value'):
            return self.operand(tree)
        if op == 'if_not_exists':
            return f'if_not_exists({self.path(rest[0])}, {self.computation(rest[1])})'
        parts = [self.computation(one) for one in rest]
        return f'list_append({", ".join(parts)})' if op == 'list_append' else f' {op} '.join(parts)

    def update(self, actions):
        sections = {}
        for op, path, *rest in actions:
            text = self.path(path)
            if op == 'SET':
                text += ' = ' + self.computation(rest[0])
            elif rest:
                text += ' ' + self.value(rest[0])
            sections.setdefault(op, []).append(text)
        return ' '.join(f'{op} {", ".join(parts)}' for op, parts in sections.items())


def with_values(text, **parameters):
    return parameters | ({'ExpressionAttributeValues': text.values} if text.values else {})


class Expressions(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        print(f'seed {SEED}', flush=True)
        cls.server = Outcrop()
        cls.client = boto3.client('dynamodb', endpoint_url=cls.server.endpoint, region_name='eu-west-1', aws_access_key_id='test',
                                  aws_secret_access_key='test', config=Config(retries={'total_max_attempts': 1}, parameter_validation=False))

    @classmethod
    def tearDownClass(cls):
        assert cls.server.stop() == 0, ''.join(cls.server.log)

    def setUp(self):
        self.server.admin('reset')
        self.make = Generator(SEED)
        self.client.create_table(TableName='some', BillingMode='PAY_PER_REQUEST', AttributeDefinitions=[
            {'AttributeName': 'pk', 'AttributeType': 'S'}, {'AttributeName': 'sk', 'AttributeType': 'N'}],
            KeySchema=[{'AttributeName': 'pk', 'KeyType': 'HASH'}, {'AttributeName': 'sk', 'KeyType': 'RANGE'}])

    def put(self, sk, item):
        self.client.put_item(TableName='some', Item={'pk': {'S': 'p'}, 'sk': {'N': str(sk)}, **item})

    def test_conditions_hold_where_the_model_says_so(self):
        items = [self.make.item() for _ in range(ITEMS)]
        for place, item in enumerate(items):
            self.put(place, item)
        for _ in range(FILTERS):
            tree, text = self.make.condition(), Text()
            expression = text.condition(tree)
            text.values[':p'] = {'S': 'p'}
            with self.subTest(expression=expression, values=text.values):
                found = self.client.query(TableName='some', KeyConditionExpression='pk = :p', FilterExpression=expression, ExpressionAttributeValues=text.values)
                self.assertEqual([int(item['sk']['N']) for item in found['Items']], [place for place, item in enumerate(items) if model.holds(tree, item)])
                self.assertEqual(found['ScannedCount'], ITEMS)

    def test_writes_are_made_where_their_condition_holds(self):
        for _ in range(FILTERS // 4):
            item, tree, text = self.make.item(), self.make.condition(), Text()
            self.put(0, item)
            with self.subTest(item=item, tree=tree):
                try:
                    self.client.delete_item(**with_values(text, TableName='some', Key={'pk': {'S': 'p'}, 'sk': {'N': '0'}}, ConditionExpression=text.condition(tree)))
                    held = True
                except self.client.exceptions.ConditionalCheckFailedException:
                    held = False
                self.assertEqual(held, model.holds(tree, item))

    def test_updates_make_of_items_what_the_model_makes(self):
        refusals = 0
        for _ in range(UPDATES):
            item, text = self.make.item(), Text()
            actions = self.make.actions(item)
            self.put(0, item)
            expression = text.update(actions)
            with self.subTest(item=item, expression=expression, values=text.values):
                try:
                    expected = model.updated(item, actions)
                except model.Refused:
                    expected = None
                    refusals += 1
                try:
                    answer = self.client.update_item(**with_values(text, TableName='some', Key={'pk': {'S': 'p'}, 'sk': {'N': '0'}},
                                                                   UpdateExpression=expression, ReturnValues='ALL_NEW'))['Attributes']
                    answer = {name: value for name, value in answer.items() if name not in ('pk', 'sk')}
                except ClientError as refused:
                    self.assertEqual(refused.response['Error']['Code'], 'ValidationException')
                    self.assertNotIn('Invalid UpdateExpression: Syntax', refused.response['Error']['Message'])
                    answer = None
                self.assertEqual(answer and model.plain({'M': answer}), expected and model.plain({'M': expected}))
        self.assertTrue(0 < refusals < UPDATES // 2, f'{refusals} of {UPDATES} were refused')

    def some_number(self):
        chance = self.make.chance
        digits = ''.join(chance.choice('0123456789') for _ in range(chance.choice([1, 2, 5, 19, 37, 38])))
        low, high = (-20, 20) if chance.random() < 0.8 else (-130, 126 - len(digits))
        found = decimal.Decimal(chance.choice(['', '-']) + digits + f'E{chance.randint(low, high)}')
        try:
            model.number_value(found)
            return found
        except model.Refused:
            return self.some_number()

    def test_sums_and_differences_are_those_of_decimals(self):
        refusals = 0
        for _ in range(SUMS):
            a, b, op = self.some_number(), self.some_number(), self.make.chance.choice('+-')
            self.put(0, {'n': {'N': str(a)}})
            with self.subTest(a=a, op=op, b=b):
                try:
                    expected = model.computed((op, ('value', {'N': str(a)}), ('value', {'N': str(b)})), {})
                except model.Refused:
                    expected = None
                    refusals += 1
                try:
                    update = f'SET n = n {op} :b' if op == '-' or self.make.chance.random() < 0.5 else 'ADD n :b'
                    answer = self.client.update_item(TableName='some', Key={'pk': {'S': 'p'}, 'sk': {'N': '0'}}, UpdateExpression=update,
                                                     ExpressionAttributeValues={':b': {'N': str(b)}}, ReturnValues='UPDATED_NEW')['Attributes']['n']
                except ClientError as refused:
                    self.assertEqual(refused.response['Error']['Code'], 'ValidationException')
                    answer = None
                self.assertEqual(answer, expected)
        self.assertLess(refusals, SUMS)

    def test_numbers_sort_as_decimals_do(self):
        numbers = {model.number_value(self.some_number())['N'] for _ in range(SORTED)}
        for one in numbers:
            self.put(one, {})
        found = self.client.query(TableName='some', KeyConditionExpression='pk = :p', ExpressionAttributeValues={':p': {'S': 'p'}})['Items']
        self.assertEqual([item['sk']['N'] for item in found], sorted(numbers, key=decimal.Decimal))


if __name__ == '__main__':
    unittest.main()
