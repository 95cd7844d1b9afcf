#include "services/bedrock-runtime/openai/openai_models.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <chrono>

#include "gen/bedrock-runtime/errors.h"
#include "inference/dialects/dialect.h"
#include "json/writer.h"
#include "services/bedrock-runtime/openai/openai_error.h"

namespace outcrop::bedrock_runtime {

namespace {

// Rerankers and models of embeddings, images and speech do not.
bool holds_conversations(const inference::CatalogModel& model) {
  return model.takes_converse || model.takes_chat_completions || model.facts.find("mantle") || inference::find_dialect(model.dialect);
}

bool is_digits(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

// "-1:0" and "-v1:0".
bool is_version(std::string_view text) {
  if (!text.starts_with('-')) return false;
  text.remove_prefix(text.starts_with("-v") ? 2 : 1);
  const size_t colon = text.find(':');
  return colon != std::string_view::npos && is_digits(text.substr(0, colon)) && is_digits(text.substr(colon + 1));
}

template <class Row>
std::string_view latest_version(const std::vector<Row>& rows, std::string_view id) {
  std::string_view latest;
  for (const Row& row : rows) {
    if (std::string_view(row.id).starts_with(id) && is_version(std::string_view(row.id).substr(id.size()))) latest = row.id;
  }
  return latest;
}

// The id in the catalogue; empty when there is none.
std::string_view full_id(const inference::Catalog& catalog, std::string_view id) {
  if (catalog.find_model(id) || catalog.find_profile(id)) return id;
  const std::string_view model = latest_version(catalog.models(), id);
  return model.empty() ? latest_version(catalog.profiles(), id) : model;
}

// Of "2025-08-05"; 0 for what is no day.
int64_t seconds_of_day(std::string_view day) {
  int year = 0;
  unsigned month = 0, of_month = 0;
  auto read = [day](size_t at, size_t size, auto& number) {
    return day.size() == 10 && std::from_chars(day.data() + at, day.data() + at + size, number).ec == std::errc();
  };
  if (!read(0, 4, year) || !read(5, 2, month) || !read(8, 2, of_month)) return 0;
  const auto date = std::chrono::year(year) / std::chrono::month(month) / std::chrono::day(of_month);
  return date.ok() ? std::chrono::seconds(std::chrono::sys_days(date).time_since_epoch()).count() : 0;
}

// When the model came out, where that is known.
int64_t created_s(const inference::CatalogModel& model) {
  const json::Value* lifecycle = model.facts.find("lifecycle");
  const json::Value* start = lifecycle ? lifecycle->find("start") : nullptr;
  return start ? seconds_of_day(start->as_string()) : 0;
}

void write_model(json::Writer& out, std::string_view id, const inference::CatalogModel& model) {
  out.begin_object();
  out.name("id"), out.string(id);
  out.name("object"), out.string("model");
  out.name("created"), out.number(created_s(model));
  out.name("owned_by"), out.string(model.provider);
  out.end_object();
}

}  // namespace

Task<Result<ModelTarget>> conversation_target(BedrockRuntime& bedrock, const Call& call, std::string_view id) {
  const std::string_view known = full_id(bedrock.catalog(), id);
  if (known.empty() && !id.starts_with("arn:")) co_return fail(no_such_model(id));
  ModelTarget target = co_await target_of(bedrock, call, known.empty() ? id : known);
  if (holds_conversations(*target.model)) co_return target;
  co_return fail(validation_exception(fmt::format("model `{}` isn't supported on this route", id)));
}

std::string list_conversation_models(const inference::Catalog& catalog, const Call& call) {
  std::string body;
  json::Writer out(body);
  auto add = [&](std::string_view id) {
    const Result<ModelTarget> target = model_target(catalog, call, id);
    if (target && holds_conversations(*target->model)) write_model(out, id, *target->model);
  };
  out.begin_object();
  out.name("object"), out.string("list");
  out.name("data"), out.begin_array();
  for (const inference::CatalogModel& model : catalog.models()) {
    if (model.regions.empty() || std::ranges::count(model.regions, call.region)) add(model.id);
  }
  for (const inference::InferenceProfile& profile : catalog.profiles()) add(profile.id);
  out.end_array();
  out.end_object();
  return body;
}

Task<Result<std::string>> describe_conversation_model(BedrockRuntime& bedrock, const Call& call, std::string_view id) {
  const ModelTarget target = co_await conversation_target(bedrock, call, id);
  std::string body;
  json::Writer out(body);
  write_model(out, id, *target.model);
  co_return body;
}

}  // namespace outcrop::bedrock_runtime
