#include "inference/catalog.h"

#include <algorithm>

#include "base/check.h"

namespace outcrop::inference {

namespace {

#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wc23-extensions"
constexpr char catalog_text[] = {
#embed "../../models/catalog.json"
};
#pragma clang diagnostic pop

std::string text_of(const json::Value& row, std::string_view name) {
  const json::Value* value = row.find(name);
  return value && value->is_string() ? std::string(value->as_string()) : std::string();
}

bool is_true(const json::Value& row, std::string_view name) {
  const json::Value* value = row.find(name);
  return value && value->is_bool() && value->as_bool();
}

std::vector<std::string> texts_of(const json::Value* value) {
  std::vector<std::string> texts;
  if (!value || !value->is_array()) return texts;
  for (const json::Value& element : value->as_array()) texts.emplace_back(element.as_string());
  return texts;
}

std::optional<int64_t> tokens_of(const json::Value& row, std::string_view name) {
  const json::Value* value = row.find(name);
  return value ? value->as_int64() : std::nullopt;
}

// The name of a set of Regions, or one Region.
std::vector<std::string> regions_of(const json::Value* value, const json::Value& sets) {
  if (!value) return {};
  const json::Value* set = sets.find(value->as_string());
  return set ? texts_of(set) : std::vector<std::string>{std::string(value->as_string())};
}

CatalogQuota read_quota(const json::Value& row) {
  CatalogQuota quota{
      .value = row.find("value")->as_double().value_or(0), .regions = {}, .code = text_of(row, "code"), .name = text_of(row, "name")};
  if (const json::Value* regions = row.find("regions")) {
    for (const json::Member& region : regions->as_object()) quota.regions.emplace(region.name(), region.value.as_double().value_or(0));
  }
  return quota;
}

void read_quotas(const json::Value* row, CatalogModel& model) {
  if (!row) return;
  model.quota_name = text_of(*row, "name");
  for (const json::Member& quota : row->as_object()) {
    if (quota.value.is_object()) model.quotas.emplace(quota.name(), read_quota(quota.value));
  }
}

std::optional<CatalogCaching> read_caching(const json::Value* row) {
  if (!row || !is_true(*row, "explicit")) return std::nullopt;
  CatalogCaching caching{.tokens_min = tokens_of(*row, "minTokens").value_or(0), .tokens_max = tokens_of(*row, "maxTokens")};
  caching.points_max = int(tokens_of(*row, "checkpoints").value_or(0));
  caching.one_hour = std::ranges::count(texts_of(row->find("ttl")), "1h") > 0;
  caching.fields = texts_of(row->find("fields"));
  return caching;
}

CatalogModel read_model(const json::Value& row, const json::Value& region_sets) {
  CatalogModel model{.id = text_of(row, "id"), .name = text_of(row, "name"), .provider = text_of(row, "provider")};
  model.input_modalities = texts_of(row.find("in"));
  model.output_modalities = texts_of(row.find("out"));
  model.streaming = is_true(row, "streaming");
  model.customizations = texts_of(row.find("customizations"));
  const std::vector<std::string> types = texts_of(row.find("types")), apis = texts_of(row.find("apis"));
  model.on_demand = std::ranges::count(types, "ON_DEMAND") > 0;
  model.provisioned = std::ranges::count(types, "PROVISIONED") > 0;
  model.profile_only = is_true(row, "profileOnly");
  model.takes_converse = std::ranges::count(apis, "converse") > 0;
  model.takes_invoke = std::ranges::count(apis, "invoke") > 0;
  model.takes_chat_completions = std::ranges::count(apis, "chat-completions") > 0;
  if (const json::Value* lifecycle = row.find("lifecycle")) model.status = text_of(*lifecycle, "status");
  model.dialect = text_of(row, "dialect");
  model.context_tokens = tokens_of(row, "context");
  model.output_tokens_max = tokens_of(row, "maxOutput");
  model.input_tokens_max = tokens_of(row, "maxInput");
  if (const json::Value* burndown = row.find("burndown")) model.output_burndown = burndown->as_double().value_or(1);
  model.regions = regions_of(row.find("regions"), region_sets);
  model.tiers = texts_of(row.find("tiers"));
  model.latency_optimized = row.find("latencyOptimized") != nullptr;
  model.caching = read_caching(row.find("caching"));
  read_quotas(row.find("quotas"), model);
  model.facts = row;
  return model;
}

InferenceProfile read_profile(const json::Value& row, const json::Value& region_sets) {
  InferenceProfile profile{.id = text_of(row, "id"), .name = text_of(row, "name"), .model_id = text_of(row, "model"), .routes = {}};
  if (const json::Value* routes = row.find("routes")) {
    for (const json::Value& route : routes->as_array()) {
      profile.routes.push_back({regions_of(route.find("from"), region_sets), regions_of(route.find("to"), region_sets)});
    }
  }
  return profile;
}

template <class Row>
const Row* find_by_id(const std::vector<Row>& rows, std::string_view id) {
  auto row = std::ranges::lower_bound(rows, id, {}, &Row::id);
  return row != rows.end() && row->id == id ? &*row : nullptr;
}

}  // namespace

bool CatalogCaching::takes(std::string_view field) const { return std::ranges::count(fields, field) > 0; }

double CatalogQuota::in(std::string_view region) const {
  auto differing = regions.find(region);
  return differing == regions.end() ? value : differing->second;
}

const InferenceProfile::Route* InferenceProfile::route_from(std::string_view region) const {
  auto route = std::ranges::find_if(routes, [region](const Route& candidate) {
    return std::ranges::any_of(candidate.from, [region](const std::string& from) { return from == region || from == "*"; });
  });
  return route == routes.end() ? nullptr : &*route;
}

const Catalog::Rows& Catalog::rows() const {
  std::call_once(once_, [this] { rows_ = read(); });
  return rows_;
}

Catalog::Rows Catalog::read() {
  Rows rows;
  auto catalog = json::parse({catalog_text, sizeof catalog_text});
  check(catalog.has_value(), "the catalogue that was built in is no JSON");
  const json::Value& region_sets = *catalog->find("regionSets");
  for (const json::Value& row : catalog->find("models")->as_array()) rows.models.push_back(read_model(row, region_sets));
  for (const json::Value& row : catalog->find("profiles")->as_array()) rows.profiles.push_back(read_profile(row, region_sets));
  std::ranges::sort(rows.models, {}, &CatalogModel::id);
  std::ranges::sort(rows.profiles, {}, &InferenceProfile::id);
  return rows;
}

const CatalogModel* Catalog::find_model(std::string_view id) const { return find_by_id(models(), id); }
const InferenceProfile* Catalog::find_profile(std::string_view id) const { return find_by_id(profiles(), id); }

}  // namespace outcrop::inference
