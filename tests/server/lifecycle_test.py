"""Starting and stopping: readiness, the bound on shutdown, and what a killed server leaves behind."""
import concurrent.futures
import http.client
import json
import pathlib
import re
import signal
import sys
import tempfile
import time
import unittest
import urllib.parse

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
from support.outcrop import Outcrop

# On top of the configured bound: a sanitizer build on a busy machine.
SLACK_SECONDS = 20


def sqs(server, operation, timeout=60, **members):
    """One SQS call as an SDK sends it, without a signature, which open mode does not ask for."""
    address = urllib.parse.urlsplit(server.endpoint)
    connection = http.client.HTTPConnection(address.hostname, address.port, timeout=timeout)
    headers = {'content-type': 'application/x-amz-json-1.0', 'x-amz-target': f'AmazonSQS.{operation}'}
    connection.request('POST', '/', json.dumps(members), headers)
    response = connection.getresponse()
    body = response.read()
    connection.close()
    return response.status, json.loads(body or b'{}')


def wait_until(condition, seconds=SLACK_SECONDS):
    """Asks again until the condition holds; the question itself takes a round trip, so nothing needs to sleep."""
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            raise AssertionError('the condition did not come to hold')


def start_polling(pool, server, url):
    """A long poll, once the server has it: its request was counted beside those that ask for the count."""
    def requests():
        metrics = server.request('/_outcrop/metrics')[2].decode()
        return int(re.search(r'^outcrop_http_requests_total (\d+)', metrics, re.M)[1])

    before = requests()
    asked = 0

    def has_arrived():
        nonlocal asked
        asked += 1
        return requests() > before + asked

    polling = pool.submit(sqs, server, 'ReceiveMessage', QueueUrl=url, WaitTimeSeconds=20)
    wait_until(has_arrived)
    return polling


class Lifecycle(unittest.TestCase):
    def test_port_0_takes_a_free_port_and_says_which(self):
        with Outcrop() as one, Outcrop() as other:
            self.assertRegex(one.endpoint, r'^http://127\.0\.0\.1:[1-9]\d*$')
            self.assertNotEqual(one.endpoint, other.endpoint)

    def test_ready_means_that_health_answers(self):
        with Outcrop('--clock', 'manual') as server:
            status, headers, body = server.request('/_outcrop/health')
            self.assertEqual(status, 200)
            self.assertEqual(headers.get_content_type(), 'application/json')
            health = json.loads(body)
            self.assertEqual(health['auth'], 'open')
            self.assertEqual(health['clock'], 'manual')
            self.assertRegex(health['version'], r'^\d+\.\d+\.\d+$')

    def test_every_listen_address_answers(self):
        with Outcrop('--listen', '[::1]:0') as server:
            self.assertEqual(server.request('/_outcrop/health')[0], 200)
            wait_until(lambda: any('[::1]:' in line for line in server.log))
            started = next(line for line in server.log if '[::1]:' in line)
            server.endpoint = re.search(r'http://\[::1\]:\d+', started)[0]
            self.assertEqual(server.request('/_outcrop/health')[0], 200)

    def test_sigterm_and_sigint_end_it_with_status_0(self):
        for number in (signal.SIGTERM, signal.SIGINT):
            server = Outcrop()
            server.process.send_signal(number)
            self.assertEqual(server.wait(), 0, server.log)

    def test_a_long_poll_does_not_outlast_the_bound(self):
        with tempfile.TemporaryDirectory() as directory, concurrent.futures.ThreadPoolExecutor(1) as pool:
            config = pathlib.Path(directory, 'outcrop.yaml')
            config.write_text('limits: {shutdown: 2s}\n')
            server = Outcrop('--config', str(config))
            url = sqs(server, 'CreateQueue', QueueName='waiting')[1]['QueueUrl']
            polling = start_polling(pool, server, url)
            asked = time.monotonic()
            server.process.terminate()
            self.assertEqual(server.wait(2 + SLACK_SECONDS), 0, server.log)
            self.assertLess(time.monotonic() - asked, 18, 'it waited for the long poll')
            try:
                polling.result(timeout=SLACK_SECONDS)
            except (OSError, http.client.HTTPException):
                pass  # a closed connection is an answer, too

    def test_a_second_signal_ends_it_at_once(self):
        with concurrent.futures.ThreadPoolExecutor(1) as pool:
            server = Outcrop()
            url = sqs(server, 'CreateQueue', QueueName='waiting')[1]['QueueUrl']
            polling = start_polling(pool, server, url)
            server.process.terminate()
            wait_until(lambda: any('stopping' in line for line in server.log))
            server.process.terminate()
            self.assertEqual(server.wait(), -signal.SIGTERM)
            polling.exception(timeout=SLACK_SECONDS)

    def test_killed_and_started_again_it_answers_with_what_was_acknowledged(self):
        with tempfile.TemporaryDirectory() as directory:
            server = Outcrop(data=directory)
            url = sqs(server, 'CreateQueue', QueueName='kept')[1]['QueueUrl']
            self.assertEqual(sqs(server, 'SendMessage', QueueUrl=url, MessageBody='still here')[0], 200)
            server.kill()
            server.start()
            status, answer = sqs(server, 'ReceiveMessage', QueueUrl=url)
            self.assertEqual((status, answer['Messages'][0]['Body']), (200, 'still here'))
            self.assertEqual(server.stop(), 0)

    def test_a_missing_data_directory_is_made(self):
        with tempfile.TemporaryDirectory() as directory:
            home = pathlib.Path(directory, 'share')
            path = home / 'outcrop' / 'deep'
            with Outcrop(data=path) as server:
                self.assertEqual(server.request('/_outcrop/health')[0], 200)
                self.assertTrue(path.is_dir())


if __name__ == '__main__':
    unittest.main()
