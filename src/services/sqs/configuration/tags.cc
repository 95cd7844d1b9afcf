#include "services/sqs/configuration/tags.h"

#include "base/encoding.h"
#include "services/sqs/limits.h"
#include "services/sqs/queue/wording.h"

namespace outcrop::sqs {
namespace {

size_t count_code_points(std::string_view text) {
  size_t count = 0;
  for (char c : text) count += (static_cast<unsigned char>(c) & 0xC0) != 0x80;
  return count;
}

}  // namespace

Result<void> check_tags(const QueueName& queue, const wire::Map<std::string>& tags) {
  if (tags.size() > limits::tags_max) return fail(invalid_parameter(fmt::format("Too many tags added for queue {}.", queue.name)));
  for (const auto& [key, value] : tags) {
    if (key.empty() || count_code_points(key) > limits::tag_key_length_max)
      return fail(invalid_parameter(fmt::format("Tag keys must be between 1 and {} characters in length.", limits::tag_key_length_max)));
    if (ascii_lower(key).starts_with("aws:"))
      return fail(invalid_parameter("Tag keys must not start with aws: as this is a reserved prefix."));
    if (count_code_points(value) > limits::tag_value_length_max)
      return fail(
          invalid_parameter(fmt::format("Tag values must be between 0 and {} characters in length.", limits::tag_value_length_max)));
  }
  return {};
}

}  // namespace outcrop::sqs
