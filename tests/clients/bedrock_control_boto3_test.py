"""The Bedrock control plane through boto3: models, and an inference profile from its making to its end."""
import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
from support.outcrop import Outcrop, skip

try:
    import boto3
    from botocore.config import Config
    from botocore.exceptions import ClientError
except ImportError:
    skip(f'{sys.executable} has no boto3')

if 'bedrock' not in boto3.Session().get_available_services() or not hasattr(boto3.client('bedrock', region_name='us-east-1'), 'create_inference_profile'):
    skip(f'boto3 {boto3.__version__} is too old for inference profiles')

MODEL = 'amazon.nova-lite-v1:0'
NOVA_LITE = f'arn:aws:bedrock:us-east-1::foundation-model/{MODEL}'


class Bedrock(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = Outcrop()
        cls.bedrock, cls.runtime = (
            boto3.client(name, endpoint_url=cls.server.endpoint, region_name='us-east-1', aws_access_key_id='test', aws_secret_access_key='test',
                         config=Config(retries={'max_attempts': 0})) for name in ('bedrock', 'bedrock-runtime'))

    @classmethod
    def tearDownClass(cls):
        cls.bedrock.close()
        cls.runtime.close()
        assert cls.server.stop() == 0, ''.join(cls.server.log)

    def refused(self, call, **arguments):
        with self.assertRaises(ClientError) as caught:
            call(**arguments)
        return caught.exception.response

    def test_models_are_listed_and_told_of(self):
        listed = self.bedrock.list_foundation_models(byProvider='Amazon', byInferenceType='ON_DEMAND')['modelSummaries']
        self.assertIn(NOVA_LITE, [model['modelArn'] for model in listed])
        self.assertEqual(self.bedrock.get_foundation_model(modelIdentifier=NOVA_LITE)['modelDetails']['modelId'], MODEL)
        error = self.refused(self.bedrock.get_foundation_model, modelIdentifier='amazon.none-v1:0')
        self.assertEqual(error['Error'], {'Code': 'ValidationException', 'Message': 'The provided model identifier is invalid.'})

    def test_profiles_of_the_service_are_listed(self):
        pages = self.bedrock.get_paginator('list_inference_profiles').paginate(PaginationConfig={'PageSize': 10})
        listed = [profile for page in pages for profile in page['inferenceProfileSummaries']]
        self.assertEqual(len({profile['inferenceProfileId'] for profile in listed}), len(listed))
        self.assertEqual({profile['type'] for profile in listed}, {'SYSTEM_DEFINED'})

    def test_a_profile_is_made_invoked_and_deleted(self):
        arn = self.bedrock.create_inference_profile(inferenceProfileName='Claims desk', description='Of the claims desk', modelSource={'copyFrom': NOVA_LITE},
                                                    tags=[{'key': 'team', 'value': 'claims'}])['inferenceProfileArn']
        profile = self.bedrock.get_inference_profile(inferenceProfileIdentifier=arn)
        self.assertEqual((profile['inferenceProfileName'], profile['models'], profile['type']), ('Claims desk', [{'modelArn': NOVA_LITE}], 'APPLICATION'))
        self.assertEqual(self.bedrock.list_tags_for_resource(resourceARN=arn)['tags'], [{'key': 'team', 'value': 'claims'}])
        listed = self.bedrock.list_inference_profiles(typeEquals='APPLICATION')['inferenceProfileSummaries']
        self.assertEqual([summary['inferenceProfileArn'] for summary in listed], [arn])
        answer = self.runtime.converse(modelId=arn, messages=[{'role': 'user', 'content': [{'text': 'Copies cost two crowns. What do copies cost?'}]}])
        self.assertIn('two crowns', answer['output']['message']['content'][0]['text'])
        error = self.refused(self.bedrock.create_inference_profile, inferenceProfileName='Claims desk', modelSource={'copyFrom': NOVA_LITE})
        self.assertEqual(error['Error']['Code'], 'ConflictException')
        self.bedrock.delete_inference_profile(inferenceProfileIdentifier=arn)
        self.assertEqual(self.refused(self.bedrock.get_inference_profile, inferenceProfileIdentifier=arn)['ResponseMetadata']['HTTPStatusCode'], 404)


if __name__ == '__main__':
    unittest.main()
