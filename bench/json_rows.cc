// Reading JSON against simdjson, on bodies as AWS's clients send them. Prints one row a line, as JSON, for bench/run.
//
// Pull: every token visited, strings unescaped, numbers validated, as when decoding into structs (simdjson: on demand).
// Tree: a json::Value (simdjson: its DOM, with a parser that keeps its memory; simdjson's input is padded in advance).
#include <simdjson.h>

#include <cstdio>

#include "base/check.h"
#include "json/reader.h"
#include "json/writer.h"

namespace {

using namespace outcrop;

constexpr int rounds = 7;
constexpr double round_seconds = 0.1;

std::string document_text(int records) {
  json::Array array;
  for (int i = 0; i < records; ++i)
    array.push_back(json::Object{{"id", i},
                                 {"sku", "SKU-" + std::to_string(100'000 + i)},
                                 {"price", json::Value::number(std::to_string(i) + ".95")},
                                 {"available", i % 3 != 0},
                                 {"title", "Stainless steel water bottle, 750 ml, matte black"},
                                 {"dimensions", json::Object{{"height", 26.5}, {"width", 7.2}, {"unit", "cm"}}},
                                 {"tags", json::Array{"outdoor", "kitchen", "gift"}},
                                 {"supplier", nullptr}});
  return json::write(json::Object{{"items", array}});
}

std::string send_message_batch() {
  json::Array entries;
  for (int i = 0; i < 10; ++i)
    entries.push_back(json::Object{
        {"Id", "message-" + std::to_string(i)},
        {"MessageBody", document_text(4)},
        {"DelaySeconds", 0},
        {"MessageAttributes",
         json::Object{{"trace", json::Object{{"DataType", "String"}, {"StringValue", "1-67891233-abcdef012345678912345678"}}}}}});
  return json::write(json::Object{{"QueueUrl", "http://localhost:4566/000000000000/orders"}, {"Entries", entries}});
}

std::string converse() {
  std::string paragraph =
      "Summarise the attached minutes in five bullet points. Keep names as they are, mention every decision that was taken, who is "
      "responsible for it and by when; leave out greetings.\n\n";
  json::Array messages;
  for (int i = 0; i < 12; ++i) {
    std::string text;
    for (int k = 0; k < 6; ++k) text += paragraph;
    if (i % 4 == 0) text += "Größe, coût, mañana – “quoted” 東京 😀\n";
    messages.push_back(json::Object{{"role", i % 2 ? "assistant" : "user"}, {"content", json::Array{json::Object{{"text", text}}}}});
  }
  json::Value schema = *json::parse(
      R"({"type":"object","properties":{"city":{"type":"string","description":"The city"},"unit":{"type":"string","enum":["C","F"]}},"required":["city"]})");
  json::Object tool{
      {"toolSpec",
       json::Object{{"name", "get_weather"}, {"description", "Current weather"}, {"inputSchema", json::Object{{"json", schema}}}}}};
  return json::write(json::Object{{"messages", messages},
                                  {"inferenceConfig", json::Object{{"maxTokens", 1024}, {"temperature", 0.5}}},
                                  {"toolConfig", json::Object{{"tools", json::Array{tool, tool, tool}}}}});
}

size_t pull(std::string_view text) {
  json::Reader reader(text);
  size_t seen = 0;
  for (json::Token token; (token = reader.next()) != json::Token::end; seen += reader.text().size())
    check(token != json::Token::error, "the body is JSON");
  return seen;
}

size_t walk(simdjson::ondemand::value value) {
  switch (value.type()) {
    case simdjson::ondemand::json_type::object: {
      size_t seen = 0;
      for (auto field : value.get_object()) {
        seen += std::string_view(field.unescaped_key()).size();
        seen += walk(field.value());
      }
      return seen;
    }
    case simdjson::ondemand::json_type::array: {
      size_t seen = 0;
      for (auto element : value.get_array()) seen += walk(element.value());
      return seen;
    }
    case simdjson::ondemand::json_type::string:
      return std::string_view(value.get_string()).size();
    default:
      return std::string_view(value.raw_json_token()).size();
  }
}

// Bytes a second, of one round.
template <class F>
double rate(size_t bytes, const F& once) {
  RealClock clock;
  SteadyTime start = clock.steady();
  std::chrono::duration<double> passed{};
  size_t times = 0;
  do {
    for (int i = 0; i < 20; ++i) once();
    times += 20;
    passed = clock.steady() - start;
  } while (passed.count() < round_seconds);
  return double(bytes * times) / passed.count();
}

double median(std::vector<double> values) {
  std::ranges::sort(values);
  return values[values.size() / 2];
}

void print_row(const std::string& name, double value, std::string_view unit, const std::string& conditions) {
  json::Object row{{"name", name}, {"value", std::round(value * 100) / 100}, {"unit", unit}, {"conditions", conditions}};
  std::puts(json::write(row).c_str());
}

// Both sides in turn; the ratio is the median of the rounds' ratios.
template <class Ours, class Theirs>
void compare(const std::string& name, size_t bytes, const Ours& ours, const Theirs& theirs) {
  std::vector<double> rates, ratios;
  for (int i = 0; i < rounds; ++i) {
    double our_rate = rate(bytes, ours), their_rate = rate(bytes, theirs);
    rates.push_back(our_rate);
    ratios.push_back(our_rate / their_rate);
  }
  std::string conditions = fmt::format("{} bytes, one thread, median of {} rounds in turn", bytes, rounds);
  print_row(name, median(rates) / 1e6, "MB/s", conditions);
  print_row(name + ", ratio to simdjson", median(ratios), "",
            conditions + "; simdjson with " + simdjson::get_active_implementation()->name());
}

volatile size_t sink;

void measure(const std::string& name, const std::string& text) {
  simdjson::padded_string padded(text);
  simdjson::ondemand::parser on_demand;
  compare(
      "json pull, " + name, text.size(), [&] { sink = pull(text); },
      [&] {
        simdjson::ondemand::document document = on_demand.iterate(padded);
        sink = walk(document.get_value());
      });
  simdjson::dom::parser dom;
  compare(
      "json tree, " + name, text.size(), [&] { sink = json::parse(text)->as_object().size(); },
      [&] { sink = dom.parse(padded).get_object().size(); });
  json::Value value = *json::parse(text);
  std::vector<double> rates;
  for (int i = 0; i < rounds; ++i) rates.push_back(rate(text.size(), [&] { sink = json::write(value).size(); }));
  print_row("json write, " + name, median(rates) / 1e6, "MB/s",
            fmt::format("{} bytes, one thread, median of {} rounds", text.size(), rounds));
}

}  // namespace

int main() {
  measure("SendMessageBatch", send_message_batch());
  measure("Converse", converse());
  measure("100 KB document", document_text(400));
}
