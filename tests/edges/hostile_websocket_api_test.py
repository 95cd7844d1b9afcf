"""Peers that mean no good, as clients of a WebSocket API: what breaks the protocol or the limits, leaves at the worst moment, says too much, or
takes nothing of what is posted to it."""
import json
import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
from edges.hostile_websocket_test import CLOSED, close
from support.hostile import Hostile
from support.kills import headers_for
from support.peers import BINARY, HANDSHAKE, TEXT, http1, trusting, websocket_frame

UNSUPPORTED, TOO_BIG = 1003, 1009
POST = headers_for('execute-api', 'application/octet-stream')


class WebSocketApi(Hostile):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.program = cls.servers[1]
        cls.api = cls.create(cls, '', name='attacked', protocolType='WEBSOCKET', routeSelectionExpression='$request.body.action')['apiId']
        integration = cls.create(cls, f'/{cls.api}/integrations', integrationType='MOCK', templateSelectionExpression='\\$default', requestTemplates={'$default': '{"statusCode": 200}'})
        for key in ('$connect', '$disconnect'):
            cls.create(cls, f'/{cls.api}/routes', routeKey=key, target=f'integrations/{integration["integrationId"]}')
        cls.create(cls, f'/{cls.api}/stages', stageName='live', autoDeploy=True)
        cls.path = f'/_aws/execute-api/{cls.api}/live'

    def create(self, what, **body):
        status, _, text = self.program.server.request(f'/v2/apis{what}', 'POST', json.dumps(body).encode(), headers_for('apigateway', 'application/json'))
        assert status == 201, text
        return json.loads(text)

    def connect(self, tls=None, **more):
        peer = self.program.peer(tls, **more)
        peer.send(http1(self.path, fields=HANDSHAKE))
        self.assertEqual(peer.answer()[0], 101)
        return peer

    def id_of(self, peer):
        """Which no route answers, but an error does that says it."""
        peer.send(websocket_frame(TEXT, b'who am I?'))
        return json.loads(peer.message()[1])['connectionId']

    def post(self, connection, data):
        return self.program.server.request(f'/live/@connections/{connection}', 'POST', data, POST)[0]

    def test_what_breaks_the_protocol_is_closed_with_its_code(self):
        for name, data, code in CLOSED:
            codes = (code if isinstance(code, set) else {code}) | {UNSUPPORTED, TOO_BIG}  # binary messages, and frames above 32 KiB, are refused here
            with self.subTest(name), self.connect() as peer:
                peer.send(data)
                self.assertIn(peer.close_code(), codes)

    def test_frames_above_32_kib_and_binary_ones_end_the_connection(self):
        for data, code in ((websocket_frame(TEXT, b'x' * 32_769), TOO_BIG), (websocket_frame(BINARY, b'\0'), UNSUPPORTED)):
            with self.connect(trusting(self.program.authority)) as peer:
                peer.send(data)
                self.assertEqual(peer.close_code(), code)

    def test_who_leaves_in_the_handshake_leaves_nothing(self):
        for turn in range(300):
            peer = self.program.peer()
            peer.send_blindly(http1(self.path, fields=HANDSHAKE))
            peer.reset() if turn % 2 else peer.close()

    def test_messages_without_end_keep_nobody_else_waiting(self):
        with self.connect(receive_buffer_bytes=4096) as peer:
            peer.send_blindly(websocket_frame(TEXT, b'x' * 1000) * 3_000)
            self.answers_everywhere(self.program)

    def test_who_takes_nothing_costs_its_posters_a_refusal_and_nobody_else_anything(self):
        with self.connect(receive_buffer_bytes=4096) as deaf, self.connect() as other:
            deaf_id, other_id = self.id_of(deaf), self.id_of(other)
            statuses = {self.post(deaf_id, b'x' * 100_000) for _ in range(100)}
            self.assertEqual(statuses, {200, 429})
            self.assertEqual(self.post(other_id, b'still quick'), 200)
            self.assertEqual(other.message(), (TEXT, b'still quick'))
            deaf.reset()

    def test_connections_that_are_nobodys_are_gone(self):
        for name in ('x', 'L0SM9cOFvHcCIhw=', 'a' * 1000, '..%2f..', '%00', '%ff%fe'):
            self.assertIn(self.post(name, b'hello'), {400, 410}, name)

    def test_chance(self):
        for turn in range(200):
            with self.connect(trusting(self.program.authority) if turn % 10 == 0 else None) as peer:
                noise = self.chance_bytes(2000)
                whole = bytearray(websocket_frame(TEXT, noise[:50]) * 3 + close(1000))
                whole[self.random.randrange(len(whole))] ^= 1 << self.random.randrange(8)
                peer.send_blindly(noise if turn % 2 else whole)
                peer.reset() if turn % 3 == 0 else peer.end_of_writing()


if __name__ == '__main__':
    unittest.main()
