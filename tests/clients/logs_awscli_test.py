"""CloudWatch Logs through Debian's AWS CLI, as its users type it; `aws logs tail` among it."""
import json
import pathlib
import sys
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
from support.awscli import CliTest, need_debians_cli

need_debians_cli()


class Cli(CliTest):
    service = ('logs',)

    def test_what_is_put_is_listed_filtered_and_read(self):
        named = ('--log-group-name', 'app', '--log-stream-name', 'one')
        self.aws('create-log-group', '--log-group-name', 'app', '--tags', 'team=a')
        self.aws('create-log-stream', *named)
        events = [{'timestamp': int(time.time() * 1000), 'message': message} for message in ('INFO fine', 'ERROR broken')]
        self.aws('put-log-events', *named, '--log-events', json.dumps(events))
        [group] = self.aws('describe-log-groups', '--log-group-name-prefix', 'app')['logGroups']
        self.assertEqual(group['storedBytes'], 9 + 12 + 2 * 26)
        self.assertEqual([event['message'] for event in self.aws('get-log-events', *named)['events']], ['INFO fine', 'ERROR broken'])
        [found] = self.aws('filter-log-events', '--log-group-name', 'app', '--filter-pattern', '?ERROR ?FATAL')['events']
        self.assertEqual((found['message'], found['logStreamName']), ('ERROR broken', 'one'))
        self.assertEqual(self.aws('list-tags-log-group', '--log-group-name', 'app')['tags'], {'team': 'a'})

    def test_tail(self):
        self.aws('create-log-group', '--log-group-name', 'tailed')
        self.aws('create-log-stream', '--log-group-name', 'tailed', '--log-stream-name', 'one')
        self.aws('put-log-events', '--log-group-name', 'tailed', '--log-stream-name', 'one', '--log-events', json.dumps([{'timestamp': int(time.time() * 1000), 'message': 'a line'}]))
        run = self.run_cli('tail', 'tailed', '--format', 'short')
        self.assertEqual(run.returncode, 0, run.stderr)
        self.assertIn('a line', run.stdout)

    def test_what_is_missing_is_refused_in_awss_words(self):
        run = self.run_cli('delete-log-group', '--log-group-name', 'nowhere')
        self.assertNotEqual(run.returncode, 0)
        self.assertIn('(ResourceNotFoundException) when calling the DeleteLogGroup operation', run.stderr)
        self.assertIn('The specified log group does not exist.', run.stderr)


if __name__ == '__main__':
    unittest.main()
