"""Runs a Python function: asks the Runtime API for its events, one after the other, hands each to the handler, and posts what comes of it.

Started as `python3 bootstrap.py`; the environment says the rest. What it is made of is a package, whose names no module of a function has.
"""
import os
import sys

own_folder = os.path.dirname(os.path.abspath(__file__))
sys.path[:] = [own_folder, *(folder for folder in sys.path if folder != own_folder)]
from outcrop_runtime.loop import run  # noqa: E402

# As on AWS a function's own folder comes first, and the runtime is not there to be imported.
sys.path[0] = os.environ.get('LAMBDA_TASK_ROOT') or os.getcwd()

if __name__ == '__main__':
    run(os.environ.get('_HANDLER', ''), os.environ['AWS_LAMBDA_RUNTIME_API'])
