"""What modelgen writes of a service: its operations, its errors and its manifest."""
from modelgen_shapes import TABLES_PREFIX, Generator
from modelgen_text import INDENT, PROTOCOLS, ModelError, fields, flag, identifier, nearest, pascal, quoted, snake

WORD_VIOLATIONS = """// Defined by the service: its own words for what violates the model.
Fault word_violations(const wire::Operation& operation, std::span<const wire::Violation> violations);

"""


def errors_of(model):
    return sorted((name, shape) for name, shape in model["shapes"].items() if shape.get("err"))


class Service:
    def __init__(self, model, path, files):
        self.generator = Generator(model, path)
        self.model, self.path = model, path
        self.namespace = self.generator.namespace
        self.service_class = pascal(model["service"])
        self.operations = self.operations_of(files)
        self.generator.reserved = {f"{operation}{side}" for operation in model["operations"] for side in ("Input", "Output")}
        self.structs = []  # (shape name, struct) of inputs, outputs and errors
        self.blames = {name: self.generator.blame_name(name) for name, _ in errors_of(model)}

    def operations_of(self, files):
        by_file = {snake(name) + ".cc": name for name in self.model["operations"]}
        unknown = sorted(set(files) - set(by_file))
        if unknown:
            hints = "".join(f"\n  {file}: no operation of that name{nearest(file, by_file)}" for file in unknown)
            raise ModelError(f"files of src/services/{self.model['service']} that name no operation of {self.path}:{hints}\n"
                             "  (what operations share belongs into a folder below, or into the service's own file)")
        return [by_file[file] for file in sorted(set(files))]

    def files(self):
        out = {snake(name) + ".h": self.operation_header(name) for name in self.operations}
        name, namespace = self.model["service"], self.namespace
        out["errors.h"] = self.errors_header()
        out["types.h"] = self.generator.types_header(f"What operations of {name} share. Written by tools/modelgen.")
        tables = self.generator.table_definitions(self.generator.ordered() + self.structs)
        includes = "".join(f'#include "gen/{name}/{snake(operation)}.h"\n' for operation in self.operations)
        out["tables.cc"] = (f"// The tables of {name}'s structs. Written by tools/modelgen.\n"
                            f'#include "gen/{name}/errors.h"\n#include "gen/{name}/types.h"\n{includes}{TABLES_PREFIX}\nnamespace outcrop::{namespace} {{\n'
                            f"{tables}\n}}  // namespace outcrop::{namespace}\n")
        out["manifest.h"] = (f"// {name} as its model has it. Written by tools/modelgen.\n#pragma once\n"
                             f'#include "wire/operation.h"\n\nnamespace outcrop::{namespace} {{\n\n'
                             f"extern const wire::ServiceModel model;\n\n}}  // namespace outcrop::{namespace}\n")
        out["manifest.cc"] = self.manifest(includes)
        return out

    def side(self, operation, side):
        """The struct of an operation's input or output, and the shape it is made from."""
        name = self.model["operations"][operation].get("in" if side == "Input" else "out")
        if name is None:
            name = f"{operation}{side}"
            self.model["shapes"].setdefault(name, {"t": "structure", "mem": {}, "unnamed": True})
        return name, f"{operation}{side}"

    def speaks_json_alone(self):
        return {self.model["protocol"], *self.model["protocols"]} <= {"awsJson1_0", "awsJson1_1"} and "query" not in self.model

    def operation_header(self, operation):
        bodies = ""
        for side in ("Input", "Output"):
            name, struct = self.side(operation, side)
            if side == "Input" or not self.speaks_json_alone():
                self.generator.check_texts(name, struct, set())
            for member in self.generator.shape(name).get("mem", {}).values():
                self.generator.type_of(member["s"])
            bodies += self.generator.struct(name, struct) + "\n"
            self.structs.append((name, struct))
        function, service = identifier(operation), self.service_class
        streams = '#include "wire/stream.h"\n' if "wire::BodySource" in bodies or "wire::EventReader" in bodies else ""
        return (f"// {operation} of {self.model['service']}. Written by tools/modelgen.\n#pragma once\n"
                f'#include "base/task.h"\n#include "gen/{self.model["service"]}/types.h"\n{streams}\n'
                f"namespace outcrop {{\nstruct Call;\n}}\n\nnamespace outcrop::{self.namespace} {{\n\nclass {service};\n\n{bodies}"
                f"Task<Result<{operation}Output>> {function}({service}& service, Call& call, {operation}Input input);\n\n"
                f"}}  // namespace outcrop::{self.namespace}\n")

    def error_facts(self, name, shape):
        facts = shape["err"] if isinstance(shape["err"], dict) else {}
        status = facts.get("status", 500 if facts.get("fault") else 400)
        message = self.generator.message_name(name)
        space = facts.get("ns", self.model.get("errorNamespace", ""))
        return {"code": facts.get("code", name), "status": status, "message": message, "blame": self.blames.get(name),
                "type": f"{space}#{name}" if space else name, "sender": facts.get("sender", status < 500)}

    def errors_header(self):
        """A function for each error, and a struct for those that tell more than their message."""
        structs, functions = "", ""
        for name, shape in errors_of(self.model):
            status = self.error_facts(name, shape)["status"]
            functions += f'inline Fault {identifier(name)}(std::string message) {{ return {{"{name}", {status}, std::move(message)}}; }}\n'
            struct = self.generator.error_struct(name)
            if struct:
                for member in shape["mem"].values():
                    self.generator.type_of(member["s"])
                to_fault = f'  operator Fault() && {{ return wire::fault_of("{name}", {status}, std::move(*this)); }}'
                structs += self.generator.struct(name, struct, functions=[to_fault]) + "\n"
                self.structs.append((name, struct))
        types = f'#include "gen/{self.model["service"]}/types.h"\n#include "wire/error.h"\n' if structs else ""
        return (f"// The errors {self.model['service']} answers with. Written by tools/modelgen.\n#pragma once\n"
                f'#include "base/result.h"\n{types}\nnamespace outcrop::{self.namespace} {{\n\n{structs}{functions}\n'
                f"}}  // namespace outcrop::{self.namespace}\n")

    def required_names(self, operation, place, arrays):
        """The array of the required members bound there, which tell operations of one path apart; None for none."""
        shape = self.model["shapes"].get(self.model["operations"][operation].get("in"), {})
        names = [quoted(shape["mem"][member].get("name", member)) for member in shape.get("req", [])
                 if shape["mem"][member].get("loc") == place]
        return arrays.setdefault(f"{{{', '.join(names)}}}", f"required_names_{len(arrays)}") if names else None

    def manifest(self, includes):
        model, rows, required = self.model, "", {}
        for name, operation in sorted(model["operations"].items()):
            row = dict(name=quoted(name), method=quoted(operation["m"]), uri=quoted(operation["u"]), status=operation.get("s"),
                       result_wrapper=quoted(operation["rw"]) if "rw" in operation else None,
                       is_unsigned=flag(operation.get("authtype") == "none"),
                       required_query=self.required_names(name, "querystring", required),
                       required_headers=self.required_names(name, "header", required),
                       is_output_unwrapped=flag(operation.get("unwrapped")))
            if name in self.operations:
                row |= dict(input=f"&{name}Input::shape", output=f"&{name}Output::shape", make_input=f"&wire::make_erased<{name}Input>",
                            handler=f"&wire::start<&{identifier(name)}, {self.service_class}, {name}Input>")
            rows += f"{INDENT}{fields(**row)},\n"
        errors = "".join(
            INDENT + fields(name=quoted(name), code=quoted(facts["code"]), type=quoted(facts["type"]), message_name=quoted(facts["message"]),
                            blame_name=quoted(facts["blame"]) if facts["blame"] else None, status=facts["status"],
                            sender=str(facts["sender"]).lower()) + ",\n"
            for name, shape in errors_of(self.model) for facts in [self.error_facts(name, shape)])
        protocols = list(dict.fromkeys([model["protocol"], *model["protocols"], *(["awsQuery"] if "query" in model else [])]))
        own_words = model.get("validation") == "own"
        facts = fields(
            name=quoted(model["service"]), service_id=quoted(model["serviceId"]),
            api_version=quoted(model.get("query", {}).get("version", model["apiVersion"])),
            signing_name=quoted(model["signingName"]), endpoint_prefix=quoted(model["endpointPrefix"]),
            target_prefix=quoted(model.get("targetPrefix", "")),
            xml_namespace=quoted(model.get("query", {}).get("xmlNamespace", model.get("xmlNamespace", ""))),
            error_namespace=quoted(model.get("errorNamespace", "")), protocols="protocols", query_compatible=flag(model.get("awsQueryCompatible")),
            bare_errors=flag(model.get("noErrorWrapping")), detailed_errors=flag(model.get("query", {}).get("detail")),
            validation=f"wire::Validation::{model.get('validation', 'collected')}", word_violations="&word_violations" if own_words else None,
            operations="operations", errors="errors" if errors else None)
        declaration = WORD_VIOLATIONS if own_words else ""
        return (f"// {model['service']} as its model has it. Written by tools/modelgen.\n#include \"gen/{model['service']}/manifest.h\"\n\n{includes}\n"
                f"namespace outcrop::{self.namespace} {{\n\n{declaration}namespace {{\n\n"
                f"constexpr wire::ProtocolKind protocols[] = {{{', '.join('wire::ProtocolKind::' + PROTOCOLS[p] for p in protocols)}}};\n\n"
                + "".join(f"constexpr std::string_view {array}[] = {names};\n" for names, array in required.items())
                + f"constexpr wire::Operation operations[] = {{\n{rows}}};\n\n"
                + (f"constexpr wire::ErrorShape errors[] = {{\n{errors}}};\n\n" if errors else "")
                + f"}}  // namespace\n\nconstexpr wire::ServiceModel model = {facts};\n\n}}  // namespace outcrop::{self.namespace}\n")
