#include "server/quota_command.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>

#include "core/quota_usage_json.h"
#include "core/timers.h"
#include "server/admin_client.h"
#include "server/command_line.h"
#include "server/quota_table.h"

namespace outcrop::server {

namespace {

constexpr Seconds between_two_looks{1};
constexpr std::string_view clear_screen = "\x1b[H\x1b[2J\x1b[3J";  // ECMA-48: to the top, erase, and what was scrolled away

Result<std::vector<QuotaUsage>> usages_of(const json::Value& answer) {
  const json::Value* quotas = answer.is_object() ? answer.find("quotas") : nullptr;
  if (!quotas || !quotas->is_array()) return fail("InvalidAnswer", 502, "the server does not tell of quotas");
  std::vector<QuotaUsage> usages;
  for (const json::Value& quota : quotas->as_array()) {
    auto usage = quota_usage_of_json(quota);
    if (!usage) return fail(std::move(usage.error()));
    usages.push_back(std::move(*usage));
  }
  return usages;
}

Task<Result<void>> print_json(AdminClient& client) {
  fmt::print("{}\n", json::write(co_await client.get("quotas")));
  co_return {};
}

Task<Result<std::string>> current_table(AdminClient& client) {
  const json::Value answer = co_await client.get("quotas");
  co_return quota_table(co_await usages_of(answer));
}

Task<Result<void>> print_table(AdminClient& client) {
  fmt::print("{}", co_await current_table(client));
  co_return {};
}

// Until the user has seen enough, and interrupts the program, or the server goes.
Task<Result<void>> watch(AdminClient& client) {
  for (;;) {
    const std::string table = co_await current_table(client);
    fmt::print("{}{}\nEach second; Ctrl-C ends it.\n", clear_screen, table);
    std::fflush(stdout);
    co_await steady_until(client.clock().steady() + between_two_looks);
  }
}

}  // namespace

int show_quota(const QuotaFlags& flags) {
  auto target = AdminTarget::from(flags.endpoint, process_environment);
  Result<void> shown = fail("", 0, "");
  if (!target) {
    shown = fail(std::move(target.error()));
  } else {
    const bool live = !flags.once && !flags.json && isatty(STDOUT_FILENO);
    shown = AdminClient::run(*target, flags.json ? print_json : live ? watch : print_table);
  }
  if (shown) return exit_ok;
  const std::string where = target ? fmt::format(" of {}://{}", target->url.scheme(), target->url.authority()) : "";
  fmt::print(stderr, "outcrop: the quotas{} cannot be shown: {}\n", where, shown.error().message);
  return exit_failed;
}

}  // namespace outcrop::server
