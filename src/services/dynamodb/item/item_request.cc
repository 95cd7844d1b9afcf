#include "services/dynamodb/item/item_request.h"

#include <fmt/format.h>

#include "gen/dynamodb/errors.h"
#include "services/dynamodb/expression/evaluate.h"
#include "services/dynamodb/item/item_key.h"
#include "services/dynamodb/limits.h"
#include "services/dynamodb/value/item_json.h"

namespace outcrop::dynamodb {

namespace {

Fault item_refused(std::string message) { return {"ValidationException", 400, std::move(message)}; }

// Conditions see an item that is not there as one without attributes.
Result<void> check_condition(const ItemCondition& condition, const std::optional<Attributes>& before) {
  static const Attributes nothing;
  if (!condition.condition || holds(*condition.condition, before ? *before : nothing)) return {};
  ConditionalCheckFailedException failed{.message = "The conditional request failed"};
  if (condition.tells_item && before) failed.item = item_json(*before);
  return fail(std::move(failed));
}

Result<void> check_updated_paths(const Table& table, const BoundUpdate& update) {
  for (const BoundUpdate::Action& action : update.actions) {
    if (table.keys.has(action.path[0].name))
      return fail(item_refused(
          fmt::format("One or more parameter values were invalid: Cannot update attribute {}. This attribute is part of the key",
                      action.path[0].name)));
  }
  return {};
}

Result<std::optional<Attributes>> updated_item(const Table& table, const Attributes& key, const BoundUpdate* update,
                                               const std::optional<Attributes>& before) {
  const Attributes& base = before ? *before : key;
  if (!update) return base;
  Result<Attributes> after = updated(base, *update);
  if (!after) return fail(std::move(after.error()));
  if (item_bytes(*after) > limits::item_bytes_max) return fail(item_refused("Item size to update has exceeded the maximum allowed size"));
  if (auto checked = check_item_keys(table, *after); !checked) return fail(std::move(checked.error()));
  return std::move(*after);
}

}  // namespace

Result<void> check_item_size(const Attributes& item) {
  if (item_bytes(item) <= limits::item_bytes_max) return {};
  return fail(item_refused("Item size has exceeded the maximum allowed size"));
}

PrepareItem put_request(const Attributes& item, ItemCondition condition) {
  return [&item, condition](const Table& table) -> Result<ItemChange> {
    if (auto checked = check_item_keys(table, item); !checked) return fail(std::move(checked.error()));
    ChangeItem change = [&item, condition](const std::optional<Attributes>& before) -> Result<std::optional<Attributes>> {
      if (auto checked = check_condition(condition, before); !checked) return fail(std::move(checked.error()));
      return item;
    };
    return ItemChange{key_of(table, item), std::move(change)};
  };
}

PrepareItem delete_request(const Attributes& key, ItemCondition condition) {
  return [&key, condition](const Table& table) -> Result<ItemChange> {
    if (auto checked = check_key(table, key); !checked) return fail(std::move(checked.error()));
    ChangeItem change = [condition](const std::optional<Attributes>& before) -> Result<std::optional<Attributes>> {
      if (auto checked = check_condition(condition, before); !checked) return fail(std::move(checked.error()));
      return std::nullopt;
    };
    return ItemChange{key, std::move(change)};
  };
}

PrepareItem update_request(const Attributes& key, const BoundUpdate* update, ItemCondition condition) {
  return [&key, update, condition](const Table& table) -> Result<ItemChange> {
    if (auto checked = check_key(table, key); !checked) return fail(std::move(checked.error()));
    if (auto checked = update ? check_updated_paths(table, *update) : Result<void>(); !checked) return fail(std::move(checked.error()));
    ChangeItem change = [&key, &table, update, condition](const std::optional<Attributes>& before) -> Result<std::optional<Attributes>> {
      if (auto checked = check_condition(condition, before); !checked) return fail(std::move(checked.error()));
      return updated_item(table, key, update, before);
    };
    return ItemChange{key, std::move(change)};
  };
}

PrepareItem check_request(const Attributes& key, ItemCondition condition) {
  return [&key, condition](const Table& table) -> Result<ItemChange> {
    if (auto checked = check_key(table, key); !checked) return fail(std::move(checked.error()));
    ChangeItem change = [condition](const std::optional<Attributes>& before) -> Result<std::optional<Attributes>> {
      if (auto checked = check_condition(condition, before); !checked) return fail(std::move(checked.error()));
      return before;
    };
    return ItemChange{key, std::move(change)};
  };
}

}  // namespace outcrop::dynamodb
