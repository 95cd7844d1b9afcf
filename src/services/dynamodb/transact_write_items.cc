#include "gen/dynamodb/transact_write_items.h"

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <set>

#include "base/digest.h"
#include "services/dynamodb/dynamodb.h"
#include "services/dynamodb/expression/request_expressions.h"
#include "services/dynamodb/item/cancellation.h"
#include "services/dynamodb/item/item_key.h"
#include "services/dynamodb/item/single_write.h"
#include "services/dynamodb/item/transaction_token.h"
#include "services/dynamodb/limits.h"
#include "services/dynamodb/table/table_name.h"
#include "services/dynamodb/value/stored_attributes.h"
#include "services/dynamodb/value/wire_value.h"
#include "wire/json_codec.h"

namespace outcrop::dynamodb {

namespace {

Fault transaction_refused(std::string message) { return {"ValidationException", 400, std::move(message)}; }

// One action of a transaction, read but for its table. It does not move: its request views into it.
struct Action {
  std::string table;
  Attributes attributes;  // the item of a Put, else the key
  RequestExpressions expressions;
  PrepareItem prepare;
  bool is_write = true;
};

template <class Input>
Result<void> read_action(Dynamodb& dynamodb, const Call& call, Input& input, std::optional<std::string> condition,
                         std::optional<std::string> update, wire::Map<AttributeValue>&& attributes, Action& out) {
  Result<std::string> name = read_table_name(call, input.table_name);
  if (!name) return fail(std::move(name.error()));
  out.table = std::move(*name);
  Result<RequestExpressions> expressions =
      RequestExpressions::read(dynamodb.parsed(), {.update = std::move(update),
                                                   .condition = std::move(condition),
                                                   .names = std::move(input.expression_attribute_names),
                                                   .values = std::move(input.expression_attribute_values)});
  if (!expressions) return fail(std::move(expressions.error()));
  out.expressions = std::move(*expressions);
  Result<Attributes> read = read_attributes(std::move(attributes));
  if (!read) return fail(std::move(read.error()));
  out.attributes = std::move(*read);
  return {};
}

template <class Input>
ItemCondition condition_of(const Action& action, const Input& input) {
  return {action.expressions.condition ? &*action.expressions.condition : nullptr,
          input.return_values_on_condition_check_failure == "ALL_OLD"};
}

Result<std::unique_ptr<Action>> read_action(Dynamodb& dynamodb, const Call& call, TransactWriteItem& item) {
  auto action = std::make_unique<Action>();
  Result<void> read;
  const int actions = int(item.put.has_value()) + item.delete_.has_value() + item.update.has_value() + item.condition_check.has_value();
  if (actions != 1) return fail(transaction_refused("TransactItems can only contain one of Check, Put, Update or Delete"));
  if (Put* put = item.put ? &*item.put : nullptr) {
    read = read_action(dynamodb, call, *put, std::move(put->condition_expression), std::nullopt, std::move(put->item), *action);
    if (read) read = check_item_size(action->attributes);
    action->prepare = put_request(action->attributes, condition_of(*action, *put));
  } else if (Delete* erase = item.delete_ ? &*item.delete_ : nullptr) {
    read = read_action(dynamodb, call, *erase, std::move(erase->condition_expression), std::nullopt, std::move(erase->key), *action);
    action->prepare = delete_request(action->attributes, condition_of(*action, *erase));
  } else if (Update* update = item.update ? &*item.update : nullptr) {
    read = read_action(dynamodb, call, *update, std::move(update->condition_expression), std::move(update->update_expression),
                       std::move(update->key), *action);
    const BoundUpdate* bound = action->expressions.update ? &*action->expressions.update : nullptr;
    action->prepare = update_request(action->attributes, bound, condition_of(*action, *update));
  } else {
    ConditionCheck& check = *item.condition_check;
    read = read_action(dynamodb, call, check, std::move(check.condition_expression), std::nullopt, std::move(check.key), *action);
    action->prepare = check_request(action->attributes, condition_of(*action, check));
    action->is_write = false;
  }
  if (!read) return fail(std::move(read.error()));
  return action;
}

using Actions = std::vector<std::unique_ptr<Action>>;

Result<Actions> read_actions(Dynamodb& dynamodb, const Call& call, TransactWriteItemsInput& input) {
  Actions actions;
  size_t bytes = 0;
  for (TransactWriteItem& item : input.transact_items) {
    Result<std::unique_ptr<Action>> action = read_action(dynamodb, call, item);
    if (!action) return fail(std::move(action.error()));
    bytes += item_bytes((*action)->attributes);
    actions.push_back(std::move(*action));
  }
  if (bytes > limits::transaction_bytes_max) return fail(transaction_too_large());
  return actions;
}

void sort_names(wire::Map<AttributeValue>& map);

void sort_names(AttributeValue& value) {
  if (value.m) sort_names(*value.m);
  if (!value.l) return;
  for (AttributeValue& element : *value.l) sort_names(element);
}

void sort_names(wire::Map<AttributeValue>& map) {
  std::vector<wire::Map<AttributeValue>::Entry> entries(std::make_move_iterator(map.begin()), std::make_move_iterator(map.end()));
  std::ranges::sort(entries, {}, [](const auto& entry) -> const std::string& { return entry.key; });
  map.clear();
  for (auto& [name, value] : entries) {
    sort_names(value);
    map[name] = std::move(value);
  }
}

// The request without its token, as a digest: the order of attributes is all the same.
std::string request_hash(std::vector<TransactWriteItem> items) {
  for (TransactWriteItem& item : items) {
    if (item.put) sort_names(item.put->item);
    if (item.update) sort_names(item.update->key);
    if (item.delete_) sort_names(item.delete_->key);
    if (item.condition_check) sort_names(item.condition_check->key);
  }
  std::string text;
  json::Writer writer(text);
  wire::write_json_value(*TransactWriteItemsInput::shape.members[0].shape, &items, wire::JsonNames::model, writer);
  return sha256(text);
}

// All actions within the transaction, each tried even where one before it stands in the way: every reason is told.
Task<Result<std::vector<SingleWritten>>> act(Dynamodb& dynamodb, const Place& place, const Actions& actions,
                                             store::Transaction& transaction) {
  std::vector<SingleWritten> done(actions.size());
  Cancellation cancellation(actions.size());
  std::set<std::string> seen;
  size_t bytes = 0;
  TransactionTables tables(dynamodb.tables(), transaction, place);
  for (size_t i = 0; i < actions.size(); ++i) {
    done[i].table = co_await tables.get(actions[i]->table);
    if (Result<void> admitted = dynamodb.capacity().admit_write(*done[i].table); !admitted) {
      co_await cancellation.add(i, admitted.error());
      continue;
    }
    Result<ItemChange> change = actions[i]->prepare(*done[i].table);
    if (!change) {
      co_await cancellation.add(i, change.error());
      continue;
    }
    if (!seen.insert(item_key(*done[i].table, change->key)).second)
      co_return fail(transaction_refused("Transaction request cannot include multiple operations on one item"));
    Result<Written> written = co_await keep(write_item(transaction, *done[i].table, change->key, change->change, true));
    if (!written) {
      co_await cancellation.add(i, written.error());
      continue;
    }
    done[i].key = std::move(change->key);
    done[i].written = std::move(*written);
    if (actions[i]->is_write && done[i].written.after) bytes += item_bytes(*done[i].written.after);
    if (bytes > limits::transaction_bytes_max) co_return fail(transaction_too_large());
  }
  if (cancellation.is_any()) co_return fail(std::move(cancellation).fault());
  co_return done;
}

// A transaction that was carried out before reads its items, and consumes what that takes.
Task<Result<std::vector<SingleWritten>>> read_again(Dynamodb& dynamodb, const Place& place, const Actions& actions,
                                                    store::Transaction& transaction) {
  std::vector<SingleWritten> done(actions.size());
  for (size_t i = 0; i < actions.size(); ++i) {
    done[i].table = co_await dynamodb.tables().get(transaction, place, actions[i]->table);
    ItemChange change = co_await actions[i]->prepare(*done[i].table);
    const std::optional<std::string> stored = co_await transaction.get(item_key(*done[i].table, change.key));
    const size_t bytes = stored ? item_bytes(co_await load_attributes(*stored)) : 0;
    done[i].written.consumed.table_read = read_units(bytes, Consistency::transactional);
    done[i].key = std::move(change.key);
  }
  co_return done;
}

TransactWriteItemsOutput answer_of_transaction(const std::vector<SingleWritten>& done, const TransactWriteItemsInput& input) {
  TransactWriteItemsOutput output;
  std::vector<std::pair<TableRef, Consumed>> consumed;
  for (const SingleWritten& one : done) {
    auto known = std::ranges::find(consumed, one.table->name, [](const auto& entry) { return entry.first->name; });
    if (known == consumed.end()) known = consumed.insert(consumed.end(), {one.table, Consumed()});
    known->second.add(one.written.consumed);
    if (auto metrics = collection_metrics(*one.table, one.key, input.return_item_collection_metrics)) {
      if (!output.item_collection_metrics) output.item_collection_metrics.emplace();
      (*output.item_collection_metrics)[one.table->name].push_back(std::move(*metrics));
    }
  }
  for (const auto& [table, units] : consumed) {
    auto capacity = describe(*table, units, input.return_consumed_capacity, true);
    if (!capacity) continue;
    if (!output.consumed_capacity) output.consumed_capacity.emplace();
    output.consumed_capacity->push_back(std::move(*capacity));
  }
  return output;
}

}  // namespace

// Writes items of several tables all together or not at all. A request with a token is carried out once, however often it comes within ten
// minutes.
Task<Result<TransactWriteItemsOutput>> transact_write_items(Dynamodb& dynamodb, Call& call, TransactWriteItemsInput input) {
  const std::string hash = input.client_request_token ? request_hash(input.transact_items) : "";
  const Actions actions = co_await read_actions(dynamodb, call, input);
  const Place place = place_of(call);
  const Instant now = call.world.clock.wall();
  auto run = call.world.store.run([&](store::Transaction& transaction) -> Task<Result<std::vector<SingleWritten>>> {
    if (input.client_request_token && co_await was_carried_out(transaction, place, *input.client_request_token, hash, now))
      co_return co_await keep(read_again(dynamodb, place, actions, transaction));
    co_return co_await keep(act(dynamodb, place, actions, transaction));
  });
  Result<std::vector<SingleWritten>> done = co_await keep(std::move(run));
  if (!done && done.error().code == "TransactionConflict") co_return fail(conflicted(actions.size()));
  if (!done && done.error().code == "StoreLimitExceeded")
    co_return fail(
        transaction_refused("The transaction, with the keys of its items in their indexes, is larger than this server can write at once"));
  if (!done) co_return fail(std::move(done.error()));
  for (const SingleWritten& one : *done) dynamodb.capacity().consumed(*one.table, one.written.consumed);
  co_return answer_of_transaction(*done, input);
}

}  // namespace outcrop::dynamodb
