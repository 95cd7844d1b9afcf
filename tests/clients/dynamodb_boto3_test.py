"""DynamoDB through boto3: its resource, its conditions, its batch writer and its waiters; and what outlives a restart."""
import decimal
import os
import pathlib
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
from support.outcrop import Outcrop, skip

try:
    import boto3
    from boto3.dynamodb.conditions import Attr, Key
    from botocore.config import Config
    from botocore.exceptions import ClientError
except ImportError:
    skip(f'{sys.executable} has no boto3')

D = decimal.Decimal


class DynamoDB(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.server = Outcrop(data=os.path.join(cls.folder.name, 'data'))

    @classmethod
    def tearDownClass(cls):
        assert cls.server.stop() == 0, ''.join(cls.server.log)
        cls.folder.cleanup()

    def setUp(self):
        self.server.admin('reset')
        self.table = self.resource().create_table(
            TableName='orders', BillingMode='PAY_PER_REQUEST',
            AttributeDefinitions=[{'AttributeName': 'customer', 'AttributeType': 'S'}, {'AttributeName': 'number', 'AttributeType': 'N'},
                                  {'AttributeName': 'state', 'AttributeType': 'S'}],
            KeySchema=[{'AttributeName': 'customer', 'KeyType': 'HASH'}, {'AttributeName': 'number', 'KeyType': 'RANGE'}],
            GlobalSecondaryIndexes=[{'IndexName': 'by-state', 'KeySchema': [{'AttributeName': 'state', 'KeyType': 'HASH'}],
                                     'Projection': {'ProjectionType': 'INCLUDE', 'NonKeyAttributes': ['total']}}])
        self.table.wait_until_exists()

    def resource(self):
        return boto3.resource('dynamodb', endpoint_url=self.server.endpoint, region_name='eu-west-1', aws_access_key_id='test',
                              aws_secret_access_key='test', config=Config(retries={'total_max_attempts': 1}))

    def write(self, count):
        with self.table.batch_writer() as batch:
            for number in range(count):
                batch.put_item({'customer': 'ada', 'number': number, 'state': 'open' if number % 3 else 'paid', 'total': D('0.1') * number})

    def test_batches_are_queried_and_scanned_by_conditions(self):
        self.write(60)
        found = self.table.query(KeyConditionExpression=Key('customer').eq('ada') & Key('number').between(10, 19), FilterExpression=Attr('total').gte(D('1.5')))
        self.assertEqual([int(item['number']) for item in found['Items']], [15, 16, 17, 18, 19])
        self.assertEqual(self.table.scan(FilterExpression=Attr('state').eq('paid'))['Count'], 20)
        paid = self.table.query(IndexName='by-state', KeyConditionExpression=Key('state').eq('paid'))
        self.assertEqual(sorted(paid['Items'][0]), ['customer', 'number', 'state', 'total'])
        self.assertEqual(paid['Count'], 20)

    def test_decimals_are_exact(self):
        self.table.put_item(Item={'customer': 'ada', 'number': 1, 'sum': D('0.10000000000000000000000000000000000001')})
        self.table.update_item(Key={'customer': 'ada', 'number': 1}, UpdateExpression='SET #s = #s + :d', ExpressionAttributeNames={'#s': 'sum'},
                               ExpressionAttributeValues={':d': D('0.00000000000000000000000000000000000009')})
        self.assertEqual(self.table.get_item(Key={'customer': 'ada', 'number': 1})['Item']['sum'], D('0.1000000000000000000000000000000000001'))

    def test_a_failed_condition_raises_its_exception(self):
        self.table.put_item(Item={'customer': 'ada', 'number': 1})
        with self.assertRaises(self.table.meta.client.exceptions.ConditionalCheckFailedException):
            self.table.put_item(Item={'customer': 'ada', 'number': 1}, ConditionExpression=Attr('customer').not_exists())
        with self.assertRaises(ClientError) as refused:
            self.table.get_item(Key={'customer': 'ada'})
        self.assertEqual(refused.exception.response['Error'], {'Code': 'ValidationException', 'Message': 'The provided key element does not match the schema'})

    def test_a_batch_writer_writes_each_key_once(self):
        with self.table.batch_writer(overwrite_by_pkeys=['customer', 'number']) as batch:
            for turn in range(3):
                for number in range(30):
                    batch.put_item({'customer': 'ada', 'number': number, 'turn': turn})
            batch.delete_item({'customer': 'ada', 'number': 0})
        found = self.table.scan()['Items']
        self.assertEqual(sorted((int(item['number']), int(item['turn'])) for item in found), [(number, 2) for number in range(1, 30)])

    def test_pages_of_an_index_follow_each_other(self):
        self.write(60)
        pages = self.table.meta.client.get_paginator('query').paginate(
            TableName='orders', IndexName='by-state', KeyConditionExpression=Key('state').eq('open'), PaginationConfig={'PageSize': 7},
            ReturnConsumedCapacity='INDEXES')
        seen = [page for page in pages]
        self.assertEqual(sum(page['Count'] for page in seen), 40)
        self.assertEqual(sorted(seen[0]['LastEvaluatedKey']), ['customer', 'number', 'state'])
        self.assertEqual(seen[0]['ConsumedCapacity']['GlobalSecondaryIndexes'], {'by-state': {'CapacityUnits': 0.5}})
        self.assertEqual(seen[0]['ConsumedCapacity']['Table'], {'CapacityUnits': 0})

    def test_conditions_of_every_kind_reach_the_server(self):
        self.table.put_item(Item={'customer': 'ada', 'number': 1, 'tags': {'a', 'b'}, 'name': 'Ada', 'deep': {'list': [1, 2]}})
        holding = [Attr('tags').contains('a'), Attr('name').begins_with('A'), Attr('name').attribute_type('S'), Attr('tags').size().eq(2),
                   Attr('deep.list[1]').eq(2), Attr('name').is_in(['Bob', 'Ada']), ~Attr('name').eq('Bob'), Attr('gone').not_exists(),
                   Attr('name').eq('Bob') | (Attr('name').ne('Bob') & Attr('deep').exists())]
        for condition in holding:
            self.assertEqual(self.table.scan(FilterExpression=condition)['Count'], 1, condition.get_expression())

    def test_items_and_indexes_outlive_a_restart(self):
        self.write(30)
        self.server.kill()
        self.server.start()
        self.table = self.resource().Table('orders')
        self.assertEqual(self.table.scan()['Count'], 30)
        self.assertEqual(self.table.query(IndexName='by-state', KeyConditionExpression=Key('state').eq('paid'), Select='COUNT')['Count'], 10)
        self.table.delete()
        self.table.wait_until_not_exists()


if __name__ == '__main__':
    unittest.main()
