"""How modelgen writes names and values of a model as C++, and how a model's words are called there."""
import difflib
import re

INDENT = "    "
KEYWORDS = set(
    "alignas alignof and and_eq asm auto bitand bitor bool break case catch char class compl concept const continue "
    "decltype default delete do double else enum explicit export extern false float for friend goto if inline int long "
    "mutable namespace new noexcept not nullptr operator or or_eq private protected public register requires return "
    "short signed sizeof static struct switch template this throw true try typedef typeid typename union unsigned using "
    "virtual void volatile wchar_t while xor xor_eq shape unknown_members".split())
SCALARS = {  # model type: (C++ type, shape)
    "boolean": ("bool", "boolean"), "byte": ("int32_t", "byte"), "short": ("int32_t", "short_"),
    "integer": ("int32_t", "integer"), "long": ("int64_t", "long_"), "float": ("float", "float_"),
    "double": ("double", "double_"), "string": ("std::string", "string"), "blob": ("std::string", "blob"),
    "timestamp": ("Instant", "timestamp"), "document": ("json::Value", "document"),
    "json_text": ("wire::JsonText", "json_text")}
INITIAL = {"bool": " = false", "int32_t": " = 0", "int64_t": " = 0", "float": " = 0", "double": " = 0", "Instant": " = {}"}
TIMESTAMPS = {"iso8601": "date_time", "date-time": "date_time", "unixTimestamp": "epoch_seconds",
              "epoch-seconds": "epoch_seconds", "rfc822": "http_date", "http-date": "http_date"}
LOCATIONS = {"header": "header", "headers": "headers", "querystring": "query", "uri": "path", "statusCode": "status_code"}
PROTOCOLS = {"awsJson1_0": "aws_json_1_0", "awsJson1_1": "aws_json_1_1", "awsQuery": "aws_query",
             "restJson1": "rest_json_1", "restXml": "rest_xml", "rpcv2Cbor": "rpc_v2_cbor"}


class ModelError(Exception):
    """What is wrong with a model, for whoever wrote it."""


def flag(on):
    return "true" if on else None


def snake(name):
    """SendMessage → send_message, MD5OfBody → md5_of_body, AWSAccountIds → aws_account_ids, subnetIDs → subnet_ids."""
    name = re.sub(r"IPv(?=[46])", "Ipv", re.sub(r"[^A-Za-z0-9]+", "_", name))
    name = re.sub(r"([A-Z]{2,})s(?=[A-Z_]|$)", lambda m: m.group(1).capitalize() + "s", name)
    name = re.sub(r"([A-Z]+)([A-Z][a-z])", r"\1_\2", name)
    name = re.sub(r"([a-z0-9])([A-Z])", r"\1_\2", name)
    return re.sub(r"_+", "_", name).strip("_").lower()


def identifier(name):
    name = snake(name)
    return name + "_" if name in KEYWORDS or name[0].isdigit() else name


def pascal(name):
    return "".join(part[:1].upper() + part[1:] for part in re.split(r"[^A-Za-z0-9]+", name))


def quoted(text):
    out = ""
    for byte in text.encode():
        char = chr(byte)
        out += "\\" + char if char in '"\\' else char if 32 <= byte < 127 else f"\\{byte:03o}"
    return f'"{out}"'


def fields(**given):
    """Designated initializers of what is given; None and False are left out."""
    return "{" + ", ".join(f".{name} = {value}" for name, value in given.items() if value not in (None, False)) + "}"


def nearest(name, names):
    close = difflib.get_close_matches(name, list(names), n=3, cutoff=0.5)
    return f"; nearest: {', '.join(close)}" if close else ""


def namespace_of(holder):
    """The XML namespace of a shape or member: "xsi=http://…" with a prefix, else the URI."""
    namespace = holder.get("ns")
    if isinstance(namespace, dict):
        namespace = (namespace["prefix"] + "=" if "prefix" in namespace else "") + namespace["uri"]
    return quoted(namespace) if namespace else None
