#!/usr/bin/env python3
"""What modelgen promises: names, files written only when they change, and errors a person can act on."""
import contextlib
import importlib.machinery
import importlib.util
import io
import json
import os
import sys
import tempfile
import unittest

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

    def test_names_become_snake_case_as_people_would_write_them(self):
        for name, expected in {
                "SendMessage": "send_message", "MD5OfMessageBody": "md5_of_message_body", "AWSAccountIds": "aws_account_ids",
                "queueUrls": "queue_urls", "BS": "bs", "SSEDescription": "sse_description", "subnetIDs": "subnet_ids", "ARNs": "arns",
                "S3Bucket": "s3_bucket", "IPv6CidrBlock": "ipv6_cidr_block", "x-amz-meta": "x_amz_meta", "HTTPSPort": "https_port",
                "KMSMasterKeyId": "kms_master_key_id", "PutItem": "put_item", "EC2InstanceARN": "ec2_instance_arn"}.items():
            self.assertEqual(modelgen.snake(name), expected)

    def test_words_of_the_language_get_an_underscore(self):
        self.assertEqual(modelgen.identifier("Default"), "default_")
        self.assertEqual(modelgen.identifier("shape"), "shape_")

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

    def test_every_model_of_the_project_generates(self):
        folder = os.path.join(HERE, "..", "models")
        names = sorted(name for name in os.listdir(folder) if name.endswith(".json"))
        self.assertIn("sqs.json", names)
        for name in names:
            self.assertEqual(modelgen.main(["--model", os.path.join(folder, name), "--out", self.out, "--all"]), 0, name)


if __name__ == "__main__":
    unittest.main()
