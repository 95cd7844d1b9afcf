#include "services/dynamodb/item/units.h"

#include <algorithm>
#include <cmath>

namespace outcrop::dynamodb {

namespace {

constexpr size_t read_unit_bytes = 4096, write_unit_bytes = 1024;

double units_of(size_t bytes, size_t unit) { return std::max(1.0, std::ceil(double(bytes) / double(unit))); }

Capacity capacity_of(double read, double write, bool both) {
  Capacity capacity{.capacity_units = read + write};
  if (both && read > 0) capacity.read_capacity_units = read;
  if (both && write > 0) capacity.write_capacity_units = write;
  return capacity;
}

double total(const std::map<std::string, double>& units) {
  double sum = 0;
  for (const auto& [index, count] : units) sum += count;
  return sum;
}

void add_all(std::map<std::string, double>& to, const std::map<std::string, double>& more) {
  for (const auto& [index, units] : more) to[index] += units;
}

}  // namespace

double read_units(size_t bytes, Consistency consistency) {
  const double units = units_of(bytes, read_unit_bytes);
  if (consistency == Consistency::eventual) return units / 2;
  return consistency == Consistency::strong ? units : units * 2;
}

double write_units(size_t bytes, bool in_transaction) { return units_of(bytes, write_unit_bytes) * (in_transaction ? 2 : 1); }

void Consumed::add(const Consumed& other) {
  table_read += other.table_read;
  table_write += other.table_write;
  add_all(index_read, other.index_read);
  add_all(index_write, other.index_write);
}

std::optional<ConsumedCapacity> describe(const Table& table, const Consumed& consumed, const std::optional<std::string>& asked,
                                         bool in_transaction) {
  if (!asked || *asked == "NONE") return std::nullopt;
  const double read = consumed.table_read + total(consumed.index_read), write = consumed.table_write + total(consumed.index_write);
  ConsumedCapacity capacity{.table_name = table.name, .capacity_units = read + write};
  if (in_transaction && read > 0) capacity.read_capacity_units = read;
  if (in_transaction && write > 0) capacity.write_capacity_units = write;
  if (*asked != "INDEXES") return capacity;
  capacity.table = capacity_of(consumed.table_read, consumed.table_write, in_transaction);
  auto add_index = [&](const std::string& name, double of_read, double of_write) {
    const Index* index = table.find(name);
    auto& indexes = index && !index->is_global ? capacity.local_secondary_indexes : capacity.global_secondary_indexes;
    if (!indexes) indexes.emplace();
    (*indexes)[name] = capacity_of(of_read, of_write, in_transaction);
  };
  for (const auto& [name, units] : consumed.index_read) add_index(name, units, 0);
  for (const auto& [name, units] : consumed.index_write) add_index(name, 0, units);
  return capacity;
}

}  // namespace outcrop::dynamodb
