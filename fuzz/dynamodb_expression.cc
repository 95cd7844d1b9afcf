// Expressions of DynamoDB as untrusted text: parsed, bound to a few placeholders and evaluated against an item.
#include "services/dynamodb/expression/binding.h"
#include "services/dynamodb/expression/evaluate.h"
#include "services/dynamodb/expression/parser.h"

namespace {

using namespace outcrop::dynamodb;

outcrop::wire::Map<outcrop::dynamodb::AttributeValue> values() {
  return {{":s", {.s = "text"}},
          {":n", {.n = "12"}},
          {":l", {.l = std::vector<AttributeValue>{{.s = "x"}}}},
          {":ss", {.ss = std::vector<std::string>{"a"}}}};
}

Attributes some_item() {
  Attributes map, item;
  map["b"] = List{std::string("x"), *Decimal::parse("1")};
  item["a"] = std::move(map);
  item["n"] = *Decimal::parse("3");
  item["set"] = StringSet{{"a", "b"}};
  return item;
}

Placeholders placeholders() { return *Placeholders::read(outcrop::wire::Map<std::string>{{"#n", "n"}, {"#a", "a"}}, values()); }

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static const Attributes item = some_item();
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (const auto condition = parse_condition(text)) {
    Placeholders known = placeholders();
    if (const auto bound = bind(*condition, known)) (void)holds(*bound, item);
  }
  if (const auto update = parse_update(text)) {
    Placeholders known = placeholders();
    if (const auto bound = bind(*update, known)) (void)updated(item, *bound);
  }
  if (const auto projection = parse_projection(text)) {
    Placeholders known = placeholders();
    if (const auto bound = bind(*projection, known)) (void)project(item, *bound);
  }
  return 0;
}
