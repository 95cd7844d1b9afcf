"""The structs and tables that modelgen makes of a model's shapes."""
from modelgen_text import (INDENT, INITIAL, LOCATIONS, SCALARS, TIMESTAMPS, ModelError, fields, flag, identifier, namespace_of, nearest,
                           pascal, quoted, snake)

TABLES_PREFIX = """#include "wire/pattern.h"

#pragma clang diagnostic ignored "-Winvalid-offsetof"
"""


class Generator:
    """The structs and tables of a set of shapes."""

    def __init__(self, model, path):
        self.model, self.path = model, path
        self.shapes = model["shapes"]
        self.namespace = snake(model["service"])
        self.types = {}        # shape name → C++ struct name, of shared structs
        self.tables = {}       # table name → its definition
        self.patterns = {}     # pattern → variable
        self.recursive = {}    # shape name → names of the structures reachable by value
        self.reserved = set()  # names of inputs and outputs
        self.errors = {}       # shape name → C++ struct name, of errors with members beside their message
        for shape in self.shapes.values():
            if shape.get("ev"):
                self.split_events(shape)

    def shape(self, name):
        if name not in self.shapes:
            raise ModelError(f"{self.path}: shape {name} is not in the model{nearest(name, self.shapes)}")
        return self.shapes[name]

    def split_events(self, shape):
        """An event stream is a union of its events; the errors that can end it are faults, not members."""
        shape["union"] = True
        is_error = {name: bool(self.shape(member["s"]).get("err")) for name, member in shape["mem"].items()}
        shape["errors"] = {name: member["s"] for name, member in shape["mem"].items() if is_error[name]}
        shape["mem"] = {name: member for name, member in shape["mem"].items() if not is_error[name]}

    def error_struct(self, name):
        """The struct of an error that tells more than its message, which becomes its first member; None for other errors."""
        shape = self.shape(name)
        message = next((member for member in shape.get("mem", {}) if member.lower() == "message"), "message")
        others = {member: given for member, given in shape.get("mem", {}).items() if member not in (message, self.blame_name(name))}
        if not others:
            return None
        self.shapes.setdefault("message of an error", {"t": "string"})
        self.errors[name] = pascal(name)
        shape["mem"] = {message: shape.get("mem", {}).get(message, {}) | {"s": "message of an error"}, **others}
        return self.errors[name]

    def blame_name(self, error):
        """Lambda's errors say "User" or "Service" in a member of this name, which their status tells."""
        has_it = "Type" in self.shape(error).get("mem", {}) and self.model.get("protocol") == "restJson1"
        return "Type" if has_it else None

    def kind(self, name):
        shape = self.shape(name)
        return "document" if shape.get("doc") else "json_text" if shape.get("text") else shape["t"]

    def check_texts(self, name, whole, seen):
        """What the service writes itself as JSON text has no other form, and nothing reads it."""
        if name in seen:
            return
        seen.add(name)
        shape = self.shape(name)
        if shape.get("text"):
            raise ModelError(f"{self.path}: {name} is a \"text\", which {whole} cannot hold: only an output of JSON protocols can")
        for member in [*shape.get("mem", {}).values(), *(shape[entry] for entry in ("el", "v") if entry in shape)]:
            self.check_texts(member["s"], whole, seen)

    def is_stream(self, member):
        shape = self.shape(member["s"])
        return any(holder.get("stream") for holder in (member, shape)) or bool(shape.get("ev"))

    def has_stream(self, name):
        return any(self.is_stream(member) for member in self.shape(name).get("mem", {}).values())

    def type_of(self, name):
        kind, shape = self.kind(name), self.shape(name)
        if kind in SCALARS:
            return SCALARS[kind][0]
        if kind in ("list", "map"):
            return f"{'std::vector' if kind == 'list' else 'wire::Map'}<{self.entry_type(shape, shape.get('el') or shape['v'])}>"
        return self.struct_of(name)

    def entry_type(self, shape, entry):
        inner = self.type_of(entry["s"])
        return f"std::optional<{inner}>" if shape.get("sparse") else inner

    def struct_of(self, name):
        if name not in self.types:
            struct, suffix = pascal(name), "Event" if self.shape(name).get("ev") else "Shape"
            self.types[name] = struct + suffix if struct in self.reserved else struct
            for member in self.shape(name).get("mem", {}).values():
                self.type_of(member["s"])
        return self.types[name]

    def ordered(self):
        """The shared structs, each after those it holds by value: [(shape name, C++ struct)]."""
        done = {}

        def visit(name):
            if name not in done:
                for member_name, member in self.shape(name).get("mem", {}).items():
                    if self.kind(member["s"]) == "structure" and "Box" not in self.holder(name, member_name, member)[0]:
                        visit(member["s"])
                done[name] = self.types[name]

        for name in list(self.types):
            visit(name)
        return list(done.items())

    def held_by_value(self, name):
        """The structures that a value of this shape contains, through anything that has no size of its own."""
        if name not in self.recursive:
            self.recursive[name] = set()
            inner = [member["s"] for member in self.shape(name).get("mem", {}).values() if self.kind(member["s"]) == "structure"]
            self.recursive[name] = set(inner).union(*(self.held_by_value(shape) for shape in inner))
        return self.recursive[name]

    def holder(self, owner, name, member):
        """How a member sits in its struct: (C++ type, presence table)."""
        shape = self.shape(owner)
        inner = self.type_of(member["s"])
        if owner in self.errors and name == next(iter(shape["mem"])):
            return inner, "&wire::message_of_error"
        if self.is_stream(member):
            return f"wire::EventReader<{inner}>" if self.shape(member["s"]).get("ev") else "wire::BodySource", None
        loops = self.kind(member["s"]) == "structure" and (owner == member["s"] or owner in self.held_by_value(member["s"]))
        if loops or (shape.get("union") and inner not in INITIAL):
            return f"wire::Box<{inner}>", f"&wire::box_of<{inner}>"
        if name in shape.get("req", []) and not shape.get("union"):
            return inner, None
        return f"std::optional<{inner}>", f"&wire::optional_of<{inner}>"

    def struct(self, name, struct, functions=()):
        lines = [f"struct {struct} {{"]
        for member_name, member in self.shape(name).get("mem", {}).items():
            holder, presence = self.holder(name, member_name, member)
            initial = INITIAL.get(holder, "") if presence is None else ""
            lines.append(f"  {holder} {self.member_identifier(name, member_name)}{initial};")
        if self.is_record():
            lines.append("  std::string unknown_members;  // of a newer release; written back as they are")
        lines += ["", *functions, "  static const wire::Shape shape;"]
        if not self.has_stream(name):
            lines.append(f"  friend bool operator==(const {struct}&, const {struct}&) = default;")
        lines += ["};", ""]
        return "\n".join(lines)

    def member_identifier(self, owner, name):
        taken = [other for other in self.shape(owner)["mem"] if identifier(other) == identifier(name)]
        if len(taken) > 1:
            raise ModelError(f"{self.path}: {owner} has members that are one name in C++: {', '.join(taken)}")
        return identifier(name)

    def is_record(self):
        return "records" in self.model

    def reference(self, name, timestamp=None):
        """An expression for the address of a shape's table, which it defines when it is new."""
        shape, kind = self.shape(name), self.kind(name)
        if kind == "structure":
            return f"&{self.struct_of(name)}::shape"
        timestamp = timestamp or shape.get("ts")
        if kind == "timestamp":
            return "&wire::shapes::timestamp" + (f"_{TIMESTAMPS[timestamp]}" if timestamp else "")
        if kind in SCALARS:
            constraints = self.constraints(name)
            if not constraints and not shape.get("sens"):
                return f"&wire::shapes::{SCALARS[kind][1]}"
            return self.define(name, kind=f"wire::Kind::{SCALARS[kind][1]}", sensitive=flag(shape.get("sens")),
                               name=quoted(name), constraints=constraints)
        entry = shape["el"] if kind == "list" else shape["v"]
        accessor = f"wire::{kind}_of<{self.entry_type(shape, entry)}>"
        overlay = entry.get("query", {})
        default = "member" if kind == "list" else "value"
        return self.define(
            name, kind=f"wire::Kind::{kind}", sensitive=flag(shape.get("sens")), sparse=flag(shape.get("sparse")), name=quoted(name),
            element=self.reference(entry["s"], entry.get("ts")),
            presence=f"&wire::optional_of<{self.type_of(entry['s'])}>" if shape.get("sparse") else None,
            key=self.reference(shape["k"]["s"]) if kind == "map" else None,
            element_name=quoted(overlay.get("name", entry.get("name", default))),
            key_name=quoted(shape["k"].get("query", {}).get("name", shape["k"].get("name", "key"))) if kind == "map" else None,
            list=f"&{accessor}" if kind == "list" else None, map=f"&{accessor}" if kind == "map" else None,
            constraints=self.constraints(name))

    def define(self, shape_name, **initializers):
        return self.table("wire::Shape", "shape_of_", shape_name, fields(**initializers))

    def table(self, kind, prefix, shape_name, initializer):
        """The address of a constant, which is new unless the same is there."""
        name = prefix + identifier(shape_name).rstrip("_")
        while self.tables.get(name, (kind, initializer)) != (kind, initializer):  # Tag and tag are two shapes
            name += "_"
        self.tables[name] = kind, initializer
        return "&" + name

    def constraints(self, name):
        shape, kind = self.shape(name), self.kind(name)
        real = kind in ("float", "double")
        given = {}
        for bound in ("min", "max"):
            if bound in shape:
                given[("real_" if real else "") + bound] = repr(float(shape[bound])) if real else f"{int(shape[bound])}"
        if "pat" in shape:
            given["pattern"] = "&" + self.patterns.setdefault(shape["pat"], f"pattern_{len(self.patterns)}")
        if "enum" in shape:
            values = "{" + ", ".join(quoted(value) for value in shape["enum"]) + "}"
            given["values"] = self.table("std::string_view[]", "values_of_", name, values).removeprefix("&")
        if not given:
            return None
        return self.table("wire::Constraints", "limits_of_", name, fields(**given))

    def struct_table(self, name, struct):
        shape = self.shape(name)
        late = set(list(shape.get("mem", {}))[64:]) & set(shape.get("req", []))
        if late:
            raise ModelError(f"{self.path}: {name} requires {', '.join(sorted(late))}, which must be among its first 64 members")
        rows = [self.member_row(name, struct, member_name, member) for member_name, member in shape.get("mem", {}).items()]
        table = f"members_of_{identifier(struct).rstrip('_')}"
        out = ""
        if rows:
            out = f"constexpr wire::Member {table}[] = {{\n" + "".join(f"{INDENT}{row},\n" for row in rows) + "};\n"
        root = fields(
            kind="wire::Kind::union_" if shape.get("union") else "wire::Kind::structure",
            sensitive=flag(shape.get("sens")), name=None if shape.get("unnamed") else quoted(name), members=table if rows else None,
            xml_namespace=namespace_of(shape), xml_name=quoted(shape["name"]) if "name" in shape else None,
            stream_errors=self.stream_errors(name) if shape.get("errors") else None,
            unknown_offset=f"offsetof({struct}, unknown_members)" if self.is_record() else None)
        return out + f"constexpr wire::Shape {struct}::shape = {root};\n"

    def stream_errors(self, name):
        rows = ", ".join(fields(name=quoted(error), error=quoted(shape), message_name=quoted(self.message_name(shape)))
                         for error, shape in self.shape(name)["errors"].items())
        return self.table("wire::StreamError[]", "stream_errors_of_", name, f"{{{rows}}}").removeprefix("&")

    def message_name(self, error):
        members = self.shape(error).get("mem", {})
        name = next((member for member in members if member.lower() == "message"), "message")
        return members.get(name, {}).get("name", name) if self.is_rest() else name

    def is_rest(self):
        return self.model.get("protocol", "").startswith("rest")

    def stream_row(self, struct, owner, name, member):
        events = self.shape(member["s"]).get("ev")
        shape = self.define(member["s"] + "Stream", kind="wire::Kind::stream", name=quoted(member["s"]),
                            element=f"&{self.struct_of(member['s'])}::shape") if events else "&wire::shapes::body_stream"
        return fields(name=quoted(name), wire_name=quoted(name), shape=shape,
                      offset=f"offsetof({struct}, {self.member_identifier(owner, name)})", location="wire::Location::stream")

    def member_row(self, owner, struct, name, member):
        if self.is_stream(member):
            return self.stream_row(struct, owner, name, member)
        shape, inner = self.shape(owner), self.shape(member["s"])
        overlay = member.get("query", {})
        flat = any(holder.get("flat") for holder in (member, overlay, inner, inner.get("query", {})))
        wire_name = overlay.get("name", member.get("name", name))
        if flat and "el" in inner:
            wire_name = inner["el"].get("query", inner["el"]).get("name", wire_name)
        flags = [f"wire::Member::{flag_name}" for flag_name, on in (
            ("required", name in shape.get("req", []) and not shape.get("union")), ("flattened", flat),
            ("idempotency_token", member.get("idemTok")), ("json_value", member.get("jsonvalue")),
            ("xml_attribute", member.get("attr")), ("host_label", member.get("host"))) if on]
        places = {"payload": shape.get("pay") == name, "event_header": member.get("evh"), "event_payload": member.get("evp")}
        location = next((place for place, here in places.items() if here), self.bound_location(struct, member))
        return fields(
            name=quoted(name), wire_name=quoted(wire_name), shape=self.reference(member["s"], member.get("ts")),
            presence=self.holder(owner, name, member)[1], offset=f"offsetof({struct}, {self.member_identifier(owner, name)})",
            id=self.record_id(owner, name, member), flags=" | ".join(flags) or None,
            location=f"wire::Location::{location}" if location else None, xml_namespace=namespace_of(member))

    def bound_location(self, struct, member):
        """HTTP bindings count in inputs, outputs and errors only, and those of requests in inputs only."""
        of_request = member.get("loc") in ("uri", "querystring")
        is_bound = struct in self.reserved or struct in self.errors.values()
        return None if not is_bound or (of_request and struct.endswith("Output")) else LOCATIONS.get(member.get("loc"))

    def record_id(self, owner, name, member):
        if not self.is_record():
            return None
        number, retired = member.get("id"), self.shape(owner).get("retired", [])
        ids = [other.get("id") for other in self.shape(owner)["mem"].values()]
        if not isinstance(number, int) or not 1 <= number <= 4095:
            raise ModelError(f"{self.path}: {owner}.{name} needs an \"id\" from 1 to 4095")
        if ids.count(number) > 1 or number in retired:
            raise ModelError(f"{self.path}: {owner}.{name}: id {number} is taken; next free: {max([*ids, *retired], default=0) + 1}")
        return number

    def table_definitions(self, structs):
        """All tables of `structs`: [(shape name, C++ struct)]."""
        bodies = "\n".join(self.struct_table(name, struct) for name, struct in structs)
        patterns = "".join(f"constinit wire::Pattern {variable}({quoted(pattern)});\n" for pattern, variable in self.patterns.items())
        # Lists and maps come before what holds them; members are named by structs, which headers declare.
        tables = "".join(f"constexpr {kind.removesuffix('[]')} {name}{'[]' if kind.endswith('[]') else ''} = {initializer};\n"
                         for name, (kind, initializer) in self.tables.items())
        return f"namespace {{\n{patterns}{tables}}}  // namespace\n\n{bodies}"

    def types_header(self, comment):
        structs = "\n".join(self.struct(name, struct) for name, struct in self.ordered())
        forward = "".join(f"struct {struct};\n" for _, struct in self.ordered())
        return (f"// {comment}\n#pragma once\n#include <optional>\n#include <string>\n#include <vector>\n\n"
                '#include "base/time.h"\n#include "json/json.h"\n#include "wire/shape.h"\n\n'
                f"namespace outcrop::{self.namespace} {{\n\n{forward}\n{structs}\n}}  // namespace outcrop::{self.namespace}\n")
