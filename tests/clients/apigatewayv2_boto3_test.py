"""The control plane of WebSocket APIs through boto3: what a script makes and finds again, in pages, by tags, in its account alone."""
import pathlib
import sys
import threading
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
from support.outcrop import Outcrop, skip

try:
    import boto3
    from botocore.config import Config
    from botocore.exceptions import ClientError
except ImportError:
    skip(f'{sys.executable} has no boto3')

CHAT = {'Name': 'chat', 'ProtocolType': 'WEBSOCKET', 'RouteSelectionExpression': '$request.body.action'}


class WebSocketApis(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = Outcrop()

    @classmethod
    def tearDownClass(cls):
        assert cls.server.stop() == 0, ''.join(cls.server.log)

    def client(self, account='111122223333', region='us-east-1'):
        return boto3.client('apigatewayv2', endpoint_url=self.server.endpoint, region_name=region, aws_access_key_id=account,
                            aws_secret_access_key='x', config=Config(retries={'total_max_attempts': 1}))

    def refused(self, call, **parameters):
        with self.assertRaises(ClientError) as caught:
            call(**parameters)
        return caught.exception.response['Error']['Code']

    def test_an_api_is_built_deployed_and_taken_away(self):
        client = self.client()
        api = client.create_api(**CHAT)
        ApiId = api['ApiId']
        self.assertTrue(api['ApiEndpoint'].startswith('ws://'))
        integration = client.create_integration(ApiId=ApiId, IntegrationType='MOCK', RequestTemplates={'$default': '{"statusCode": 200}'})
        for key in ('$connect', '$disconnect', '$default', 'ask'):
            client.create_route(ApiId=ApiId, RouteKey=key, Target=f'integrations/{integration["IntegrationId"]}')
        deployment = client.create_deployment(ApiId=ApiId)
        self.assertEqual(deployment['DeploymentStatus'], 'DEPLOYED')
        stage = client.create_stage(ApiId=ApiId, StageName='live', DeploymentId=deployment['DeploymentId'])
        self.assertEqual(stage['DeploymentId'], deployment['DeploymentId'])
        self.assertEqual({route['RouteKey'] for route in client.get_routes(ApiId=ApiId)['Items']}, {'$connect', '$disconnect', '$default', 'ask'})
        client.delete_api(ApiId=ApiId)
        self.assertEqual(self.refused(client.get_stages, ApiId=ApiId), 'NotFoundException')

    def test_routes_come_in_pages(self):
        client = self.client()
        ApiId = client.create_api(**CHAT)['ApiId']
        for number in range(7):
            client.create_route(ApiId=ApiId, RouteKey=f'route-{number}')
        pages = list(client.get_paginator('get_routes').paginate(ApiId=ApiId, PaginationConfig={'PageSize': 3}))
        self.assertEqual([len(page['Items']) for page in pages], [3, 3, 1])
        self.assertEqual(len({route['RouteId'] for page in pages for route in page['Items']}), 7)

    def test_accounts_and_regions_have_their_own(self):
        ApiId = self.client().create_api(**CHAT)['ApiId']
        self.assertEqual(self.refused(self.client('444455556666').get_api, ApiId=ApiId), 'NotFoundException')
        self.assertEqual(self.refused(self.client(region='eu-west-1').get_api, ApiId=ApiId), 'NotFoundException')

    def test_tags_are_reached_by_arn(self):
        client = self.client()
        ApiId = client.create_api(**CHAT, Tags={'team': 'a'})['ApiId']
        client.create_stage(ApiId=ApiId, StageName='live')
        arn = f'arn:aws:apigateway:us-east-1::/apis/{ApiId}/stages/live'
        client.tag_resource(ResourceArn=arn, Tags={'outcrop:api-keys': 'required', 'b': ''})
        client.untag_resource(ResourceArn=arn, TagKeys=['b'])
        self.assertEqual(client.get_tags(ResourceArn=arn)['Tags'], {'outcrop:api-keys': 'required'})
        self.assertEqual(client.get_tags(ResourceArn=f'arn:aws:apigateway:us-east-1::/apis/{ApiId}')['Tags'], {'team': 'a'})

    def test_changes_at_the_same_time_all_hold(self):
        client = self.client()
        ApiId = client.create_api(**CHAT)['ApiId']
        client.create_stage(ApiId=ApiId, StageName='live', AutoDeploy=True)

        def create(number):
            self.client().create_route(ApiId=ApiId, RouteKey=f'route-{number}')

        threads = [threading.Thread(target=create, args=(number,)) for number in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(len(client.get_routes(ApiId=ApiId)['Items']), 8)
        stage = client.get_stage(ApiId=ApiId, StageName='live')
        self.assertEqual([each['DeploymentId'] for each in client.get_deployments(ApiId=ApiId)['Items']], [stage['DeploymentId']])


if __name__ == '__main__':
    unittest.main()
