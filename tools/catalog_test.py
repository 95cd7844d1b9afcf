#!/usr/bin/env python3
"""The catalogue of Bedrock's foundation models: every fact has a source, and everything named in it exists."""
import datetime
import functools
import json
import os
import re
import sys
import unittest

sys.dont_write_bytecode = True
ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
PATH = os.path.join(ROOT, "models", "catalog.json")
with open(PATH, encoding="utf-8") as FILE:
    CATALOG = json.load(FILE)
MODELS = {model["id"] for model in CATALOG["models"]}
PROFILED = {profile["model"] for profile in CATALOG["profiles"]}

MODEL_ID = re.compile(r"[a-z0-9-]{1,63}\.[a-z0-9.-]{1,63}(:[a-z0-9-]{1,63}){0,2}")
PROFILE_ID = re.compile(r"(apac|au|ca|eu|global|in|jp|us|us-gov)\.(.+)")
REGION = re.compile(r"[a-z]{2}(-gov)?-[a-z]+-[0-9]")
QUOTA_CODE = re.compile(r"L-[0-9A-F]{8}")
QUOTAS = {"onDemandRpm", "onDemandTpm", "crossRegionRpm", "crossRegionTpm", "globalRpm", "tpd", "latencyRpm", "latencyTpm", "latencyTpd"}
DATES = {"start", "legacy", "extended", "eol", "eolNotBefore"}
FLAGS = {"streaming", "profileOnly", "asyncInvoke", "bidirectional", "reasoning", "structuredOutput", "countTokens"}
COUNTS = {"context", "maxInput", "maxOutput", "cardMaxOutput", "burndown"}
CHOICES = {
    "in": {"TEXT", "IMAGE", "VIDEO", "AUDIO", "SPEECH"},
    "out": {"TEXT", "IMAGE", "VIDEO", "SPEECH", "EMBEDDING"},
    "customizations": {"FINE_TUNING", "CONTINUED_PRE_TRAINING", "DISTILLATION"},
    "types": {"ON_DEMAND", "PROVISIONED", "INFERENCE_PROFILE"},
    "apis": {"invoke", "converse", "chat-completions", "responses", "messages"},
    "mantle": {"chat-completions", "responses", "messages"},
    "tiers": {"default", "priority", "flex", "reserved"},
}
DIALECTS = {
    "anthropic-messages", "cohere-command-r", "cohere-embed", "deepseek", "jamba", "llama", "luma", "marengo", "mistral-chat", "mistral-text",
    "nova", "nova-canvas", "nova-embed", "nova-reel", "nova-sonic", "openai-chat", "pegasus", "rerank", "stability", "titan-embed-image",
    "titan-embed-text", "titan-image", "titan-text", "writer"}
CONVERSE = {"system", "documents", "images", "tools", "streamingTools", "guardContent", "s3"}
CACHING = {"implicit", "explicit", "minTokens", "maxTokens", "checkpoints", "ttl", "fields"}
MODEL = FLAGS | COUNTS | set(CHOICES) | {
    "id", "name", "provider", "regions", "lifecycle", "unlistedOn", "dimensions", "converse", "caching", "latencyOptimized", "dialect",
    "quotas", "secondary", "src"}


def is_date(text):
    try:
        return datetime.date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def is_count(value):
    return isinstance(value, int) and not isinstance(value, bool) and value > 0


def is_regions(name):
    return name in CATALOG["regionSets"] or bool(REGION.fullmatch(name))


def for_each(*tables):
    """Runs a test once for each row of the tables, so that a failure names the row."""
    def rows_of(test):
        @functools.wraps(test)
        def run(self):
            for row in (row for table in tables for row in CATALOG[table]):
                with self.subTest(row["id"]):
                    test(self, row)
        return run
    return rows_of


class CatalogTest(unittest.TestCase):
    def test_a_row_is_a_line_and_the_file_stays_small_enough_to_review(self):
        with open(PATH, encoding="utf-8") as file:
            lines = [line.rstrip(",]\n") for line in file if line.startswith('{"id"')]
        rows = CATALOG["models"] + CATALOG["profiles"]
        self.assertEqual([json.loads(line) for line in lines], rows)
        self.assertLess(os.path.getsize(PATH), 150_000)

    def test_the_tables_are_those_that_the_readme_describes(self):
        self.assertEqual(CATALOG["format"], "bedrockcatalog/1")
        self.assertEqual(set(CATALOG), {"format", "sources", "regionSets", "account", "models", "profiles"})

    def test_ids_are_sorted_and_unique(self):
        for table in ("models", "profiles"):
            ids = [row["id"] for row in CATALOG[table]]
            self.assertEqual(ids, sorted(set(ids)))

    def test_every_source_has_an_address_and_is_used(self):
        for key, source in CATALOG["sources"].items():
            with self.subTest(key):
                self.assertLessEqual(set(source), {"url", "date", "version", "superseded", "secondary"})
                self.assertTrue(source["url"].startswith("https://"))
                self.assertTrue(source.get("secondary") or "//docs.aws.amazon.com/" in source["url"])
                self.assertTrue(is_date(source.get("date", "2026-01-01")))
        rows = CATALOG["models"] + CATALOG["profiles"] + [CATALOG["account"]]
        self.assertEqual({key for row in rows for key in row["src"]}, set(CATALOG["sources"]))

    @for_each("models", "profiles")
    def test_every_row_names_its_sources(self, row):
        self.assertTrue(row["src"])
        self.assertEqual(row["src"], sorted(set(row["src"])))

    @for_each("models")
    def test_a_model_has_a_name_a_provider_and_known_fields(self, model):
        self.assertLessEqual(set(model), MODEL)
        self.assertTrue(MODEL_ID.fullmatch(model["id"]))
        self.assertTrue(0 < len(model["name"]) and 0 < len(model["provider"]) <= 20)

    @for_each("models")
    def test_choices_are_the_service_s_words(self, model):
        for field, words in CHOICES.items():
            chosen = model.get(field, [])
            self.assertLessEqual(set(chosen), words, field)
            self.assertEqual(len(chosen), len(set(chosen)), field)
        self.assertIn(model.get("dialect", "nova"), DIALECTS)

    @for_each("models")
    def test_flags_are_flags_and_counts_are_positive(self, model):
        for field in FLAGS & set(model):
            self.assertIsInstance(model[field], bool, field)
        for field in COUNTS & set(model):
            self.assertTrue(is_count(model[field]), field)
        self.assertLessEqual(model.get("maxOutput", 1), model.get("context", sys.maxsize))

    @for_each("models")
    def test_secondary_sources_are_named_for_the_fields_that_rest_on_them(self, model):
        fields = model.get("secondary", [])
        self.assertLessEqual(set(fields), set(model))
        self.assertEqual(fields, sorted(set(fields)))
        if fields:
            self.assertTrue(any(CATALOG["sources"][key].get("secondary") for key in model["src"]))

    @for_each("models")
    def test_a_life_has_a_status_and_its_dates_are_in_order(self, model):
        life = dict(model.get("lifecycle", {"status": "ACTIVE"}))
        self.assertIn(life.pop("status"), {"ACTIVE", "LEGACY", "EOL"})
        self.assertLessEqual(set(life), DATES)
        self.assertTrue(all(map(is_date, life.values())))
        order = [life[date] for date in ("start", "legacy", "extended", "eol") if date in life]
        self.assertEqual(order, sorted(order))
        self.assertTrue(is_date(model.get("unlistedOn", "2026-01-01")))

    @for_each("models")
    def test_what_converse_takes_is_said_in_full_or_not_at_all(self, model):
        if "converse" in model:
            self.assertEqual(set(model["converse"]), CONVERSE)
            self.assertTrue(all(isinstance(flag, bool) for flag in model["converse"].values()))
            self.assertIn("converse", model.get("apis", ["converse"]))

    @for_each("models")
    def test_a_cache_checkpoint_has_a_smallest_prompt_and_a_time_to_live(self, model):
        caching = model.get("caching", {})
        self.assertLessEqual(set(caching), CACHING)
        if caching.get("explicit"):
            self.assertTrue(is_count(caching["minTokens"]) and is_count(caching["checkpoints"]))
            self.assertTrue(caching["ttl"] and set(caching["ttl"]) <= {"5m", "30m", "1h"})
            self.assertTrue(set(caching["fields"]) <= {"system", "messages", "tools", "responses"})

    @for_each("models")
    def test_embeddings_have_their_default_length_among_those_on_offer(self, model):
        if "dimensions" in model:
            self.assertEqual(model["out"], ["EMBEDDING"])
            self.assertIn(model["dimensions"]["default"], model["dimensions"]["values"])
            self.assertEqual(model["dimensions"]["values"], sorted(model["dimensions"]["values"]))

    @for_each("models")
    def test_quotas_are_positive(self, model):
        quotas = model.get("quotas", {})
        self.assertLessEqual(set(quotas) - {"name"}, QUOTAS)
        self.assertTrue(not quotas or "gr" in model["src"])
        for kind in set(quotas) & QUOTAS:
            quota = quotas[kind]
            self.assertLessEqual(set(quota), {"value", "regions", "code", "name"})
            self.assertTrue(all(map(is_count, [quota["value"], *quota.get("regions", {}).values()])))
            self.assertTrue(all(map(REGION.fullmatch, quota.get("regions", {}))))
            self.assertTrue(QUOTA_CODE.fullmatch(quota.get("code", "L-00000000")))

    def test_no_two_models_share_a_quota(self):
        owned = [(kind, quotas[kind].get("name", quotas["name"])) for quotas in (model.get("quotas", {}) for model in CATALOG["models"])
                 for kind in quotas if kind != "name"]
        self.assertEqual(len(owned), len(set(owned)))
        self.assertTrue(is_count(CATALOG["account"]["tpd"]["value"]))

    def test_region_sets_are_sorted_distinct_and_of_regions(self):
        sets = list(CATALOG["regionSets"].values())
        for name, regions in CATALOG["regionSets"].items():
            with self.subTest(name):
                self.assertFalse(REGION.fullmatch(name))
                self.assertGreater(len(regions), 1)
                self.assertEqual(regions, sorted(set(regions)))
                self.assertTrue(all(map(REGION.fullmatch, regions)))
        self.assertEqual(len({tuple(regions) for regions in sets}), len(sets))

    @for_each("models")
    def test_regions_named_by_a_row_exist(self, model):
        self.assertTrue(is_regions(model.get("regions", "us-east-1")))
        self.assertTrue(all(map(REGION.fullmatch, model.get("latencyOptimized", []))))
        self.assertFalse(model.get("profileOnly") and "regions" in model)

    @for_each("profiles")
    def test_a_profile_is_named_after_its_geography_and_a_model_of_the_catalogue(self, profile):
        self.assertLessEqual(set(profile), {"id", "name", "model", "routes", "src"})
        self.assertEqual(PROFILE_ID.fullmatch(profile["id"])[2], profile["model"])
        self.assertIn(profile["model"], MODELS)

    @for_each("profiles")
    def test_a_profile_routes_from_each_region_once_and_only_global_ones_everywhere(self, profile):
        sources = []
        for route in profile.get("routes", []):
            self.assertEqual(set(route), {"from", "to"})
            self.assertTrue(is_regions(route["from"]))
            self.assertTrue(route["to"] == "*" if profile["id"].startswith("global.") else is_regions(route["to"]))
            sources += CATALOG["regionSets"].get(route["from"], [route["from"]])
        self.assertEqual(len(sources), len(set(sources)))

    @for_each("models")
    def test_a_model_behind_profiles_alone_has_a_profile(self, model):
        if model.get("profileOnly"):
            self.assertIn(model["id"], PROFILED)
            self.assertIn("INFERENCE_PROFILE", model["types"])


if __name__ == "__main__":
    unittest.main()
