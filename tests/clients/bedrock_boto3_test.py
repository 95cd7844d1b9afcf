"""Bedrock Runtime through boto3: a conversation, a body of the model's own, and streams of both."""
import json
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

if 'bedrock-runtime' not in boto3.Session().get_available_services() or not hasattr(boto3.client('bedrock-runtime', region_name='us-east-1'), 'converse'):
    skip(f'boto3 {boto3.__version__} is too old for conversations with Bedrock')

MODEL = 'amazon.nova-lite-v1:0'
HANDBOOK = ('The archive opens at nine. Visitors leave coats and bags in the cloakroom. The reading room holds forty readers. '
            'Photographs may be taken without a flash. Copies cost two crowns a page. The archive closes at five.')
QUESTION = 'How much do copies cost?'
SENTENCE = 'Copies cost two crowns a page.'


class Bedrock(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = Outcrop()
        cls.bedrock = boto3.client('bedrock-runtime', endpoint_url=cls.server.endpoint, region_name='us-east-1', aws_access_key_id='test',
                                   aws_secret_access_key='test', config=Config(retries={'max_attempts': 0}, parameter_validation=False))

    @classmethod
    def tearDownClass(cls):
        cls.bedrock.close()
        assert cls.server.stop() == 0, ''.join(cls.server.log)

    conversation = [{'role': 'user', 'content': [
        {'document': {'format': 'txt', 'name': 'handbook', 'source': {'bytes': HANDBOOK.encode()}}}, {'text': QUESTION}]}]
    native = json.dumps({'messages': [{'role': 'user', 'content': [{'text': f'{HANDBOOK}\n\n{QUESTION}'}]}]})

    def refused(self, call, **arguments):
        with self.assertRaises(ClientError) as caught:
            call(**arguments)
        return caught.exception.response

    def test_a_conversation_is_answered(self):
        answer = self.bedrock.converse(modelId=MODEL, messages=self.conversation)
        self.assertIn(SENTENCE, answer['output']['message']['content'][0]['text'])
        self.assertEqual(answer['stopReason'], 'end_turn')

    def test_a_conversation_is_streamed(self):
        events = list(self.bedrock.converse_stream(modelId=MODEL, messages=self.conversation)['stream'])
        said = ''.join(event['contentBlockDelta']['delta']['text'] for event in events if 'contentBlockDelta' in event)
        self.assertIn(SENTENCE, said)
        self.assertGreater(events[-1]['metadata']['usage']['outputTokens'], 4)

    def test_a_body_of_the_model_is_answered(self):
        answer = self.bedrock.invoke_model(modelId=MODEL, body=self.native)
        self.assertEqual(answer['contentType'], 'application/json')
        body = json.loads(answer['body'].read())
        self.assertIn(SENTENCE, body['output']['message']['content'][0]['text'])
        headers = answer['ResponseMetadata']['HTTPHeaders']
        self.assertEqual(headers['x-amzn-bedrock-input-token-count'], str(body['usage']['inputTokens']))
        self.assertEqual(headers['x-amzn-bedrock-output-token-count'], str(body['usage']['outputTokens']))

    def test_a_body_of_the_model_is_streamed(self):
        answer = self.bedrock.invoke_model_with_response_stream(modelId=MODEL, body=self.native)
        chunks = [json.loads(event['chunk']['bytes']) for event in answer['body']]
        self.assertIn(SENTENCE, ''.join(chunk.get('contentBlockDelta', {}).get('delta', {}).get('text', '') for chunk in chunks))
        self.assertGreater(chunks[-1]['amazon-bedrock-invocationMetrics']['outputTokenCount'], 4)

    def test_a_text_is_embedded(self):
        answer = self.bedrock.invoke_model(modelId='amazon.titan-embed-text-v2:0', body=json.dumps({'inputText': HANDBOOK, 'dimensions': 256}))
        vector = json.loads(answer['body'].read())['embedding']
        self.assertEqual(len(vector), 256)
        self.assertAlmostEqual(sum(number * number for number in vector), 1, places=4)

    def test_what_is_wrong_is_told(self):
        for call, arguments, words in [
            (self.bedrock.converse, {'messages': []}, 'conversation'),
            (self.bedrock.invoke_model, {'body': '{}'}, 'messages'),
            (self.bedrock.invoke_model_with_response_stream, {'body': '{'}, 'Malformed input request'),
        ]:
            with self.subTest(arguments=arguments):
                response = self.refused(call, modelId=MODEL, **arguments)
                self.assertEqual(response['Error']['Code'], 'ValidationException')
                self.assertIn(words, response['Error']['Message'])


if __name__ == '__main__':
    unittest.main(verbosity=2)
