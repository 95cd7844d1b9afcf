#!/usr/bin/env python3
"""Where start-up time and idle memory go: what to look at when the two goals of bench/run are missed.

usage: bench/startup.py [BINARY] [ARGUMENT...]      arguments go to `outcrop serve`; default: a fresh directory

Prints the time from spawn to the ready line and to the first answer (median, least, most of 20 starts), the same for
`--version`, which is the loader alone, and the resident memory of the idle process by what it maps.
"""
import collections
import http.client
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

STARTS = 20
KIB = 1024


def milliseconds(since):
    return (time.perf_counter() - since) * 1000


def start(binary, arguments, folder):
    """One start; gives the process, its port and the two times."""
    data = [] if '--data' in arguments else ['--data', folder]
    began = time.perf_counter()
    process = subprocess.Popen([binary, 'serve', '--listen', '127.0.0.1:0', *data, *arguments], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    line = process.stdout.readline().split()
    ready = milliseconds(began)
    if not line:
        sys.exit('the server did not start')
    port = int(line[1].rsplit(b':', 1)[1])
    connection = http.client.HTTPConnection('127.0.0.1', port, timeout=10)
    connection.request('GET', '/_outcrop/health')
    assert connection.getresponse().status == 200
    return process, ready, milliseconds(began)


def stop(process):
    process.terminate()
    process.wait(timeout=30)


def print_times(name, times):
    print(f'{name:32} {statistics.median(times):7.2f} ms   (least {min(times):.2f}, most {max(times):.2f})')


def mappings(pid):
    """Resident KiB by mapped file or kind: (private and anonymous, all)."""
    sums = collections.defaultdict(lambda: [0, 0])
    name = ''
    for line in pathlib.Path(f'/proc/{pid}/smaps').read_text().splitlines():
        words = line.split()
        if not words[0].endswith(':'):
            name = pathlib.Path(words[5]).name if len(words) > 5 else 'anonymous'
        elif words[0] == 'Rss:':
            sums[name][1] += int(words[1])
        elif words[0] == 'Anonymous:':
            sums[name][0] += int(words[1])
    return sums


def main():
    root = pathlib.Path(__file__).resolve().parent.parent
    binary = sys.argv[1] if len(sys.argv) > 1 else str(root / 'build/release/outcrop')
    arguments = sys.argv[2:]
    loader, ready, answered = [], [], []
    for _ in range(STARTS):
        began = time.perf_counter()
        subprocess.run([binary, '--version'], stdout=subprocess.DEVNULL, check=True)
        loader.append(milliseconds(began))
        with tempfile.TemporaryDirectory() as folder:
            process, to_ready, to_answer = start(binary, arguments, folder)
            ready.append(to_ready)
            answered.append(to_answer)
            stop(process)
    print_times('--version, spawn to exit', loader)
    print_times('spawn to ready', ready)
    print_times('spawn to first answer', answered)

    with tempfile.TemporaryDirectory() as folder:
        process, *_ = start(binary, arguments, folder)
        sums = mappings(process.pid)
        threads = len(os.listdir(f'/proc/{process.pid}/task'))
        stop(process)
    print(f'\n{"resident, idle":32} {sum(all_ for _, all_ in sums.values()) / KIB:7.1f} MiB')
    print(f'{"  of it anonymous":32} {sum(anonymous for anonymous, _ in sums.values()) / KIB:7.1f} MiB')
    print(f'{"threads":32} {threads:7}')
    for name, (anonymous, resident) in sorted(sums.items(), key=lambda item: -item[1][1])[:15]:
        print(f'  {name:30} {resident / KIB:7.2f} MiB, anonymous {anonymous / KIB:.2f}')


if __name__ == '__main__':
    main()
