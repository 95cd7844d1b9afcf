// What a Lambda authorizer answers, as untrusted text behind its first line; the line is an identity source and the format of an access
// log.
#include "base/check.h"
#include "gateway/guard/authorizer_answer.h"
#include "gateway/guard/identity_source.h"
#include "gateway/record/access_log_line.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace outcrop;
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  const std::string_view line = input.substr(0, input.find('\n'));
  const std::string_view rest = input.substr(std::min(line.size() + 1, input.size()));

  if (const auto source = gateway::parse_identity_source(line)) check(line.ends_with(source->name), "a source names what it does not say");

  const gateway::ConnectionContext connection{.id = "L0SM9cOFvHcCIhw=", .record = {.authorizer = std::string(rest), .identity = "{}"}};
  const gateway::RouteEvent event{.stage = nullptr, .connection = connection};
  const std::string logged = gateway::access_log_line(line, event);
  check(line.contains('$') || logged == line, "a format without variables was changed");

  const auto answer = gateway::read_authorizer_answer(rest);
  if (!answer) {
    check(answer.error().status == 500 && !answer.error().message.empty(), "an answer was refused without a reason");
    return 0;
  }
  check(!answer->principal_id.empty(), "an answer without a principal");
  for (const json::Member& member : answer->context) check(member.value.is_string(), "a context holds what is no text");
  return 0;
}
