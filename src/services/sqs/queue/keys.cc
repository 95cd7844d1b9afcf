#include "services/sqs/queue/keys.h"

#include <bit>
#include <cstring>

#include "base/check.h"

namespace outcrop::sqs {
namespace {

void append_big_endian(std::string& out, uint64_t number) {
  number = __builtin_bswap64(number);
  out.append(reinterpret_cast<const char*>(&number), sizeof number);
}

uint64_t big_endian_at(std::string_view bytes, size_t offset) {
  check(bytes.size() >= offset + 8, "a key of SQS is too short");
  uint64_t number;
  std::memcpy(&number, bytes.data() + offset, sizeof number);
  return __builtin_bswap64(number);
}

std::string account_base(const std::string& shard_prefix, const QueueName& name) { return shard_prefix + "sqs/" + name.account; }

}  // namespace

std::string queue_record_key(const std::string& shard_prefix, const QueueName& name) {
  return account_base(shard_prefix, name) + "/q/" + name.region + "/" + name.name;
}

QueueKeys::QueueKeys(const std::string& shard_prefix, const QueueName& name, std::string_view id)
    : base_((account_base(shard_prefix, name) + "/m/").append(id)) {
  check(id.size() == 8, "a queue's id has eight bytes");
}

std::string QueueKeys::numbered(char kind, uint64_t sequence) const {
  std::string key;
  key.reserve(base_.size() + 10);
  key.append(base_).push_back(kind);
  append_big_endian(key, sequence);
  return key;
}

std::string QueueKeys::timed(char kind, Instant at, uint64_t sequence) const {
  std::string key = numbered(kind, uint64_t(ms_since_epoch(at)));
  append_big_endian(key, sequence);
  return key;
}

std::string QueueKeys::grouped(std::string_view group, uint64_t sequence) const {
  std::string key = base_ + 'g';
  key.append(group).push_back('\0');
  append_big_endian(key, sequence);
  return key;
}

std::string QueueKeys::task(Instant started, std::string_view id) const {
  return numbered('t', uint64_t(ms_since_epoch(started))).append(id);
}

store::Range QueueKeys::delayed_after(Instant due, uint64_t sequence) const {
  return {timed('d', due, sequence) + '\0', base_ + char('d' + 1)};
}

store::Range QueueKeys::group(std::string_view group) const {
  std::string begin = base_ + 'g';
  begin.append(group);
  return {begin + '\0', begin + '\1'};
}

store::Range QueueKeys::groups_after(std::string_view group) const {
  std::string begin = base_ + 'g';
  if (!group.empty()) begin.append(group).push_back('\1');
  return {begin, base_ + char('g' + 1)};
}

QueueKeys::MessageKey QueueKeys::parse_message(std::string_view key) const {
  uint64_t sequence = big_endian_at(key, base_.size() + 1);
  return {sequence, key.back()};
}

QueueKeys::TimedKey QueueKeys::parse_timed(std::string_view key) const {
  return {instant_from_ms(int64_t(big_endian_at(key, base_.size() + 1))), big_endian_at(key, base_.size() + 9)};
}

QueueKeys::GroupKey QueueKeys::parse_grouped(std::string_view key) const {
  std::string_view rest = rest_of(key);
  check(rest.size() >= 9, "a key of SQS is too short");
  return {rest.substr(0, rest.size() - 9), big_endian_at(rest, rest.size() - 8)};
}

}  // namespace outcrop::sqs
