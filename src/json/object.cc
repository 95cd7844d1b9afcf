// json::Object: members in order, with a hash index once there are many.
#include <cstring>
#include <utility>

#include "base/random.h"
#include "json/json.h"
#include "json/scan.h"

namespace outcrop::json {

namespace {

struct HashSecrets {
  uint64_t a = SystemRandom().next() | 1, b = SystemRandom().next() | 1;
};

uint64_t multiply_fold(uint64_t a, uint64_t b) {
  __uint128_t product = __uint128_t(a) * b;
  return uint64_t(product) ^ uint64_t(product >> 64);
}

// Keyed, so that nobody can send names that all collide.
uint64_t hash_of_name(std::string_view name) {
  static const HashSecrets secrets;
  uint64_t hash = secrets.a ^ name.size();
  for (; name.size() > 8; name.remove_prefix(8)) hash = multiply_fold(hash ^ detail::load_word(name.data()), secrets.b);
  uint64_t rest = 0;
  std::memcpy(&rest, name.data(), name.size());
  return multiply_fold(hash ^ rest, secrets.b);
}

// A quarter full, so that it lasts until there are twice as many.
size_t slots_for(size_t members) {
  size_t slots = 64;
  while (slots < members * 4) slots *= 2;
  return slots;
}

}  // namespace

Object::Object(std::initializer_list<Member> members) {
  reserve(members.size());
  for (const Member& member : members) set(member.name(), member.value);
}

Object::Object(std::vector<Member> members) : members_(std::move(members)) {
  if (members_.size() > unindexed_members_max) index_.assign(slots_for(members_.size()), none);
  bool distinct = true;
  for (uint32_t i = 1; i < members_.size() && distinct && index_.empty(); ++i)
    for (uint32_t k = 0; k < i && distinct; ++k) distinct = members_[i].name() != members_[k].name();
  for (uint32_t i = 0; i < members_.size() && distinct && !index_.empty(); ++i) {
    distinct = position(members_[i].name()) == none;
    index_member(i);
  }
  if (distinct) return;
  std::vector<Member> all = std::exchange(members_, {});
  index_.clear();
  for (Member& member : all) set(member.name(), std::move(member.value));
}

uint32_t Object::position(std::string_view name) const {
  if (index_.empty()) {
    for (uint32_t i = 0; i < members_.size(); ++i)
      if (members_[i].name() == name) return i;
    return none;
  }
  size_t mask = index_.size() - 1;
  for (size_t slot = hash_of_name(name) & mask; index_[slot] != none; slot = (slot + 1) & mask)
    if (members_[index_[slot]].name() == name) return index_[slot];
  return none;
}

void Object::index_member(uint32_t position) {
  size_t mask = index_.size() - 1;
  size_t slot = hash_of_name(members_[position].name()) & mask;
  while (index_[slot] != none) slot = (slot + 1) & mask;
  index_[slot] = position;
}

void Object::rebuild_index() {
  if (members_.size() <= unindexed_members_max) {
    index_.clear();
    return;
  }
  index_.assign(slots_for(members_.size()), none);
  for (uint32_t i = 0; i < members_.size(); ++i) index_member(i);
}

const Value* Object::find(std::string_view name) const {
  uint32_t at = position(name);
  return at == none ? nullptr : &members_[at].value;
}

Value* Object::find(std::string_view name) {
  uint32_t at = position(name);
  return at == none ? nullptr : &members_[at].value;
}

Value& Object::operator[](std::string_view name) {
  if (Value* value = find(name)) return *value;
  Member& added = members_.emplace_back(name, Value());
  if (members_.size() * 2 > index_.size() && members_.size() > unindexed_members_max)
    rebuild_index();
  else if (!index_.empty())
    index_member(uint32_t(members_.size() - 1));
  return added.value;
}

Value& Object::set(std::string_view name, Value value) { return (*this)[name] = std::move(value); }

bool Object::erase(std::string_view name) {
  uint32_t at = position(name);
  if (at == none) return false;
  members_.erase(members_.begin() + at);
  if (!index_.empty()) rebuild_index();  // every later member moved
  return true;
}

}  // namespace outcrop::json
