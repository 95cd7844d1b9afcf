"""Finds the handler that a function's configuration names: 'src/app.get' and 'src.app.get' are get of src/app.py."""
import importlib
import sys

from .errors import Fault


def load(name):
    module_name, dot, function = name.rpartition('.')
    if not dot:
        raise Fault('Runtime.MalformedHandlerName', f"Bad handler '{name}': not enough values to unpack (expected 2, got 1)")
    if module_name.split('.')[0] in sys.builtin_module_names:
        raise Fault('Runtime.BuiltInModuleConflict', f'Cannot use built-in module {module_name} as a handler module')
    try:
        module = importlib.import_module(module_name.replace('/', '.'))
    except ImportError as error:
        raise Fault('Runtime.ImportModuleError', f"Unable to import module '{module_name}': {error}") from error
    except SyntaxError as error:
        where = f'  File "{error.filename}" Line {error.lineno}\n    {error.text}'
        raise Fault('Runtime.UserCodeSyntaxError', f"Syntax error in module '{module_name}': {error}", [where]) from error
    try:
        return getattr(module, function)
    except AttributeError as error:
        raise Fault('Runtime.HandlerNotFound', f"Handler '{function}' missing on module '{module_name}'") from error
