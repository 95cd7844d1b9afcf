#!/usr/bin/env python3
"""What modelgen promises: names, files written only when they change, and errors a person can act on."""
import contextlib
import importlib.machinery
import importlib.util
import io
import json
import os
import shutil
import subprocess
import sys
import tempfile
import unittest

import modelgen_text

sys.dont_write_bytecode = True
HERE = os.path.dirname(os.path.abspath(__file__))
LOADER = importlib.machinery.SourceFileLoader("modelgen", os.path.join(HERE, "modelgen"))
SPEC = importlib.util.spec_from_loader("modelgen", LOADER)
modelgen = importlib.util.module_from_spec(SPEC)
LOADER.exec_module(modelgen)


def model(**changes):
    return {
        "format": "awsmodel/1", "service": "toy-box", "serviceId": "Toy Box", "apiVersion": "2026-01-01", "protocol": "awsJson1_0",
        "protocols": ["awsJson1_0"], "signingName": "toys", "endpointPrefix": "toys",
        "operations": {"PutToy": {"m": "POST", "u": "/", "in": "PutToyRequest"}, "GetToys": {"m": "POST", "u": "/"}},
        "shapes": {
            "PutToyRequest": {"t": "structure", "mem": {"Name": {"s": "Text"}, "Toy": {"s": "Toy"}}, "req": ["Name"]},
            "Toy": {"t": "structure", "mem": {"Inside": {"s": "Toy"}, "Beside": {"s": "Toys"}}},
            "Toys": {"t": "list", "el": {"s": "Toy"}}, "Text": {"t": "string"},
            "ToyIsBroken": {"t": "structure", "mem": {"message": {"s": "Text"}}, "err": {"code": "Toy.Broken", "status": 409}}},
    } | changes


class ModelgenTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = folder.name
        self.out = os.path.join(folder.name, "gen")

    def run_on(self, given, *files, kind="--model"):
        path = os.path.join(self.folder, "model.json")
        with open(path, "w", encoding="utf-8") as file:
            json.dump(given, file)
        problem = io.StringIO()
        with contextlib.redirect_stderr(problem):
            status = modelgen.main([kind, path, "--out", self.out] + (["--files", *files] if files else []))
        return status, problem.getvalue()

    def written(self, name):
        with open(os.path.join(self.out, name), encoding="utf-8") as file:
            return file.read()

    def test_a_text_is_of_outputs_and_of_json_alone(self):
        texts = {"Note": {"t": "map", "text": True, "k": {"s": "Text"}, "v": {"s": "Text"}}, "GetToysResult": {"t": "structure", "mem": {"Note": {"s": "Note"}}}}
        given = model()
        given["shapes"] |= texts
        given["operations"]["GetToys"]["out"] = "GetToysResult"
        status, _ = self.run_on(given, "get_toys.cc")
        self.assertEqual(status, 0)
        self.assertIn("std::optional<wire::JsonText> note;", self.written("get_toys.h"))
        status, problem = self.run_on(given | {"protocols": ["awsJson1_0", "rpcv2Cbor"]}, "get_toys.cc")
        self.assertNotEqual(status, 0)
        self.assertIn('Note is a "text", which GetToysOutput cannot hold', problem)
        given["shapes"]["Toy"]["mem"]["Note"] = {"s": "Note"}
        status, problem = self.run_on(given, "put_toy.cc")
        self.assertNotEqual(status, 0)
        self.assertIn('Note is a "text", which PutToyInput cannot hold', problem)

    def test_names_become_snake_case_as_people_would_write_them(self):
        for name, expected in {
                "SendMessage": "send_message", "MD5OfMessageBody": "md5_of_message_body", "AWSAccountIds": "aws_account_ids",
                "queueUrls": "queue_urls", "BS": "bs", "SSEDescription": "sse_description", "subnetIDs": "subnet_ids", "ARNs": "arns",
                "S3Bucket": "s3_bucket", "IPv6CidrBlock": "ipv6_cidr_block", "x-amz-meta": "x_amz_meta", "HTTPSPort": "https_port",
                "KMSMasterKeyId": "kms_master_key_id", "PutItem": "put_item", "EC2InstanceARN": "ec2_instance_arn"}.items():
            self.assertEqual(modelgen_text.snake(name), expected)

    def test_words_of_the_language_get_an_underscore(self):
        self.assertEqual(modelgen_text.identifier("Default"), "default_")
        self.assertEqual(modelgen_text.identifier("shape"), "shape_")

    def test_a_file_brings_its_operation_into_the_build(self):
        self.assertEqual(self.run_on(model(), "put_toy.cc"), (0, ""))
        header = self.written("put_toy.h")
        self.assertIn("std::string name;", header)
        self.assertIn("Task<Result<PutToyOutput>> put_toy(ToyBox& service, Call& call, PutToyInput input);", header)
        self.assertFalse(os.path.exists(os.path.join(self.out, "get_toys.h")))
        manifest = self.written("manifest.cc")
        self.assertIn(".handler = &wire::start<&put_toy, ToyBox, PutToyInput>", manifest)
        self.assertIn('{.name = "GetToys", .method = "POST", .uri = "/"}', manifest)

    def test_streams_are_read_while_they_are_made_and_their_errors_are_faults(self):
        streaming = model()
        streaming["operations"]["PutToy"] |= {"out": "PutToyResult", "evOut": "Moves"}
        streaming["shapes"]["PutToyRequest"]["mem"]["Film"] = {"s": "Film", "stream": True}
        streaming["shapes"] |= {
            "Film": {"t": "blob"}, "PutToyResult": {"t": "structure", "mem": {"Moves": {"s": "PutToyOutput"}}},
            "PutToyOutput": {"t": "structure", "ev": True, "mem": {"roll": {"s": "Roll"}, "toyIsBroken": {"s": "ToyIsBroken"}}},
            "Roll": {"t": "structure", "event": True, "mem": {"Far": {"s": "Text", "evh": True}}}}
        self.assertEqual(self.run_on(streaming, "put_toy.cc"), (0, ""))
        header = self.written("put_toy.h")
        self.assertIn("wire::BodySource film;", header)
        self.assertIn("wire::EventReader<PutToyOutputEvent> moves;", header)
        tables = self.written("tables.cc")
        self.assertIn('{.name = "toyIsBroken", .error = "ToyIsBroken", .message_name = "message"}', tables)
        self.assertIn(".location = wire::Location::event_header", tables)
        self.assertNotIn("toy_is_broken", self.written("types.h"))

    def test_a_structure_that_contains_itself_is_boxed_and_in_lists_it_is_not(self):
        self.run_on(model(), "put_toy.cc")
        types = self.written("types.h")
        self.assertIn("wire::Box<Toy> inside;", types)
        self.assertIn("std::optional<std::vector<Toy>> beside;", types)

    def test_errors_become_functions_with_their_status(self):
        self.run_on(model(), "put_toy.cc")
        self.assertIn('inline Fault toy_is_broken(std::string message) { return {"ToyIsBroken", 409, std::move(message)}; }',
                      self.written("errors.h"))

    def test_an_error_that_tells_more_than_its_message_is_a_struct_that_becomes_a_fault(self):
        telling = model()
        telling["shapes"]["ToyIsBroken"]["mem"] = {"Part": {"s": "Text"}, "Message": {"s": "Text"}, "Toys": {"s": "Toys"}}
        self.assertEqual(self.run_on(telling, "put_toy.cc"), (0, ""))
        errors = self.written("errors.h")
        self.assertIn("struct ToyIsBroken {\n  std::string message;\n  std::optional<std::string> part;\n"
                      "  std::optional<std::vector<Toy>> toys;\n", errors)
        self.assertIn('operator Fault() && { return wire::fault_of("ToyIsBroken", 409, std::move(*this)); }', errors)
        self.assertIn("inline Fault toy_is_broken(std::string message)", errors)
        rows = self.written("tables.cc").split("members_of_toy_is_broken[] = {")[1]
        self.assertTrue(rows.lstrip().startswith('{.name = "Message", .wire_name = "Message", .shape = &wire::shapes::string, '
                                                 ".presence = &wire::message_of_error"), rows)

    def test_errors_of_rest_protocols_have_headers_and_lambdas_say_whose_fault_it_is(self):
        resting = model(protocol="restJson1", protocols=["restJson1"])
        resting["shapes"]["ToyIsBroken"]["mem"] |= {"Type": {"s": "Text"}, "Wait": {"s": "Text", "loc": "header", "name": "Retry-After"}}
        self.assertEqual(self.run_on(resting, "put_toy.cc"), (0, ""))
        self.assertIn("std::optional<std::string> wait;", self.written("errors.h"))
        self.assertNotIn("std::optional<std::string> type;", self.written("errors.h"))
        self.assertIn('.wire_name = "Retry-After"', self.written("tables.cc"))
        self.assertIn(".location = wire::Location::header", self.written("tables.cc"))
        self.assertIn('.blame_name = "Type"', self.written("manifest.cc"))

    def test_a_misspelt_file_is_refused_with_the_nearest_names(self):
        status, problem = self.run_on(model(), "put_tooy.cc")
        self.assertEqual(status, 1)
        self.assertIn("put_tooy.cc: no operation of that name; nearest: put_toy.cc", problem)

    def test_an_unknown_shape_is_refused_with_the_nearest_names(self):
        broken = model()
        broken["shapes"]["PutToyRequest"]["mem"]["Toy"]["s"] = "Toi"
        status, problem = self.run_on(broken, "put_toy.cc")
        self.assertEqual(status, 1)
        self.assertIn("shape Toi is not in the model; nearest: Toy", problem)

    def test_what_did_not_change_is_not_written_and_what_is_gone_is_removed(self):
        self.run_on(model(), "put_toy.cc", "get_toys.cc")
        path = os.path.join(self.out, "put_toy.h")
        os.utime(path, (1, 1))
        self.run_on(model(), "put_toy.cc")
        self.assertEqual(os.stat(path).st_mtime, 1)
        self.assertFalse(os.path.exists(os.path.join(self.out, "get_toys.h")))

    def test_a_type_that_is_called_like_an_output_steps_aside(self):
        given = model()
        given["shapes"]["PutToyRequest"]["mem"]["Result"] = {"s": "PutToyOutput"}
        given["shapes"]["PutToyOutput"] = {"t": "structure", "mem": {"A": {"s": "Text"}}}
        self.run_on(given, "put_toy.cc")
        self.assertIn("std::optional<PutToyOutputShape> result;", self.written("put_toy.h"))

    def test_records_need_ids_that_are_unique_and_not_retired(self):
        def records(first, second, **more):
            return {"format": "awsmodel/1", "service": "toys", "records": ["ToyRecord"], "shapes": {
                "Text": {"t": "string"},
                "ToyRecord": {"t": "structure", "mem": {"A": {"s": "Text"} | first, "B": {"s": "Text"} | second}} | more}}
        self.assertEqual(self.run_on(records({"id": 1}, {"id": 2}), kind="--records"), (0, ""))
        self.assertIn("std::string unknown_members;", self.written("toys.h"))
        self.assertIn('needs an "id"', self.run_on(records({"id": 1}, {}), kind="--records")[1])
        self.assertIn("id 1 is taken; next free: 2", self.run_on(records({"id": 1}, {"id": 1}), kind="--records")[1])
        self.assertIn("id 2 is taken; next free: 3", self.run_on(records({"id": 1}, {"id": 2}, retired=[2]), kind="--records")[1])

    def rest_model(self, **changes):
        member = {"loc": "uri", "name": "Toy"}
        return model(
            protocol="restXml", protocols=["restXml"], noErrorWrapping=True,
            operations={
                "GetToy": {"m": "GET", "u": "/{Toy}", "in": "GetToyRequest", "out": "GetToyRequest"},
                "GetPart": {"m": "GET", "u": "/{Toy}", "in": "GetPartRequest", "out": "Place", "unwrapped": True}},
            shapes={
                "Text": {"t": "string"},
                "GetToyRequest": {"t": "structure", "mem": {"Toy": {"s": "Text"} | member, "Inner": {"s": "Inner"}}, "req": ["Toy"]},
                "Inner": {"t": "structure", "mem": {"Toy": {"s": "Text"} | member}, "ns": {"prefix": "p", "uri": "http://p"}},
                "Place": {"t": "structure", "mem": {"Where": {"s": "Text"}}},
                "GetPartRequest": {"t": "structure", "req": ["Toy", "Part", "Key"], "mem": {
                    "Toy": {"s": "Text"} | member, "Part": {"s": "Text", "loc": "querystring", "name": "part"},
                    "Key": {"s": "Text", "loc": "header", "name": "x-key"}}},
                "ToyIsBroken": {"t": "structure", "mem": {"Message": {"s": "Text", "name": "message"}}, "err": True}}) | changes

    def test_operations_of_rest_services_say_what_tells_them_apart(self):
        self.assertEqual(self.run_on(self.rest_model(), "get_toy.cc", "get_part.cc"), (0, ""))
        manifest = self.written("manifest.cc")
        self.assertIn('required_names_0[] = {"part"};', manifest)
        self.assertIn(".required_query = required_names_0, .required_headers = required_names_1, .is_output_unwrapped = true", manifest)
        self.assertIn(".bare_errors = true", manifest)
        self.assertIn('.message_name = "message"', manifest)

    def test_bindings_of_requests_count_in_inputs_only(self):
        self.run_on(self.rest_model(), "get_toy.cc")
        tables = self.written("tables.cc")
        self.assertEqual(tables.count(".location = wire::Location::path"), 1)
        self.assertIn("offsetof(GetToyInput, toy), .flags = wire::Member::required, .location = wire::Location::path", tables)
        self.assertIn('.xml_namespace = "p=http://p"', tables)

    def test_required_members_must_be_among_the_first_64(self):
        given = self.rest_model()
        given["shapes"]["Place"] = {"t": "structure", "mem": {f"M{i}": {"s": "Text"} for i in range(65)}, "req": ["M64"]}
        status, problem = self.run_on(given, "get_part.cc")
        self.assertEqual(status, 1)
        self.assertIn("Place requires M64, which must be among its first 64 members", problem)

    def test_lambdas_errors_say_whose_fault_it_is(self):
        given = self.rest_model(protocol="restJson1", protocols=["restJson1"])
        given["shapes"]["ToyIsBroken"]["mem"]["Type"] = {"s": "Text"}
        self.run_on(given, "get_toy.cc")
        self.assertIn('.blame_name = "Type"', self.written("manifest.cc"))

    def published_model(self, name):
        folder = os.environ.get("OUTCROP_CONFORMANCE")
        path = os.path.join(folder or "", "..", "models", f"{name}.json")
        if not folder or not os.path.exists(path):
            self.skipTest("OUTCROP_CONFORMANCE is not set: AWS's largest REST models are not tried")
        return path

    def test_the_large_rest_models_generate_and_compile(self):
        for name, files in {
                "lambda": ["create_function.cc", "invoke.cc", "list_functions.cc"],
                "bedrock-runtime": ["converse.cc", "converse_stream.cc", "invoke_model.cc"],
                "bedrock-agent": ["create_agent.cc", "create_flow.cc", "create_knowledge_base.cc"],
                "dynamodb": ["transact_write_items.cc"],
                "s3": ["put_object.cc", "get_object.cc", "put_bucket_lifecycle_configuration.cc", "list_objects_v2.cc"],
                "api-gateway": ["create_rest_api.cc", "put_integration.cc", "import_rest_api.cc"]}.items():
            out = os.path.join(self.folder, "gen", name)
            self.assertEqual(modelgen.main(["--model", self.published_model(name), "--out", out, "--files", *files]), 0, name)
        compiler = shutil.which("clang++-19")
        if not compiler:
            self.skipTest("clang++-19 is not installed: what modelgen wrote is not compiled")
        operation = os.path.join(self.folder, "invoke_model.cc")
        with open(operation, "w", encoding="utf-8") as file:
            file.write("""#include "gen/bedrock-runtime/invoke_model.h"
namespace outcrop::bedrock_runtime {
class BedrockRuntime {};
Task<Result<InvokeModelOutput>> invoke_model(BedrockRuntime&, Call&, InvokeModelInput input) {
  co_return InvokeModelOutput{.body = input.body.value_or(""), .content_type = input.accept.value_or("application/json")};
}
}  // namespace outcrop::bedrock_runtime
""")
        tables = [os.path.join(self.folder, "gen", name, "tables.cc") for name in ("s3", "dynamodb")]
        for source in (operation, *tables):
            done = subprocess.run([compiler, "-std=c++23", "-fsyntax-only", "-I", os.path.join(HERE, "..", "src"), "-I", self.folder, source],
                                  capture_output=True, text=True, check=False)
            self.assertEqual((done.returncode, done.stderr), (0, ""))

    def test_every_model_of_the_project_generates(self):
        folder = os.path.join(HERE, "..", "models")
        names = sorted(name for name in os.listdir(folder) if name.endswith(".json") and name != "catalog.json")
        self.assertIn("sqs.json", names)
        for name in names:
            self.assertEqual(modelgen.main(["--model", os.path.join(folder, name), "--out", self.out, "--all"]), 0, name)


if __name__ == "__main__":
    unittest.main()
